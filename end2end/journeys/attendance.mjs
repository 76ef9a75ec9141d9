// Attendance: recorded on the sheet, pasted as a list, checked in by link, appealed against and
// corrected; figures, states and the report; leave of absence.
import { check, eventually, same } from "../lib/person.mjs";

const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

export default async function attendance(t) {
  const founder = await t.as("founder");
  const leader = await t.as("leader");
  const member = await t.as("member");
  const { main } = founder;
  const called = {};
  let operation;

  const marks = (person, name) => person.page.getByRole("group", { name: `Attendance of ${name}`, exact: true });
  const mark = (person, name, state) =>
    marks(person, name).locator("label").filter({ has: person.page.locator(".visually-hidden", { hasText: new RegExp(`^${state}$`) }) }).click();
  const isMarked = (person, name, state) =>
    eventually(async () => {
      const chosen = await marks(person, name).locator("label:has(input:checked) .visually-hidden").textContent();
      same(chosen, state, `what is chosen for ${name}`);
    });

  await t.step("somebody who leads records the sheet of what is over", async () => {
    for (const [who, person] of Object.entries({ leader, member })) {
      await person.go("/roster");
      await person.menu("Account: ");
      await person.follow("My page");
      await person.at(/\/players\//);
      called[who] = (await person.main.locator("h1").textContent()).trim();
    }
    await founder.go("/operations?past=true");
    await main.locator(".agenda__row a").first().click();
    await founder.at(/\/operations\/[0-9a-f-]{36}$/);
    operation = founder.path;
    await founder.press("Attendance", "link");
    await founder.at(/\/attendance$/);
    await mark(founder, called.member, "Absent");
    await mark(founder, called.leader, "Present");
    await founder.press("Save attendance");
    await founder.see(/^Recorded the attendance/);
    await founder.go(`${operation}/attendance`);
    await isMarked(founder, called.member, "Absent");
    await isMarked(founder, called.leader, "Present");
  });

  await t.step("a member reads it, records nothing, and asks to correct it", async () => {
    await member.go(`${operation}/attendance`);
    same(await member.page.getByRole("button", { name: "Save attendance" }).count(), 0, "buttons to record");
    await member.main.locator("summary").filter({ hasText: "I was there" }).click();
    await member.fill({ "What happened": "I came late and sat in the back." });
    await member.press("Ask to correct it");
    await member.see("You asked to correct your attendance");
  });

  await t.step("who answers it says so in the inbox; the entry is corrected and kept", async () => {
    await founder.go("/inbox");
    await founder.see("I came late and sat in the back.");
    await founder.press(`Grant the appeal of ${called.member}`);
    await founder.miss("I came late and sat in the back.");
    await founder.go(`${operation}/attendance`);
    await isMarked(founder, called.member, "Present");
    await founder.go("/attendance/corrections");
    await founder.see("Absent → Present");
    await member.go(`${operation}/attendance`);
    await member.see("Granted");
  });

  await t.step("names that nobody has are told, and nothing typed is lost", async () => {
    founder.expect(422, "record_list");
    await founder.go(`${operation}/attendance`);
    await main.locator("summary").filter({ hasText: "Paste a list" }).click();
    await founder.fill({ Names: `${called.leader}\nNobody Of This Name` });
    await founder.choose("They were", "Present");
    await founder.press("Record list");
    await founder.see("Nobody Of This Name");
    check((await founder.field("Names").inputValue()).includes(called.leader), "the list is still there");
    await founder.tick("Leave out names that nobody here has");
    await founder.press("Record list");
    await founder.see(/^Recorded the attendance/);
  });

  await t.step("figures for the whole organisation, and states with their meaning", async () => {
    await founder.go("/attendance");
    await founder.see(main.locator(".figures table"));
    await founder.see(main.getByRole("link", { name: called.leader, exact: true }));
    await founder.go("/attendance/states");
    await founder.see("New state");
  });

  await t.step("the report is written and read", async () => {
    await founder.go(`${operation}/report`);
    await founder.fill({ "What became of it": "All objectives **taken**." });
    await main.locator(".sheet__save button").click();
    await member.go(`${operation}/report`);
    await member.see(member.main.locator("strong", { hasText: "taken" }));
  });

  await t.step("leave is asked for, approved with a note, and stands in the list", async () => {
    await member.go("/absence");
    await member.fill({ "First day": inDays(2), "Last day": inDays(9), Reason: "Exams" });
    await member.press("Ask for leave");
    await member.see("Waiting");
    await founder.go("/inbox");
    await founder.see("Exams");
    await founder.press(`Approve the leave of ${called.member}`);
    await founder.miss("Exams");
    await member.go("/absence");
    await member.see("Approved");
    await leader.go("/absence");
    await leader.see(called.member);
    await leader.miss("Exams");
  });
}
