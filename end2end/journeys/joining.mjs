// Somebody new: registers, joins an open group at once, asks for one by request; its manager, in a
// browser of their own, sees the request arrive and approves it.
import { check, eventually, same } from "../lib/person.mjs";

const SECRET = "correct horse battery";

export default async function joining(t) {
  const founder = await t.as("founder");
  const manager = await t.as("leader");
  const newcomer = await t.as("stranger");
  const name = `Joiner ${t.mode}`;
  const groups = { open: `Open House ${t.mode}`, asking: `Pilots ${t.mode}` };
  const address = {};

  await t.step("the founder makes an open group and one by request, with a manager", async () => {
    for (const [policy, group] of [["Open:", groups.open], ["By request:", groups.asking]]) {
      await founder.go("/groups/new");
      await founder.fill({ Name: group, Kind: "Club", Description: `About ${group}.` });
      await founder.choose("Who may join", policy);
      await founder.press("Create group");
      await founder.see(founder.role("heading", group, { level: 1 }));
      address[group] = new URL(founder.page.url()).pathname;
    }
    await manager.go("/roster");
    await manager.menu("Account: ");
    await manager.follow("My page");
    await manager.at(/\/players\//);
    const manages = (await manager.main.locator("h1").textContent()).trim();
    await founder.go(`${address[groups.asking]}/managers`);
    await founder.choose("Add a manager", manages);
    await founder.press("Add manager");
    await founder.see(founder.main.getByRole("link", { name: manages }));
  });

  await t.step("somebody registers and comes to the organisation", async () => {
    await newcomer.go(t.apex("/register"));
    await newcomer.fill({ "Call sign": name, "E-mail": `${t.mode}@joiner.example`, Password: SECRET });
    await newcomer.press("Register");
    await newcomer.see(newcomer.role("heading", "My organisations"));
    await newcomer.go(t.org("/sign-in?return=/join"));
    await newcomer.see(newcomer.role("heading", /^Join /, { level: 1 }));
    await newcomer.see("Open: join at once");
  });

  await t.step("one form joins the open group and asks for the other", async () => {
    await newcomer.tick(groups.open);
    await newcomer.tick(groups.asking);
    await newcomer.fill({ Note: "I can fly." });
    if (t.js) {
      // The manager looks at the empty inbox meanwhile.
      await manager.go("/inbox");
      await manager.see("Nothing waits for you");
    }
    await newcomer.press("Join the chosen groups");
    await newcomer.see("Asked: waits for an answer");
    await newcomer.see(newcomer.main.getByText("Joined", { exact: true }));
    await newcomer.go(address[groups.open]);
    await newcomer.see(newcomer.main.getByRole("link", { name, exact: true }));
    await newcomer.go(address[groups.asking]);
    await newcomer.see("Requested on");
    same(await newcomer.main.getByRole("link", { name, exact: true }).count(), 0, "no member before the answer");
  });

  await t.step("the manager sees it arrive, and approves with a note", async () => {
    if (!t.js) await manager.go("/inbox");
    await manager.see("I can fly.");
    await manager.go("/inbox");
    await eventually(async () => {
      const badge = manager.page.locator("[data-badge=inbox]").first();
      same((await badge.textContent()).trim(), "1", "the count in the rail");
    });
    await manager.fill({ Note: "Welcome aboard." });
    await manager.press(`Approve, ${name}`);
    await manager.see(`Let ${name} join ${groups.asking}`);
    await manager.see("Nothing waits for you");
  });

  await t.step("the newcomer is a member, and the request is history", async () => {
    await newcomer.go(address[groups.asking]);
    await newcomer.see(newcomer.main.getByRole("link", { name, exact: true }));
    await newcomer.go("/join");
    await newcomer.see("Welcome aboard.");
    await newcomer.see("Approved");
    await manager.go(`${address[groups.asking]}/requests`);
    await manager.see("Approved");
    same(await manager.main.getByRole("button", { name: /^Approve/ }).count(), 0, "nothing is left to answer");
    await founder.go("/log");
    for (const text of ["asked to join", `Let ${name} join`, "joined the organisation"]) await founder.see(text);
  });

  await t.step("who left may ask again", async () => {
    await newcomer.go(address[groups.asking]);
    await newcomer.press("Leave", "link");
    await newcomer.press("Leave group");
    await newcomer.see("Ask to join");
    await newcomer.press("Ask to join", "link");
    await newcomer.fill({ Note: "Again, please." });
    await newcomer.press("Ask to join");
    await newcomer.see("Requested on");
  });

  if (t.js) {
    await t.step("a complaint stands although somebody else changes something meanwhile", async () => {
      manager.expect(422, "answer_request");
      // The form is on its way until the page was read again.
      let arrive;
      const held = new Promise((resolve) => (arrive = resolve));
      await manager.page.route("**/answer_request", async (route) => {
        await held;
        await route.continue().catch(() => {});
      });
      await manager.go("/inbox");
      await manager.press(`Decline, ${name}`);
      const read = manager.page.waitForResponse((response) => new URL(response.url()).pathname === "/inbox");
      await founder.go(`${address[groups.open]}/edit`);
      await founder.fill({ Description: "Changed meanwhile" });
      await founder.press("Save");
      await read;
      await new Promise((drawn) => setTimeout(drawn, 200));
      arrive();
      check((await manager.complaint("Note")).length > 0, "the note is missed");
      await manager.page.unroute("**/answer_request");
    });
  }

  await t.step("declining takes a note, and nothing is lost", async () => {
    manager.expect(422, "answer_request");
    await manager.go("/inbox");
    await manager.press(`Decline, ${name}`);
    check((await manager.complaint("Note")).length > 0, "the note is missed");
    await manager.fill({ Note: "Not this month." });
    await manager.press(`Decline, ${name}`);
    await manager.see("Nothing waits for you");
    await newcomer.go("/join");
    await newcomer.see("Not this month.");
  });

  await t.step("leaving the organisation", async () => {
    await newcomer.go("/leave");
    await newcomer.field("Yes, I leave the organisation").check();
    await newcomer.press("Leave the organisation");
    await newcomer.see(newcomer.role("heading", "Roster", { level: 1 }));
    await founder.go(address[groups.open]);
    same(await founder.main.getByRole("link", { name, exact: true }).count(), 0, "still a member");
  });
}
