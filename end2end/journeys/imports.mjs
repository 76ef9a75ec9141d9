// Importing by the page: upload, report, progress, result. With the public data of the Rust project
// where it is at hand (shared/data/rust-teams), else with small files of the same shape. All
// figures are counted here from the files, independently of the program.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { check, eventually, same } from "../lib/person.mjs";
import { muster } from "../lib/server.mjs";

export const weight = 4;

const shared = resolve(fileURLToPath(new URL(".", import.meta.url)), "../../../shared/data/rust-teams");

/** Rows of a CSV file as objects (RFC 4180). */
function read(file) {
  const rows = [[""]];
  let quoted = false;
  const text = readFileSync(file, "utf8").replace(/\r\n/g, "\n");
  for (let at = 0; at < text.length; at += 1) {
    const row = rows.at(-1);
    const letter = text[at];
    if (letter === '"' && quoted && text[at + 1] === '"') row[row.length - 1] += text[(at += 1)];
    else if (letter === '"') quoted = !quoted;
    else if (letter === "," && !quoted) row.push("");
    else if (letter === "\n" && !quoted) rows.push([""]);
    else row[row.length - 1] += letter;
  }
  const [head, ...lines] = rows.filter((row) => row.length > 1);
  return lines.map((line) => Object.fromEntries(head.map((name, index) => [name, line[index]])));
}

function smallFiles(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "groups.csv"),
    "group,parent,kind,description\nFlock,,flock,All of us\nDucks,Flock,team,\nGeese,Flock,team,Loud\n",
  );
  writeFileSync(
    join(folder, "memberships.csv"),
    "player,group,role,since,until\nAda,Ducks,lead,2019-01-01T00:00:00Z,\nada,Geese,member,2019-02-01T00:00:00Z,\n" +
      "Bo,Geese,member,2018-01-01T00:00:00Z,2019-03-01T00:00:00Z\nCy,Ducks,member,2019-09-01T00:00:00Z,\n",
  );
  return folder;
}

export default async function imports(t) {
  const folder = existsSync(shared) ? shared : smallFiles(join(t.folder, "csv"));
  const files = { groups: join(folder, "groups.csv"), memberships: join(folder, "memberships.csv") };
  const groups = read(files.groups);
  const memberships = read(files.memberships);
  const spelled = new Set(memberships.map((row) => row.player)).size;
  const folded = new Set(memberships.map((row) => row.player.toLowerCase())).size;

  await muster(t.folder, "org", "create", "--name", "Flock", "--slug", "flock", "--founder", "Olga", "--type", "muster.unit");
  const olga = await t.as("outsider", { host: "flock" });

  const upload = async ({ merge, ...paths }) => {
    await olga.go("/import");
    await olga.field("Groups (CSV)").setInputFiles(paths.groups);
    await olga.field("Memberships (CSV)").setInputFiles(paths.memberships);
    if (merge) await olga.field("Merge names that differ only in case").check();
    await olga.press("Check the files");
    await olga.at(/\/import\/[0-9a-f-]+$/);
  };
  const counted = async (label) => {
    const row = olga.main.getByRole("row", { name: new RegExp(`^${label}`, "i") });
    return (await row.getByRole("cell").allTextContents()).map(Number);
  };

  await t.step("a file that is no CSV is refused in words", async () => {
    await olga.go("/sign-in?return=/import");
    await olga.see(olga.role("heading", "Import", { level: 1 }));
    const junk = join(t.folder, "junk.csv");
    writeFileSync(junk, Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 7919) % 256)));
    await upload({ groups: junk, memberships: files.memberships });
    await olga.see("A file could not be read, so nothing can be imported.");
    await olga.see(olga.main.getByRole("table").last());
  });

  await t.step("the check counts names as they are spelled", async () => {
    await upload(files);
    same((await counted("Groups"))[0], groups.length, "new groups");
    same((await counted("(People|Players)"))[0], spelled, "new people");
    await olga.see(/differs? only in/);
  });

  await t.step("merged, the figures are those of the files", async () => {
    await upload({ ...files, merge: true });
    same((await counted("Groups"))[0], groups.length, "new groups");
    same((await counted("(People|Players)"))[0], folded, "new people");
    same((await counted("Memberships"))[0], memberships.length, "new memberships");
    await olga.see("What would change");
  });

  await t.step("importing shows progress and ends with the same figures", async () => {
    await olga.press(/^Import the .* valid rows$/);
    await eventually(async () => {
      if (!t.js) await olga.go(olga.path);
      check(await olga.main.getByText("Imported. The event log says so too.").isVisible(), "not done yet");
    }, 45_000);
    await olga.see("What was changed");
    same((await counted("Memberships"))[0], memberships.length, "new memberships");
  });

  await t.step("the roster of a day in 2019 shows exactly the people of the files", async () => {
    const end = Date.parse("2019-06-02T00:00:00Z");
    const there = memberships.filter(({ since, until }) => Date.parse(since) < end && !(Date.parse(until) < end));
    const wanted = new Set(there.map((row) => row.player.toLowerCase()));
    await olga.go("/roster?view=table&as_of=2019-06-01");
    const found = await olga.main.locator("tbody a[href^='/players/']").evaluateAll((links) =>
      links.map((link) => {
        link.querySelector(".avatar")?.remove();
        return link.textContent.trim().toLowerCase();
      }),
    );
    same([...new Set(found)].sort(), [...wanted].sort(), "people then");
    const people = Number((await olga.main.getByText(/^\d+ (person|people) in/).innerText()).match(/^\d+/)[0]);
    same(people, wanted.size, "the number in the head");
  });

  await t.step("importing again changes nothing", async () => {
    await upload({ ...files, merge: true });
    await olga.see("There is nothing to import: everything is here already.");
    same((await counted("Groups"))[0], 0, "new groups");
    same((await counted("Memberships"))[0], 0, "new memberships");
  });

  await t.step("groups without description say so", async () => {
    const empty = groups.find((row) => !row.description && !row.retired);
    await olga.go(`/search?q=${empty.group}`);
    await olga.main.getByRole("link", { name: empty.group, exact: true }).first().click();
    await olga.see("No description yet.");
  });

  await t.step("the log has the import", async () => {
    await olga.go("/log");
    await olga.see(/^Imported /);
  });
}
