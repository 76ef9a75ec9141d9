// The calendar: views and filters by address, an operation moved by mouse, touch and form, a feed
// that is made, read by a calendar program, and taken back.
import { get } from "node:http";
import { check, eventually, same } from "../lib/person.mjs";
import { dragByMouse, dragByTouch } from "../lib/roster.mjs";

/** A day in the middle of next month, so that its neighbours are on the same page. */
const day = (number) => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, number)).toISOString().slice(0, 10);
};

export default async function calendar(t) {
  const founder = await t.as("founder");
  const member = await t.as("member");
  const { main } = founder;
  const place = (date) => main.locator(`.cal-day[data-place="${date}"]`);
  const handle = (person) => person.page.getByRole("link", { name: "Move Field day", exact: true });
  const entry = (date) => place(date).getByRole("link", { name: "Field day", exact: true });
  let operation;

  await t.step("an operation is planned for the middle of next month", async () => {
    await founder.go("/operations/new");
    await founder.page.getByLabel("Title", { exact: true }).fill("Field day");
    await founder.page.locator('[name="operation[date]"]').fill(day(10));
    await founder.page.locator('[name="operation[time]"]').fill("12:00");
    await founder.page.getByLabel("Length").fill("2:00");
    await founder.page.getByRole("button", { name: "Plan operation" }).click();
    await founder.at(/\/operations\/[0-9a-f-]{36}$/);
    operation = founder.path;
    await founder.press("Publish now");
    await founder.see(/^Published Field day/);
  });

  await t.step("the calendar by month, week and agenda", async () => {
    await founder.go("/operations");
    await founder.main.getByRole("link", { name: "Calendar", exact: true }).click();
    await founder.see(founder.role("heading", "Calendar", { level: 1 }));
    await founder.press("After", "link");
    await founder.at(/date=/);
    await founder.see(entry(day(10)));
    await founder.press("Week", "link");
    await founder.at(/view=week/);
    await founder.see(main.locator('.cal-grid[data-kind="week"]'));
    await founder.go(`/calendar?view=week&date=${day(10)}`);
    await founder.see(main.locator(".cal-hour").getByRole("link", { name: "Field day", exact: true }));
    await founder.press("Agenda", "link");
    await founder.at(/view=agenda/);
    await founder.see(main.locator(".cal-list__day").first());
    await founder.press("Today", "link");
    await founder.at(/\/calendar\?view=agenda$/);
  });

  await t.step("a filter is part of the address", async () => {
    await founder.go(`/calendar?date=${day(10)}`);
    await founder.choose("My answer", "Attending");
    await founder.press("Filter");
    await founder.at(/answer=attending/);
    await founder.miss(entry(day(10)));
    await founder.go(`/calendar?date=${day(10)}`);
    await founder.see(entry(day(10)));
  });

  if (t.js) {
    await t.step("it is dragged to another day by mouse, and back by undoing", async () => {
      await dragByMouse(founder, handle(founder).first(), place(day(12)));
      await founder.see(/^Moved Field day/);
      await founder.see(entry(day(12)));
      check((await founder.page.locator(".drag-ghost").count()) === 0, "nothing is left of dragging");
      await founder.press("Undo");
      await founder.see(entry(day(10)));
    });

    await t.step("and by touch on a phone, from the list to the strip of days", async () => {
      const phone = await t.as("founder", { phone: true });
      await phone.go(`/calendar?date=${day(10)}`);
      const there = phone.page.locator(`.cal-day[data-place="${day(13)}"]`);
      const row = phone.page.locator(".cal-row").getByRole("link", { name: "Move Field day", exact: true });
      await dragByTouch(phone, row, there);
      await phone.see(/^Moved Field day/);
      await phone.go(operation);
      await phone.see(new RegExp(` ${Number(day(13).slice(8))} `));
      await phone.close();
    });
  }

  await t.step("it is moved by the form behind its handle", async () => {
    await founder.go(`/calendar?date=${day(10)}`);
    await handle(founder).first().focus();
    await founder.page.keyboard.press("Enter");
    await founder.at(/\/move$/);
    await founder.see(founder.role("heading", "Move Field day", { level: 1 }));
    await founder.fill({ Day: day(14), Time: "13:30" });
    await founder.press("Move");
    await founder.at(/\/operations\/[0-9a-f-]{36}$/);
    await founder.see(/^Moved Field day/);
    await founder.go(`/calendar?date=${day(14)}`);
    await founder.see(entry(day(14)));
  });

  await t.step("a member sees it and no handle, and why", async () => {
    await member.go(`/calendar?date=${day(14)}`);
    await member.see(member.page.getByRole("link", { name: "Field day", exact: true }).first());
    same(await handle(member).count(), 0, "handles");
    await member.see("Only those who plan operations of a group can move them.");
  });

  await t.step("a feed is made, read without a session, and taken back", async () => {
    await member.go("/calendar/feeds");
    await member.fill({ Name: "Kitchen" });
    await member.press("Make a feed");
    await member.at(/made=/);
    const address = await member.page.getByLabel("Your feed's address").inputValue();
    const found = await readAsProgram(address);
    same(found.status, 200, "status of the feed");
    check(found.text.includes("SUMMARY:Field day\r\n"), "the operation is in the feed");
    await member.go("/calendar/feeds");
    await member.see("Kitchen");
    await member.see(/last read/);
    check((await member.page.getByLabel("Your feed's address").count()) === 0, "the address is shown once");
    await member.press("Revoke Kitchen");
    await eventually(async () => same((await readAsProgram(address)).status, 404, "status after revoking"));
    await member.miss("Kitchen");
  });
}

/** Reads an address as a calendar program does, which has no session. Not every machine knows the
 * names below localhost, so the host is told apart. */
const readAsProgram = (address) =>
  new Promise((found, failed) => {
    const { host, port, pathname, search } = new URL(address);
    const request = get({ host: "127.0.0.1", port, path: pathname + search, headers: { host } }, (response) => {
      let text = "";
      response.on("data", (part) => (text += part));
      response.on("end", () => found({ status: response.statusCode, text }));
    });
    request.on("error", failed);
  });
