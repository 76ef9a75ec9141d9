// Fails when the WebAssembly of the first page has outgrown its budget.
//
//   node end2end/wasm_budget.mjs [SITE]
//
// Measured as it travels: Brotli, quality 11. Modules that are loaded later
// (`cargo leptos build --split`) do not count.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const BUDGET = 300_000;

const site = process.argv[2] ?? process.env.MUSTER_SITE_ROOT ?? "target/site";
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

let names;
try {
  names = readdirSync(join(site, "pkg")).filter((name) => /^muster(\.[\w-]+)?\.wasm$/.test(name));
} catch {
  names = [];
}
if (names.length !== 1) {
  const found = names.length === 0 ? "no module" : names.join(", ");
  console.error(`Expected one muster.wasm in ${join(site, "pkg")}, found ${found}: run make build.`);
  process.exit(1);
}

const raw = readFileSync(join(site, "pkg", names[0]));
const sent = brotliCompressSync(raw, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
  },
});
const share = Math.round((sent.length / BUDGET) * 100);
console.log(
  `${names[0]}: ${kilobytes(raw.length)}, as Brotli ${kilobytes(sent.length)}, ${share} % of the ${kilobytes(BUDGET)} allowed`,
);
if (sent.length > BUDGET) {
  console.error(
    `Over the budget by ${kilobytes(sent.length - BUDGET)}. See what the last change added: a dependency under ` +
      "`hydrate`, a large derive on a shared type, a generic view used with many types. Move work to the server, " +
      "or split a rarely visited page off with #[lazy] and `--split`.",
  );
  process.exit(1);
}
