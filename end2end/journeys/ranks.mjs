// Ranks: the ladder, a new rung, a promotion with its undo, a demotion that needs a reason, the names
// of a flight, and removing somebody; and what those see who may do none of it.
import { check, same } from "../lib/person.mjs";
import { card } from "../lib/roster.mjs";

const pathOf = async (locator) => new URL(await locator.first().evaluate((link) => link.href)).pathname;

export default async function ranks(t) {
  const founder = await t.as("founder");
  const member = await t.as("member");
  const { main } = founder;
  const name = founder.page.getByLabel("Name", { exact: true });
  let player;

  await t.step("the ladder: highest first, with what each rank may do", async () => {
    await founder.go("/roster");
    player = await pathOf(card(founder, "Anvil One Alpha").locator(".roster-row:not([data-lead]) a.roster-row__name"));
    await founder.follow("Ranks");
    await founder.see(founder.role("heading", "Ranks", { level: 1 }));
    const names = await main.locator(".ladder__rung .rank-name").allTextContents();
    check(names[0].startsWith("Major") && names.at(-1).startsWith("Visitor"), `the order is ${names.join(", ")}`);
    await founder.see("Default: new people get it");
    await founder.see("Guest: for visitors");
  });

  await t.step("a new rank: what is wrong stands at the fields, the rest stays", async () => {
    founder.expect(422, "create_rank");
    await founder.press("New rank", "link");
    await name.fill("Corporal");
    await founder.page.getByLabel("Short form").fill("LCpl");
    await founder.page.getByLabel("Level", { exact: true }).fill("35");
    await founder.page.getByRole("radio", { name: "Infantry 3" }).check({ force: true });
    await founder.tick("Promote people");
    await founder.press("Add rank");
    await founder.see("Taken already");
    check(await founder.field("Promote people").first().isChecked(), "the box stays ticked");
    await name.fill("Lance Corporal");
    await founder.press("Add rank");
    await founder.see("Added the rank Lance Corporal");
    await founder.see(main.getByText("Lance Corporal"));
  });

  await t.step("a promotion, seen on the roster, and taken back", async () => {
    await founder.go(`${player}/rank`);
    const promotion = main.locator(".panel").filter({ has: founder.role("heading", "Promote") });
    await promotion.getByLabel("To", { exact: true }).selectOption({ label: "Sergeant" });
    await promotion.getByRole("button", { name: "Promote" }).click();
    await founder.see(/^Promoted .* to Sergeant/);
    await founder.go(`${player}?tab=rank`);
    await founder.see(main.getByRole("row", { name: /^Sergeant/ }));
    await founder.go(`${player}?tab=events`);
    await main.getByRole("button", { name: /^Undo: Promoted/ }).first().click();
    await founder.see(/\(undo\)/);
  });

  await t.step("a demotion needs a reason", async () => {
    founder.expect(422, "demote_player");
    await founder.go(`${player}/rank`);
    const demotion = main.locator(".panel").filter({ has: founder.role("heading", "Demote") });
    await demotion.getByLabel("To", { exact: true }).selectOption({ label: "Recruit" });
    await demotion.getByLabel("Reason").fill("no");
    await demotion.getByRole("button", { name: "Demote" }).click();
    await founder.see("At least 3 characters");
    same(await demotion.getByLabel("Reason").inputValue(), "no", "what was typed");
    await demotion.getByLabel("To", { exact: true }).selectOption({ label: "Recruit" });
    await demotion.getByLabel("Reason").fill("Asked for it");
    await demotion.getByRole("button", { name: "Demote" }).click();
    await founder.see(/^Demoted .* to Recruit/);
  });

  await t.step("the flight calls its ranks otherwise", async () => {
    await founder.go("/roster?view=table");
    await founder.see(main.getByRole("columnheader", { name: "Rank" }));
    await founder.see(main.getByRole("cell", { name: "Flight Lieutenant" }));
    await founder.go("/ranks");
    await founder.follow("Aircrew");
    await founder.page.getByLabel("Called here, Recruit").fill("Cadet");
    await founder.press("Save");
    await founder.see("Changed the rank set Aircrew");
    await founder.go("/ranks");
    await founder.follow("Aircrew");
    same(await founder.page.getByLabel("Called here, Recruit").inputValue(), "Cadet", "the new title");
    await founder.follow("Aviation Detachment");
    await founder.menu("More about this group");
    await founder.follow("Rank set");
    await founder.choose("Rank set", "That of the group above");
    await founder.press("Save");
    await founder.see("Aviation Detachment uses the rank set of the group above");
  });

  await t.step("removing somebody, and bringing them back", async () => {
    founder.expect(422, "kick_player");
    await founder.go(`${player}/kick`);
    await founder.fill({ Reason: "x" });
    await founder.press("Remove from the organisation");
    check((await founder.complaint("Reason")).includes("At least"), "a reason is needed");
    await founder.fill({ Reason: "Not seen for a year" });
    await founder.press("Remove from the organisation");
    await founder.see(/^Removed .* from the organisation/);
    await founder.see("Kicked");
    await founder.go(`${player}?tab=events`);
    await main.getByRole("button", { name: /^Undo: Removed/ }).first().click();
    await founder.see(/^Brought .* back/);
    await founder.go(player);
    await founder.see("Active");
  });

  await t.step("a member sees the ladder, and why they may change nothing", async () => {
    member.expect(403);
    await member.go("/ranks");
    await member.see(member.role("heading", "Ranks", { level: 1 }));
    await member.see("Your rank does not let you edit ranks.");
    check((await member.role("link", "New rank").count()) === 0, "a new rank is offered to a member");
    same((await member.go("/ranks/new")).status(), 403, "the form");
    same((await member.go(`${player}/rank`)).status(), 403, "promoting");
    await member.go(`${player}?tab=rank`);
    await member.see(/To promote people here you need/);
  });
}
