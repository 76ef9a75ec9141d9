// Every page as the founder and as a stranger: one heading, valid after hydration, no scrolling
// sideways on a narrow phone, no finding of axe (WCAG 2.2 AA) in either theme at either size, and
// the same accessibility tree as last time.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { check, eventually, same } from "../lib/person.mjs";
import { pages, strangers } from "../lib/pages.mjs";

export const modes = ["js"];
export const weight = 10;

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const snapshots = join(fileURLToPath(new URL(".", import.meta.url)), "../snapshots");
const DESKTOP = { width: 1366, height: 900 };
const PHONE = { width: 390, height: 844 };
const NARROW = { width: 360, height: 740 };

/** Pages whose accessibility tree is kept. Others show dates, or differ by the day. */
const KEPT = [
  "roster", "roster-tree", "roster-chart", "roster-table", "roster-edit", "group-leaf", "group-positions",
  "group-roles", "group-subgroups", "group-new", "group-move", "group-retire", "member", "role-edit",
  "position-edit", "player", "player-move", "search", "import", "settings", "start",
  "apex-orgs", "apex-found", "apex-account", "stranger-roster", "apex-landing", "apex-sign-in", "apex-register",
];

/** Words of the page, the same way from the server's HTML and from the living document. */
const wordsOf = (html) => {
  const root = html === null ? document : new DOMParser().parseFromString(html, "text/html");
  const body = root.body.cloneNode(true);
  for (const silent of body.querySelectorAll("script, style, template, noscript")) silent.remove();
  // The zone is said as long as the browser has not put its own.
  return body.textContent.replace(/ UTC\b/g, "").replace(/\s+/g, " ").trim();
};

/** Colours must have arrived when they are measured, also where nothing is drawn yet. */
const holdStill = () => {
  const still = new CSSStyleSheet();
  still.replaceSync("* { content-visibility: visible !important; transition: none !important }");
  document.adoptedStyleSheets = [still];
};

async function findings(person, rules) {
  const options = rules
    ? { runOnly: { type: "rule", values: rules } }
    : { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } };
  const { violations } = await person.page.evaluate((given) => globalThis.axe.run(document, given), {
    ...options,
    resultTypes: ["violations"],
  });
  return violations.map((one) => {
    const where = one.nodes.slice(0, 3).map((node) => `${node.target} ${node.any[0]?.message ?? node.all[0]?.message ?? ""}`);
    return `${one.id} (${one.nodes.length}): ${where.join(" | ")}`;
  });
}

/** What depends on the day or on the run does not belong into a snapshot. */
const lasting = (text) =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "ID")
    .replace(/localhost:\d+/g, "localhost:PORT")
    .replace(/\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)( \d{4})?\b/g, "DAY")
    .replace(/\b\d{4}-\d\d-\d\d\b/g, "DATE")
    .replace(/\b\d\d:\d\d\b/g, "TIME")
    .replace(/\b(\d+ (days?|weeks?|months?|years?)(, )?)+|less than a day/g, "SPAN")
    .replace(/slider "Days back": .*/g, 'slider "Days back"');

async function compare(t, person, name) {
  const found = `${lasting(await person.page.locator("body").ariaSnapshot())}\n`;
  const file = join(snapshots, `${name}.txt`);
  if (t.update || !existsSync(file)) {
    writeFileSync(file, found);
    return;
  }
  const wanted = readFileSync(file, "utf8");
  if (found === wanted) return;
  writeFileSync(join(t.results, `${name}.txt`), found);
  const [now, before] = [found.split("\n"), wanted.split("\n")];
  const at = now.findIndex((line, index) => line !== before[index]);
  throw new Error(
    `the accessibility tree is another one from line ${at + 1} on: “${now[at]?.trim()}” instead of “${before[at]?.trim()}”. ` +
      `Compare results/${name}.txt with snapshots/${name}.txt; if the change is meant, run with --update.`,
  );
}

async function look(t, person, name, address) {
  await person.page.setViewportSize(DESKTOP);
  await person.page.emulateMedia({ colorScheme: "light" });
  const response = await person.go(address);
  check(response.status() === 200, `status ${response.status()}`);
  same(await person.page.locator("h1").count(), 1, "headings of the first level");
  check((await person.page.title()).length > 3, "the page has no title");
  const served = await person.page.evaluate(wordsOf, await response.text());
  await eventually(async () => same(await person.page.evaluate(wordsOf, null), served, "words after hydration"), 1000);
  const problems = [];
  const note = (size, found) => problems.push(...found.map((finding) => `${size}: ${finding}`));
  await person.page.evaluate(axe);
  await person.page.evaluate(holdStill);
  for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    await person.page.setViewportSize(viewport);
    await person.page.emulateMedia({ colorScheme: "light" });
    note(`${size}, light`, await findings(person));
    await person.page.emulateMedia({ colorScheme: "dark" });
    // Only colours differ between the themes.
    note(`${size}, dark`, await findings(person, ["color-contrast", "link-in-text-block"]));
  }
  await person.page.setViewportSize(NARROW);
  const wide = await person.page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= limit) return "";
    const out = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > limit + 1);
    return `${document.documentElement.scrollWidth} px: ${out.slice(0, 4).map((one) => one.className || one.tagName).join(", ")}`;
  });
  if (wide) problems.push(`scrolls sideways at 360 px: ${wide}`);
  check(problems.length === 0, problems.join("\n"));
  await person.page.setViewportSize(DESKTOP);
  if (KEPT.includes(name)) await compare(t, person, name);
}

export default async function sweep(t) {
  const founder = await t.as("founder");
  const stranger = await t.as("stranger");
  const addresses = await pages(founder, t.server);
  for (const [name, address] of Object.entries(addresses)) {
    await t.step(name, () => look(t, founder, name, address));
  }
  for (const [name, address] of Object.entries(strangers(t.server))) {
    await t.step(name, () => look(t, stranger, name, address));
  }
}
