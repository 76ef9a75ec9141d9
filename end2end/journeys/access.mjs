// Who can do what and why; looking as another member; removing several at once and taking it back;
// handing the founding over.
import { check, eventually, same } from "../lib/person.mjs";
import { card } from "../lib/roster.mjs";

const hrefOf = async (locator) => new URL(await locator.first().evaluate((link) => link.href)).pathname;

export default async function access(t) {
  const founder = await t.as("founder");
  const leader = await t.as("leader");
  const member = await t.as("member");
  const address = {};

  await t.step("who can do what: a table of people and grants, for the organisation and for a group", async () => {
    await founder.go("/roster");
    address.group = await hrefOf(
      card(founder, "Anvil One Alpha").getByRole("link", { name: "Anvil One Alpha" }),
    );
    await founder.go("/access");
    await founder.see(founder.role("heading", "Access", { level: 1 }));
    await founder.see(founder.role("cell", "Founder"));
    await founder.choose("Where", "Anvil One Alpha");
    await founder.press("Show");
    await founder.at(/group=/);
    await founder.see(/of Anvil/);
  });

  await t.step("everybody sees what they may do themselves, and what is missing", async () => {
    await member.go("/roster");
    await member.page.locator("summary").filter({ hasText: "Account" }).click();
    await member.follow("My page");
    await member.see(member.role("heading", /./, { level: 1 }));
    address.member = new URL(member.page.url()).pathname;
    address.name = (await member.main.getByRole("heading", { level: 1 }).innerText()).trim();
    await member.go(`${address.member}/access`);
    await member.see("What you may do");
    await member.see("Only the founder may do this.");
  });

  await t.step("a member is told why they cannot add anybody", async () => {
    await member.go(address.group);
    await member.page.locator("summary").filter({ hasText: "Add member" }).focus();
    await member.page.keyboard.press("Enter");
    await member.see(/you need a leading role in the group or above it/);
  });

  await t.step("seeing as a member: a lasting banner, nothing can be changed, and a way back", async () => {
    founder.expect(403);
    await founder.go(address.member);
    await founder.page.locator("summary").filter({ hasText: "More about this person" }).click();
    await founder.press(`See as ${address.name}`);
    await founder.at(/\/roster/);
    await founder.see(`You see everything as ${address.name}, and can change nothing.`);
    same((await founder.go("/settings")).status(), 403, "the settings are not the member's");
    await founder.go(`${address.member}/edit`);
    await founder.see(/You see everything as/);
    await founder.fill({ Name: "Somebody Else" });
    await founder.press("Rename");
    await founder.see(/nothing can be changed/);
    await founder.go("/roster");
    await founder.press("Stop");
    await founder.at(new RegExp(address.member));
    await founder.miss(/You see everything as/);
    await founder.go("/log");
    await founder.see(/Looked through the eyes of/);
  });

  await t.step("several members are removed together, after a look, and brought back", async () => {
    founder.expect(422, "apply_plan");
    await founder.go(address.group);
    const boxes = founder.main.getByRole("checkbox");
    const before = await boxes.count();
    check(before >= 2, "the group has people to choose from");
    for (let at = 0; at < 2; at += 1) await boxes.nth(at).check();
    await founder.page.locator("summary").filter({ hasText: "Remove several" }).click();
    await founder.fill({ Reason: "Inactive since spring" });
    await founder.press("Look at the removal");
    await founder.at(/\/plans\//);
    await founder.see("Would change");
    same(await founder.main.getByText("Why: Inactive since spring").count(), 2, "people in the preview");
    const count = founder.main.getByLabel(/^Type 2 to confirm/);
    if (await count.count()) {
      await count.fill("3");
      await founder.press("Remove 2 people");
      await founder.see(/Type exactly what is asked for/);
      await count.fill("2");
    }
    await founder.press("Remove 2 people");
    await founder.see("Removed 2 people from Anvil One Alpha");
    const left = async (count, what) => same(await founder.main.getByRole("checkbox").count(), count, what);
    await eventually(() => left(before - 2, "members left"));
    await founder.press("Undo");
    await founder.see(/\(undo\)/);
    await founder.go(address.group);
    await eventually(() => left(before, "members after undo"));
  });

  await t.step("the founding is offered, answered by typing the name, and handed over", async () => {
    leader.expect(422, "accept_founding");
    await leader.go("/roster");
    await leader.page.locator("summary").filter({ hasText: "Account" }).click();
    await leader.follow("My page");
    const name = (await leader.main.getByRole("heading", { level: 1 }).innerText()).trim();
    await founder.go("/settings");
    await founder.choose("New founder", name);
    await founder.press("Offer the founding");
    await founder.see("Nothing changes until they accept.");
    await leader.go("/roster");
    await leader.see("You are offered the founding of this organisation.");
    await leader.follow("Answer");
    const field = leader.main.getByRole("textbox");
    const org = (await leader.main.getByRole("heading", { level: 1 }).innerText()).replace("The founding of ", "");
    await field.fill("Something else");
    await leader.press("Accept the founding");
    await leader.see(/Type exactly what is asked for/);
    await field.fill(org);
    await leader.press("Accept the founding");
    await leader.at(/\/settings/);
    await leader.see("Hand the founding over");
    await founder.go("/settings");
    await founder.miss("Hand the founding over");
  });
}
