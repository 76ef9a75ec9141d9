// Who sees what: a stranger, somebody of another organisation, a member, a squad leader and the
// founder open the same addresses.
import { check, same } from "../lib/person.mjs";
import { card, treeRow } from "../lib/roster.mjs";

const pathOf = async (locator) => new URL(await locator.first().evaluate((link) => link.href)).pathname;

export default async function people(t) {
  const founder = await t.as("founder");
  const leader = await t.as("leader");
  const who = {
    stranger: await t.as("stranger"),
    outsider: await t.as("outsider"),
    member: await t.as("member"),
    leader,
    founder,
  };
  for (const status of [401, 403, 404]) for (const person of Object.values(who)) person.expect(status);
  const address = {};

  await t.step("finding the places", async () => {
    await who.outsider.go("/sign-in?return=/roster");
    await founder.go("/roster?edit=1");
    address.far = await pathOf(treeRow(founder, "Logistics Section").getByRole("link"));
    address.private = await pathOf(treeRow(founder, "Command Council").getByRole("link"));
    address.player = await pathOf(card(founder, "Logistics Section").locator("a.roster-row__name"));
    await leader.go("/roster?edit=1");
    address.own = await pathOf(leader.page.locator(".tree__row[data-group] .tree__name"));
  });

  // Status by who asks, in the order of `who`.
  const rules = {
    "the roster": ["/roster", 200, 200, 200, 200, 200],
    "editing the roster": ["/roster?edit=1", 401, 403, 403, 200, 200],
    "a public group": ["far", 200, 200, 200, 200, 200],
    "changing a group that others lead": ["far/edit", 401, 403, 403, 403, 200],
    "changing a group that the leader leads": ["own/edit", 401, 403, 403, 200, 200],
    "adding people there": ["own/add", 401, 403, 403, 200, 200],
    "a person": ["player", 200, 200, 200, 200, 200],
    "renaming a person of another group": ["player/edit", 401, 403, 403, 403, 200],
    "the event log": ["/log", 401, 403, 200, 200, 200],
    "importing": ["/import", 401, 403, 403, 403, 200],
    "the settings": ["/settings", 401, 403, 403, 403, 200],
    "an address of nobody": ["/nowhere", 404, 404, 404, 404, 404],
    "a group that never was": ["/groups/00000000-0000-7000-8000-000000000000", 404, 404, 404, 404, 404],
    "a page of the apex": ["/account", 404, 404, 404, 404, 404],
  };
  const resolve = (place) => {
    const [name, rest = ""] = place.startsWith("/") ? [null, place] : place.split(/(?=\/)/);
    return (name ? address[name] : "") + rest;
  };

  for (const [title, [place, ...statuses]] of Object.entries(rules)) {
    await t.step(title, async () => {
      const found = {};
      const wanted = {};
      for (const [index, [name, person]] of Object.entries(who).entries()) {
        const response = await person.go(resolve(place));
        found[name] = response.status();
        wanted[name] = statuses[index];
        same(await person.page.locator("h1").count(), 1, `headings for the ${name}`);
        if (found[name] === 401) await person.see("Log in to see this");
        if (found[name] === 404) await person.see("There is nothing here");
      }
      same(found, wanted, "status");
    });
  }

  await t.step("a private group is there for its own only", async () => {
    for (const name of ["stranger", "outsider"]) {
      same((await who[name].go(address.private)).status(), 404, name);
      await who[name].go("/roster");
      check((await who[name].main.getByText("Command Council").count()) === 0, `${name} sees it on the roster`);
      await who[name].go("/search?q=Command Council");
      check((await who[name].main.getByRole("link", { name: "Command Council" }).count()) === 0, `${name} finds it`);
    }
    same((await founder.go(address.private)).status(), 200, "founder");
  });

  await t.step("controls are offered to those who may use them", async () => {
    const offered = {
      "Edit roster": ["leader", "founder"],
      "New group": ["founder"],
      "Add person": ["founder"],
      "Event log": ["member", "leader", "founder"],
      Import: ["founder"],
      Settings: ["founder"],
      "Log in": ["stranger"],
    };
    for (const [name, person] of Object.entries(who)) {
      await person.go("/roster");
      for (const [link, those] of Object.entries(offered)) {
        const count = await person.role("link", link, { exact: true }).count();
        same(count > 0, those.includes(name), `“${link}” for the ${name}`);
      }
    }
  });

  await t.step("another organisation's host knows nothing of the demo", async () => {
    const host = await t.as("outsider", { host: "other" });
    host.expect(404);
    await host.go("/sign-in?return=/roster");
    await host.see("No groups yet");
    for (const place of [address.far, address.player]) {
      same((await host.go(place)).status(), 404, place);
      await host.see("There is nothing here");
    }
    await host.go("/search?q=Anvil");
    await host.see("Nothing found");
    await host.close();
  });

  await t.step("a host of nobody names no organisation", async () => {
    const lost = await t.as("stranger", { host: "nobody-here" });
    lost.expect(404);
    const response = await lost.page.goto("/roster");
    same(response.status(), 404, "status");
    check(!(await response.text()).includes("Task Force"), "it names an organisation");
    await lost.close();
  });
}
