// Org types: an administrator of the installation makes one, and it works at once; what is wrong
// stands at its field; others see nothing of it.
import { check, eventually, same } from "../lib/person.mjs";

export default async function orgTypes(t) {
  const admin = await t.as("founder", { host: "apex" });
  const { main } = admin;

  await t.step("the menu leads administrators to the types", async () => {
    await admin.go("/");
    await admin.page.locator(".apex__bar details.menu > summary").click();
    await admin.press("Administration", "link");
    await admin.see(admin.role("heading", "Org types", { level: 1 }));
    await admin.see(main.getByRole("link", { name: "Server group" }));
    await admin.see(/muster\.unit · \d+ organisations/);
  });

  const name = admin.role("textbox", "Name", { exact: true });
  await t.step("a new one: what is wrong stands at the fields, the rest stays", async () => {
    admin.expect(422, "create_org_type");
    await admin.follow("New type");
    await admin.see(admin.role("heading", "New org type", { level: 1 }));
    await admin.fill({ Id: "Club", Description: "Boards and clocks.", "Chat command": "chess" });
    await name.fill("Chess club");
    await admin.press("Make it");
    check((await admin.complaint("Id")).includes("form"), "the id has the wrong form");
    same(await name.inputValue(), "Chess club", "the name");
    same((await admin.field("Description").inputValue()).trim(), "Boards and clocks.", "the description");
  });

  await t.step("made by data alone", async () => {
    await admin.fill({ Id: "example.chess" });
    await admin.field("Positions and vacancies").uncheck();
    const spare = main.getByRole("group", { name: "One more rank" }).first();
    await spare.getByLabel("Level").fill("500");
    await spare.getByLabel(/^Name/).fill("Arbiter");
    await admin.press("Make it");
    await admin.see(admin.role("heading", "Chess club", { level: 1 }));
    await admin.see("No organisation is of this type yet.");
    const arbiter = main.getByRole("group", { name: "Arbiter" });
    same(await arbiter.getByLabel("Level").inputValue(), "500", "the level of the third rank");
  });

  await t.step("an organisation of it can be founded at once, and has no positions", async () => {
    await admin.go(t.apex("/found"));
    await admin.fill({ Name: "Rook", Address: "rook" });
    await admin.role("radio", /Chess club/).check();
    await admin.press("Found it");
    await admin.at((url) => url.hostname === "rook.localhost" && url.pathname !== "/session");
    await admin.page.waitForURL((url) => url.pathname === "/roster");
    await admin.go(t.org("/groups/new", "rook"));
    await admin.fill({ Name: "Board One", Description: "Plays first.", Kind: "Team" });
    await admin.press("Create group");
    await admin.see(admin.role("heading", "Board One", { level: 1 }));
    await admin.miss(main.getByRole("link", { name: /Positions/ }));
  });

  await t.step("a change: other modules at once", async () => {
    const here = admin.page.url();
    await admin.go(t.apex("/site/types/example.chess"));
    await admin.see(/The 1 organisation of this type gets/);
    await admin.field("Positions and vacancies").check();
    await admin.press("Save");
    await eventually(async () => check(await admin.field("Positions and vacancies").isChecked(), "not saved"));
    await admin.go(here);
    await admin.see(main.getByRole("link", { name: /Positions/ }));
  });

  await t.step("others may not", async () => {
    const member = await t.as("member", { host: "apex" });
    member.expect(403, "/site/types");
    await member.go("/site/types");
    await member.see("Only administrators of this installation may do this.");
  });
}
