// Two leaders change the same thing: one wins, the other is told, and nothing typed is lost.
import { check, eventually, same } from "../lib/person.mjs";
import { card, cardOf, handle, names, treeRow } from "../lib/roster.mjs";

const groupPage = async (person, group) => {
  await person.go("/roster?edit=1");
  await treeRow(person, group).getByRole("link", { name: group }).click();
  await person.see(person.role("heading", group, { level: 1 }));
};

export default async function conflicts(t) {
  const one = await t.as("founder");
  const two = await t.as("founder");
  for (const person of [one, two]) person.expect(409, "/api/");

  await t.step("of two who move one person, the second is told where they are", async () => {
    await one.go("/roster?edit=1");
    const who = (await names(card(one, "Anvil One Alpha"))).at(-1);
    const open = async (person) => {
      await person.go("/roster?edit=1");
      await person.role("link", `Move to…, ${who}`).first().click();
      await person.see(person.role("heading", `Move ${who}`));
    };
    await open(one);
    await open(two);
    await one.choose("To", "Anvil Two Alpha");
    await two.choose("To", "Anvil Three Alpha");
    await one.press(/^Move$/);
    await one.see(`Moved ${who}`);
    await two.press(/^Move$/);
    await two.see("Somebody was faster: the player is in Anvil Two Alpha now.");
    const chosen = await two.field("To").locator("option:checked").textContent();
    same(chosen.trim(), "Anvil Three Alpha", "what the second had chosen");
    await two.go("/roster?edit=1");
    same(await cardOf(two, who), "Anvil Two Alpha", `where ${who} is`);
  });

  await t.step("of two who edit one group, the second is told and keeps what they typed", async () => {
    const open = async (person) => {
      await groupPage(person, "Logistics Section");
      await person.main.getByRole("link", { name: "Edit", exact: true }).click();
      await person.see(person.role("heading", "Edit group"));
    };
    await open(one);
    await open(two);
    await one.fill({ Description: "Trucks and bridges." });
    await two.fill({ Description: "Something else entirely." });
    await one.press("Save");
    await one.see("Trucks and bridges.");
    await two.press("Save");
    await two.see("Somebody changed this while you were working on it.");
    same((await two.field("Description").inputValue()).trim(), "Something else entirely.", "what the second typed");
    await two.press("Cancel", "link");
    await two.see("Trucks and bridges.");
  });

  await t.step("a group cannot go below itself, also when somebody tries by hand", async () => {
    await groupPage(one, "Anvil One");
    const id = new URL(one.page.url()).pathname.split("/").at(-1);
    await one.go(`/groups/${id}/move`);
    const options = await one.field(/^Under$/).locator("option").allTextContents();
    check(!options.some((option) => option.trim().startsWith("Anvil One")), "it is offered below itself");
  });

  if (!t.js) return;

  await t.step("a row that changes while it is ticked says so and is not moved", async () => {
    await one.go("/roster?edit=1");
    await two.go("/roster?edit=1");
    const who = (await names(card(one, "Bulldog One Alpha"))).at(-1);
    await two.tick(`Select ${who}`);
    await one.role("link", `Move to…, ${who}`).first().click();
    await one.choose("To", "Bulldog Two Alpha");
    await one.press(/^Move$/);
    await one.see(`Moved ${who}`);
    await two.see("Somebody else moved this person meanwhile.");
    await eventually(async () => same(await cardOf(two, who), "Bulldog Two Alpha", `where ${who} is`));
    check(!(await two.field(`Select ${who}`).first().isChecked()), "the tick is gone");
  });

  await t.step("a person who is moved while being dragged is let go, and the row says so", async () => {
    await one.go("/roster?edit=1");
    const who = (await names(card(two, "Bulldog One Bravo"))).at(-1);
    await handle(two, who).focus();
    await two.page.keyboard.press("Enter");
    await two.page.keyboard.press("ArrowDown");
    await one.role("link", `Move to…, ${who}`).first().click();
    await one.choose("To", "Bulldog Two Bravo");
    await one.press(/^Move$/);
    await one.see(`Moved ${who}`);
    await eventually(async () => {
      const said = await two.page.locator("#roster-say").innerText();
      check(said.includes("Somebody else moved this person"), `said “${said}”`);
    });
    await eventually(async () => same(await cardOf(two, who), "Bulldog Two Bravo", `where ${who} is`));
  });

  await t.step("a lost connection is said, and what was missed is caught up", async () => {
    await two.go("/roster?edit=1");
    await t.server.stop();
    await two.see("Reconnecting");
    await t.server.start();
    await one.go("/roster?edit=1");
    const who = (await names(card(one, "Bulldog Three Alpha"))).at(-1);
    await one.role("link", `Move to…, ${who}`, { exact: true }).first().click();
    await one.choose("To", "Bulldog Three Bravo");
    await one.press(/^Move$/);
    await one.see(`Moved ${who}`);
    await eventually(async () => same(await cardOf(two, who), "Bulldog Three Bravo", `where ${who} is`), 20_000);
    await two.miss("Reconnecting");
    two.takeProblems();
  });
}
