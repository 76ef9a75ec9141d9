// Notices: what a leader does to a member shows on the member's open page at once; the member opens
// it, and switches mails about such things off.
import { check, eventually, same } from "../lib/person.mjs";
import { cardOf } from "../lib/roster.mjs";

export default async function notices(t) {
  const leader = await t.as("leader");
  const member = await t.as("member");
  const bell = member.page.locator("[data-unread]");
  const unread = () => bell.getAttribute("data-unread");
  let player;
  let name;

  /** Moves the member to another group of the leader's, and answers from where and to where. */
  const move = async () => {
    await leader.go("/roster?edit=1");
    const cards = leader.page.locator(".roster-card[data-group]");
    const own = await cards.evaluateAll((all) => all.map((one) => one.dataset.name));
    const from = await cardOf(leader, name);
    const to = own.find((group) => group !== from);
    await leader.go(`${player}/move`);
    await leader.choose("To", to);
    await leader.press(/^Move$/);
    await leader.see(`Moved ${name}`);
    return [from, to];
  };

  /** Waits until the frame says that so many are unread; without JavaScript, the next page does. */
  const says = async (count) =>
    eventually(async () => {
      if (!t.js) await member.page.reload();
      same(await unread(), String(count), "unread notices in the frame");
    });

  await t.step("the year before is no news", async () => {
    await member.go("/notices");
    await member.see("Nothing yet");
    same(await unread(), "0", "unread notices");
    player = await member.page.locator('a.menu__item[href^="/players/"]').getAttribute("href");
    await member.go(player);
    name = (await member.role("heading", /./, { level: 1 }).first().textContent()).trim();
  });

  await t.step("the open page says that there is news", async () => {
    await member.go("/roster");
    await move();
    await says(1);
    same(await bell.isVisible(), true, "the number shows");
  });

  await t.step("opening it leads to the group and makes it read", async () => {
    await member.go("/notices");
    await member.see("1 unread");
    const button = member.main.getByRole("button", { name: /moved you from/ });
    check((await button.textContent()).includes(" to "), "it says from where to where");
    await button.click();
    await member.at(/\/groups\//);
    await says(0);
    await member.go("/notices");
    await member.see("Everything is read");
    await member.see(member.main.getByRole("link", { name: /moved you from/ }));
  });

  await t.step("mails about such things are switched off", async () => {
    await member.main.getByRole("link", { name: "Choose what you get" }).first().click();
    await member.see(member.role("heading", "What you are told", { level: 1 }));
    const box = (name) => member.role("checkbox", name, { exact: true });
    await box("My groups, by mail").uncheck();
    await member.press("Save");
    await member.at(/\/notices$/);
    await member.go("/notices/settings");
    same(await box("My groups, by mail").isChecked(), false, "by mail");
    same(await box("My groups, in Muster").isChecked(), true, "in Muster");
    same(await box("My rank, by mail").isChecked(), true, "another topic");
  });

  await t.step("all are marked as read at once, on a phone too", async () => {
    await member.page.setViewportSize({ width: 360, height: 740 });
    await member.go("/notices");
    await move();
    await says(1);
    same(await bell.isVisible(), true, "the number shows on a phone");
    await member.go("/notices");
    await member.press("Mark all read");
    await member.see("Everything is read");
    await says(0);
    same(await bell.isVisible(), false, "no number without news");
  });
}
