// Billets: written as text, taken and waited for by members, filled on the board by mouse, touch,
// keyboard and plain forms, by two leaders at once, and by a suggestion.
import { check, eventually, same } from "../lib/person.mjs";
import { dragByMouse, dragByTouch } from "../lib/roster.mjs";

const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

export default async function billets(t) {
  const founder = await t.as("founder");
  const leader = await t.as("leader");
  const member = await t.as("member");
  const title = `Billet drill ${t.mode}`;
  const called = {};
  let operation;

  const line = (person, billet) => person.main.locator(".billet").filter({ hasText: billet });
  const slot = (person, billet) => person.main.locator(".board__slot").filter({ has: person.page.locator("strong", { hasText: billet }) });
  const inTray = (person, name) => person.main.locator(".board__item").filter({ hasText: name });

  await t.step("an operation with two sections of billets, which members take themselves", async () => {
    for (const [who, person] of Object.entries({ founder, leader, member })) {
      await person.go("/roster");
      await person.menu("Account: ");
      await person.follow("My page");
      await person.at(/\/players\//);
      called[who] = (await person.main.locator("h1").textContent()).trim();
    }
    await founder.go("/operations/new");
    await founder.page.getByLabel("Title", { exact: true }).fill(title);
    await founder.page.locator('[name="operation[date]"]').fill(inDays(6));
    await founder.page.locator('[name="operation[time]"]').fill("20:00");
    await founder.page.getByLabel("Length").fill("2:00");
    await founder.page.getByRole("button", { name: "Plan operation" }).click();
    await founder.at(/\/operations\/[0-9a-f-]{36}$/);
    operation = founder.path;
    await founder.go(`${operation}/billets/edit`);
    await founder.page.getByLabel("Billets", { exact: true }).fill("# Alpha\nLeader | Plans it\nMedic\n# Bravo\nGunner\nSpare | reserved: a guest\n");
    await founder.press("Save the billets");
    await founder.at(/\/billets$/);
    await founder.go(`${operation}/billets/edit`);
    await founder.tick("Members take free billets themselves");
    await founder.main.locator('[name="stages[0][who]"]').selectOption({ label: "everybody" });
    await founder.main.getByRole("button", { name: "Save", exact: true }).click();
    await founder.at(/\/billets$/);
    await founder.see(line(founder, "Gunner"));
    await founder.go(operation);
    await founder.press("Publish now");
    await founder.see(/^Published/);
  });

  await t.step("stages that make no sense stand at their row", async () => {
    founder.expect(422, "set_release");
    await founder.go(`${operation}/billets/edit`);
    await founder.main.locator('[name="stages[0][opens]"]').fill("soon");
    await founder.main.getByRole("button", { name: "Save", exact: true }).click();
    await founder.see(founder.main.locator('[name="stages[0][opens]"][aria-invalid=true]'));
  });

  await t.step("whoever comes takes a free billet", async () => {
    for (const person of [founder, leader, member]) {
      await person.go(operation);
      await person.main.getByRole("button", { name: "Attending", exact: true }).click();
      await person.see(person.main.locator(".answering__said"));
    }
    await member.go(`${operation}/billets`);
    await member.press("Take: Medic");
    await member.see(member.page.getByRole("button", { name: "Leave: Medic" }));
    await leader.go(`${operation}/billets`);
    await leader.see(line(leader, "Medic").getByText(called.member));
    await leader.press("Wait for it: Medic");
    await leader.see("You wait for it: number 1.");
  });

  await t.step("leaving it gives it to who waits", async () => {
    await member.press("Leave: Medic");
    await member.see(line(member, "Medic").getByText(called.leader));
    await leader.go(`${operation}/billets`);
    await leader.see(leader.page.getByRole("button", { name: "Leave: Medic" }));
  });

  await t.step("the board says what speaks for and against; a keyboard fills it", async () => {
    await founder.go(`${operation}/board`);
    const choose = inTray(founder, called.member).getByRole("link");
    await choose.focus();
    await founder.page.keyboard.press("Enter");
    await founder.at(/who=/);
    await founder.see(slot(founder, "Medic").getByText("Somebody else has it"));
    await founder.see(slot(founder, "Spare").getByText("Reserved: a guest"));
    const put = founder.page.getByRole("button", { name: "Put here: Gunner" });
    await put.focus();
    await founder.page.keyboard.press("Enter");
    await founder.see(slot(founder, "Gunner").getByText(called.member));
  });

  if (t.js) {
    await t.step("a mouse moves somebody to another billet, and another leader sees it", async () => {
      const other = await t.as("founder");
      await other.go(`${operation}/board`);
      await founder.go(`${operation}/board`);
      const handle = inTray(founder, called.member).locator(".drag-handle");
      await dragByMouse(founder, handle, slot(founder, "Leader"));
      await founder.see(slot(founder, "Leader").getByText(called.member));
      await other.see(slot(other, "Leader").getByText(called.member));
      check((await founder.page.locator(".drag-ghost").count()) === 0, "nothing is left of dragging");
      await other.close();
    });

    await t.step("a finger does the same on a phone", async () => {
      const phone = await t.as("founder", { phone: true });
      await phone.go(`${operation}/board`);
      const handle = inTray(phone, called.member).locator(".drag-handle");
      await dragByTouch(phone, handle, slot(phone, "Gunner"));
      await phone.see(slot(phone, "Gunner").getByText(called.member));
      await phone.close();
    });

    await t.step("two leaders drag at once, and both see one truth", async () => {
      const other = await t.as("founder");
      for (const one of [founder, other]) {
        one.expect(409, "fill_billet");
        await one.go(`${operation}/board`);
      }
      await Promise.all([
        dragByMouse(founder, inTray(founder, called.founder).locator(".drag-handle"), slot(founder, "Leader")),
        dragByMouse(other, inTray(other, called.member).locator(".drag-handle"), slot(other, "Leader")),
      ]);
      const holder = (one) => slot(one, "Leader").locator(".billet__holder").innerText();
      await eventually(async () => {
        const [here, there] = [await holder(founder), await holder(other)];
        check(here === there && [called.founder, called.member].includes(here), `one sees ${here}, the other ${there}`);
      });
      await other.close();
    });
  }

  await t.step("a suggestion fills what is free, with reasons, as one command", async () => {
    await founder.go(`${operation}/board`);
    for (const billet of ["Leader", "Medic", "Gunner"]) {
      const empty = founder.page.getByRole("button", { name: `Empty ${billet}`, exact: true });
      if ((await empty.count()) > 0) {
        await empty.click();
        await founder.see(slot(founder, billet).getByText("Free"));
      }
    }
    await founder.go(`${operation}/suggest`);
    await founder.see("Suggested (3)");
    await founder.see("Stay empty (1)");
    await founder.press("Fill 3 billets so");
    await founder.go(`${operation}/billets`);
    for (const billet of ["Leader", "Medic", "Gunner"]) {
      check(!(await line(founder, billet).innerText()).includes("Free"), `${billet} is filled`);
    }
  });

  await t.step("a member has no board and fills nothing", async () => {
    member.expect(404, "board");
    await member.go(`${operation}/board`);
    await member.see("There is nothing here");
    await member.go(`${operation}/billets`);
    same(await member.page.getByRole("button", { name: /^Empty/ }).count(), 0, "buttons to empty a billet");
  });
}
