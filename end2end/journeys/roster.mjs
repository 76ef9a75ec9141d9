// Looking at the roster: four views, filtering, any day in the past, search.
import { check, eventually, same } from "../lib/person.mjs";
import { names } from "../lib/roster.mjs";

const DAY = 86_400_000;
const iso = (time) => new Date(time).toISOString().slice(0, 10);

export default async function roster(t) {
  const member = await t.as("member");
  const shown = () => member.main.locator(".roster-card:visible");
  const people = async () => (await names(member.main.locator(".roster-card"))).sort();
  let now;

  await t.step("four views show the same organisation", async () => {
    await member.go("/roster");
    now = await people();
    check(now.length > 100, `${now.length} people on cards`);
    for (const [view, part] of [["Tree", ".tree"], ["Org chart", ".org-chart"], ["Table", "table"], ["Cards", ".roster"]]) {
      await member.role("navigation", "View").getByRole("link", { name: view }).click();
      await member.see(member.main.locator(part).first());
      await member.see(member.role("navigation", "View").locator("[aria-current=page]", { hasText: view }));
      await member.see("Able Company");
    }
  });

  await t.step("the filter leaves what matches", async () => {
    const field = member.field("Filter by name, role or group");
    await field.fill("anvil two");
    if (!t.js) await field.press("Enter");
    await eventually(async () => {
      const count = await shown().count();
      check(count > 0 && count < 12, `${count} cards`);
    });
    await member.see(member.role("heading", "Anvil Two Alpha"));
    await member.miss(member.role("heading", "Logistics Section"));
    if (t.js) await field.fill("");
    else await member.go("/roster");
    await eventually(async () => check((await shown().count()) > 30, "everything is back"));
  });

  await t.step("a month ago, by date", async () => {
    await member.page.getByLabel("As of", { exact: true }).fill(iso(Date.now() - 30 * DAY));
    await member.press("Show");
    await member.see("The roster as of");
    const then = await people();
    check(then.length > 80, `${then.length} people then`);
    check(JSON.stringify(then) !== JSON.stringify(now), "nothing has changed in a month");
    check((await member.role("link", "Edit roster").count()) === 0, "the past cannot be edited");
  });

  await t.step("views keep the day; one step leads back to now", async () => {
    await member.role("navigation", "View").getByRole("link", { name: "Table" }).click();
    await member.see(member.main.locator("table"));
    await member.see("The roster as of");
    await member.follow("Back to now");
    await member.miss("The roster as of");
    await member.role("navigation", "View").getByRole("link", { name: "Cards" }).click();
    await member.see(member.main.locator(".roster"));
    same(await people(), now, "people now");
  });

  if (t.js) {
    await t.step("a late answer for one view is not drawn into another", async () => {
      const slow = await t.as("member");
      // Everything on the page reads again each time the stream says so, and these answers dawdle.
      const change = { contentType: "text/event-stream", body: "event: change\ndata: -\n\n" };
      await slow.page.route("**/live?*", (route) => route.fulfill(change));
      await slow.page.route(/read_roster.*view=cards/, async (route) => {
        await new Promise((later) => setTimeout(later, 1500));
        // The page may be closed by now.
        await route.continue().catch(() => {});
      });
      const cards = /read_roster.*view=cards/;
      await Promise.all([slow.page.waitForRequest(cards), slow.go("/roster")]);
      const table = slow.role("navigation", "View").getByRole("link", { name: "Table" });
      await Promise.all([slow.page.waitForResponse(cards), table.click()]);
      await new Promise((later) => setTimeout(later, 200));
      check((await slow.main.locator(".roster-card").count()) === 0, "the cards were drawn into the table's page");
      await slow.see(slow.main.locator("table"));
      await slow.close();
    });

    await t.step("the slider moves the date", async () => {
      const slider = member.page.getByLabel("Days back");
      await slider.focus();
      for (let days = 0; days < 30; days += 1) await member.page.keyboard.press("ArrowLeft");
      const date = member.page.getByLabel("As of", { exact: true });
      const back = Number(await slider.inputValue());
      check(back > 0, "the slider has not moved");
      same(await date.inputValue(), iso(Date.parse(iso(Date.now())) - back * DAY), "the date");
      await member.press("Show");
      await member.see("The roster as of");
    });
  }

  await t.step("a day that is none is refused in words", async () => {
    member.expect(422, "/roster");
    await member.go("/roster?as_of=2026-13-45");
    await member.see(/needs you|expected form/);
  });

  await t.step("search puts exact names before others", async () => {
    await member.go("/roster");
    await member.role("searchbox", "Search people and groups").fill("anvil one");
    await member.page.keyboard.press("Enter");
    await member.see(member.role("heading", "Groups", { exact: true }));
    await member.see(member.role("heading", "Groups with this in their name"));
    const first = member.main.locator(".list__title").first();
    same(await first.innerText(), "Anvil One", "the first hit");
    await member.role("searchbox", "Name or acronym").fill("no such thing");
    await member.press("Search");
    await member.see("Nothing found");
  });

  await t.step("times stand in the viewer's zone", async () => {
    const far = await t.as("member", { timezoneId: "Pacific/Auckland" });
    await far.go("/log");
    const time = far.main.locator("time").first();
    const hours = async () => Number((await time.innerText()).match(/(\d\d):\d\d/)[1]);
    const utc = new Date(await time.getAttribute("datetime")).getUTCHours();
    await eventually(async () => check(((await hours()) !== utc) === t.js, `${await time.innerText()} for ${utc} h UTC`));
    await far.close();
  });
}
