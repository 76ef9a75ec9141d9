// Servers for the tests: each journey gets one of its own, with its own copy of one prepared
// database, so that no journey sees what another one did.
import { execFile, spawn } from "node:child_process";
import { closeSync, cpSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = resolve(fileURLToPath(new URL(".", import.meta.url)), "../..");
const binary = resolve(process.env.MUSTER_BIN ?? join(root, "target/debug/muster"));
const site = resolve(process.env.MUSTER_SITE_ROOT ?? join(root, "target/site"));

const freePort = () =>
  new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });

/** Servers that run; none may outlive the tests, however these end. */
const running = new Set();
process.on("exit", () => running.forEach((server) => server.kill("SIGKILL")));

const environment = (folder, port) => ({
  ...process.env,
  LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
  LEPTOS_SITE_ROOT: site,
  MUSTER_APEX_URL: `http://localhost:${port}`,
  MUSTER_CONFIG: join(root, "Leptos.toml"),
  MUSTER_DATABASE_URL: `sqlite:${join(folder, "muster.db")}`,
});

/** Runs one command of the server's binary and returns what it printed. */
export async function muster(folder, ...args) {
  mkdirSync(folder, { recursive: true });
  const options = { cwd: root, env: environment(folder, 1), maxBuffer: 1 << 26 };
  const { stdout } = await promisify(execFile)(binary, args, options);
  return stdout;
}

/** Copies what `muster` keeps in one folder to another one. */
export const copyData = (from, to) => cpSync(from, to, { recursive: true });

/** Waits until the server answers, or says why it does not. */
async function answers(server, port, readLog) {
  for (let attempt = 0; attempt < 300 && server.exitCode === null; attempt += 1) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok) return;
    } catch {
      // Not yet.
    }
    await new Promise((wait) => setTimeout(wait, 50));
  }
  server.kill("SIGKILL");
  throw new Error(`the server did not start:\n${readLog()}`);
}

/** Starts a server on the data in this folder. It can be stopped and started again. */
export async function serve(folder) {
  const port = await freePort();
  const log = join(folder, "server.log");
  const readLog = () => readFileSync(log, "utf8");
  let server;
  let ended;
  const start = async () => {
    const output = openSync(log, "a");
    const stdio = ["ignore", output, output];
    server = spawn(binary, ["serve"], { cwd: root, env: environment(folder, port), stdio });
    closeSync(output);
    const started = server;
    running.add(started);
    ended = new Promise((end) => started.once("exit", end)).then(() => running.delete(started));
    await answers(server, port, readLog);
  };
  const stop = async () => {
    server.kill("SIGTERM");
    const late = setTimeout(() => server.kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(late);
  };
  await start();
  return {
    apex: `http://localhost:${port}`,
    org: (slug) => `http://${slug}.localhost:${port}`,
    log: readLog,
    start,
    stop,
  };
}
