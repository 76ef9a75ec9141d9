// Operations: a series is planned, one of it published and read by a member, those that follow are
// changed, one is cancelled; and what those see who plan nothing.
import { check, same } from "../lib/person.mjs";

const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

export default async function operations(t) {
  const founder = await t.as("founder");
  const member = await t.as("member");
  const { main } = founder;
  let first;

  await t.step("the agenda: what is coming, by days", async () => {
    await founder.go("/roster");
    await founder.follow("Operations");
    await founder.see(founder.role("heading", "Operations", { level: 1 }));
    await founder.see("Operation Northern Shield");
    check((await main.locator(".agenda__date").count()) > 3, "there are several days");
    await founder.go("/operations?past=true");
    await founder.see(main.locator(".agenda__row").first());
    await founder.see("Done");
  });

  await t.step("planning: what is wrong stands at the fields, the rest stays", async () => {
    founder.expect(422, "plan_operation");
    await founder.go("/operations");
    await founder.press("Plan operation", "link");
    await founder.page.getByLabel("Title", { exact: true }).fill("Night march");
    await founder.page.locator('[name="operation[date]"]').fill(inDays(8));
    await founder.page.locator('[name="operation[time]"]').fill("21:00");
    await founder.page.getByLabel("Length").fill("forever");
    await founder.page.getByLabel("Place or server").fill("Server 2");
    await founder.page.locator('[name="repeat[every]"]').selectOption("weeks");
    await founder.page.getByRole("button", { name: "Plan operation" }).click();
    await founder.see("This does not have the expected form.");
    same(await founder.page.getByLabel("Title", { exact: true }).inputValue(), "Night march", "what was typed");
    await founder.page.getByLabel("Length").fill("1:30");
    await founder.page.getByRole("button", { name: "Plan operation" }).click();
    await founder.at(/\/operations\/[0-9a-f-]{36}$/);
    first = founder.path;
    await founder.see(founder.role("heading", "Night march", { level: 1 }));
    await founder.see("This is a draft");
  });

  await t.step("a draft is nothing to a member", async () => {
    member.expect(404, "/operations/");
    member.expect(404, "read_operation");
    await member.go(first);
    await member.see("There is nothing here");
  });

  await t.step("publishing: now members see it", async () => {
    await founder.press("Publish now");
    await founder.see(/^Published Night march/);
    await member.go(first);
    await member.see(member.role("heading", "Night march", { level: 1 }));
    await member.see("Server 2");
    check((await member.role("link", "Edit").count()) === 0, "a member does not edit it");
  });

  await t.step("a member does not plan", async () => {
    member.expect(403, "/operations/new");
    member.expect(403, "read_operation_form");
    await member.go("/operations/new");
    await member.see(/you need a leading role|does not let you/);
  });

  await t.step("those that follow get another hour", async () => {
    await founder.go(first);
    await founder.press("Edit", "link");
    await founder.page.getByRole("radio", { name: "This one and those that follow" }).check();
    await founder.page.locator('[name="operation[time]"]').fill("22:15");
    await founder.press("Save");
    await founder.see(/^Changed Night march and those that follow/);
    await founder.go("/operations");
    const rows = main.locator(".agenda__row").filter({ hasText: "Night march" });
    const clocks = await rows.locator(".agenda__clock").allTextContents();
    check(clocks.length > 1 && clocks.every((clock) => clock.trim() === "22:15"), `at ${clocks.join(", ")}`);
  });

  await t.step("cancelling says why, and can be taken back", async () => {
    await founder.go(first);
    await founder.press("Manage", "link");
    const panel = main.locator(".panel").filter({ has: founder.role("heading", "Cancel", { exact: true }) });
    await panel.getByLabel("Why").fill("The server moves house");
    await panel.getByRole("button", { name: "Cancel operation" }).click();
    await founder.see(/^Cancelled Night march/);
    await member.go(first);
    await member.see("The server moves house");
    await founder.go(`${first}/manage`);
    await founder.press("Let it take place");
    await founder.see(/takes place after all/);
    await member.go(first);
    await member.miss("The server moves house");
  });

  await t.step("the history tells what happened", async () => {
    await founder.go(first);
    await founder.press("History", "link");
    await founder.see("Cancelled Night march");
    await founder.see("Published Night march");
  });

  await t.step("a template is saved and begun from", async () => {
    await founder.go(`${first}/manage`);
    const panel = main.locator(".panel").filter({ has: founder.role("heading", "Template", { exact: true }) });
    await panel.getByLabel("Name of the template").fill("March");
    await panel.getByRole("button", { name: "Save as template" }).click();
    await founder.see(/^Saved the template March/);
    await founder.go("/operations/new");
    await founder.press("March", "link");
    await founder.see(founder.role("heading", "Plan operation", { level: 1 }));
    same(await founder.page.getByLabel("Title", { exact: true }).inputValue(), "Night march", "the title");
  });
}
