// Browser tests: the journeys of people through Muster, in Chromium.
//
//   node end2end/run.mjs                    all journeys, with and without JavaScript
//   node end2end/run.mjs --only moving,people --mode js
//   node end2end/run.mjs --update           write the accessibility snapshots anew
//   node end2end/run.mjs --shots DIR        no tests: a picture of every page, for people to look at
//
// MUSTER_BIN names the server, MUSTER_SITE_ROOT its site, CHROMIUM the browser. A journey is a file
// in journeys/: it exports `default async (t) => …` and takes steps, each of which is one test.
// It may export `modes` (default: with and without JavaScript) and a `weight`: heavy ones first.
// The last line says how many passed and failed.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { Journey } from "./lib/journey.mjs";
import { copyData, muster, serve } from "./lib/server.mjs";
import { signIn } from "./lib/sign_in.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    mode: { type: "string" },
    shots: { type: "string" },
    update: { type: "boolean", default: false },
  },
});

const begin = Date.now();
const work = mkdtempSync(join(tmpdir(), "muster-end2end."));
const prepared = join(work, "prepared");
const results = join(here, "results");
let browser;

process.on("exit", () => rmSync(work, { recursive: true, force: true }));
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    console.log(`stopped by ${signal}`);
    process.exit(130);
  });
}

const PASSWORD = "seven-other-squirrels";
const PEOPLE = {
  founder: ["demo@muster.example", "reveille-at-seven"],
  leader: ["leader@muster.example", "reveille-at-seven"],
  member: ["member@muster.example", "reveille-at-seven"],
  outsider: ["olga@other.example", PASSWORD],
};

/** The demo, an organisation of somebody else, and the cookies of those who are logged in. */
async function prepare() {
  await muster(prepared, "demo");
  await muster(prepared, "user", "create", "--name", "Olga", "--email", PEOPLE.outsider[0], "--password", PASSWORD);
  const org = ["--name", "Other Company", "--slug", "other", "--founder", "Olga", "--type", "muster.unit"];
  await muster(prepared, "org", "create", ...org);
  const server = await serve(prepared);
  try {
    const states = {};
    for (const [who, [login, password]] of Object.entries(PEOPLE)) {
      states[who] = await signIn(browser, server, login, password);
    }
    return states;
  } finally {
    await server.stop();
  }
}

/** Runs one journey in one mode on a server of its own. */
async function travel(job, states) {
  const folder = join(work, `${job.name}-${job.mode}`);
  copyData(prepared, folder);
  const server = await serve(folder);
  const journey = new Journey({ ...job, browser, server, states, folder, results, update: options.update });
  try {
    await journey.run(job.walk);
  } finally {
    await server.stop();
    journey.readLog(server.log());
    if (journey.failed === 0) rmSync(folder, { recursive: true, force: true });
  }
  return journey;
}

async function jobs() {
  const wanted = options.only?.split(",");
  const found = [];
  for (const file of readdirSync(join(here, "journeys")).sort()) {
    const name = basename(file, ".mjs");
    if (wanted && !wanted.includes(name)) continue;
    const { default: walk, modes = ["js", "plain"], weight = 0 } = await import(`./journeys/${file}`);
    for (const mode of modes) {
      if (!options.mode || options.mode === mode) found.push({ name, mode, walk, weight });
    }
  }
  return found.sort((a, b) => b.weight - a.weight);
}

async function test() {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const states = await prepare();
  const waiting = await jobs();
  const done = [];
  const lane = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) done.push(await travel(job, states));
  };
  await Promise.all([lane(), lane()]);
  const sum = (of) => done.reduce((total, journey) => total + journey[of], 0);
  const [passed, failed] = [sum("passed"), sum("failed")];
  if (failed > 0) console.log(`Pictures of the failures are in ${results}`);
  console.log(`${((Date.now() - begin) / 1000).toFixed(0)} s for ${done.length} journeys`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0;
}

async function shots(folder) {
  const { takeShots } = await import("./lib/shots.mjs");
  const states = await prepare();
  const server = await serve(prepared);
  try {
    await takeShots({ browser, server, states, folder });
  } finally {
    await server.stop();
  }
  return true;
}

browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
let good = false;
try {
  good = options.shots ? await shots(options.shots) : await test();
} catch (error) {
  console.error(error);
  console.log("0 passed, 1 failed");
} finally {
  await browser.close();
}
process.exit(good ? 0 : 1);
