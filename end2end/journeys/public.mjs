// The public face: what a visitor sees who comes from a link, finding organisations at the apex, and
// for those with JavaScript the command palette and the shortcuts.
import { check, eventually } from "../lib/person.mjs";

export default async function publicFace(t) {
  const visitor = await t.as("stranger", { viewport: { width: 390, height: 844 } });
  const founder = await t.as("founder");

  await t.step("a visitor sees the public page and goes on from it", async () => {
    await visitor.go("/");
    await visitor.see(visitor.role("heading", "Task Force Demo", { level: 1 }));
    await visitor.see("Saturdays at 20:00");
    await visitor.see(/\d+ people in \d+ groups/);
    await visitor.see(visitor.main.getByRole("link", { name: "Able Company" }));
    await visitor.main.getByRole("link", { name: "Roster" }).click();
    await visitor.see(visitor.role("heading", "Roster", { level: 1 }));
  });

  await t.step("its description is changed in the settings", async () => {
    await founder.go("/settings");
    await founder.fill({ Description: "# Who we are\n\nWe muster **daily**." });
    await founder.press("Save");
    await founder.see(/^Changed the organisation's settings/);
    // The frame is loaded anew after a change of the settings, which may come between.
    await eventually(() => founder.go("/about"));
    await founder.see(founder.role("heading", "Who we are", { level: 2 }));
    await founder.see(founder.main.locator("strong", { hasText: "daily" }));
  });

  await t.step("players start with the roster", async () => {
    await founder.go("/");
    await founder.page.waitForURL((url) => url.pathname === "/roster");
  });

  await t.step("organisations are found at the apex, exact ones first", async () => {
    await visitor.go(t.apex("/"));
    await visitor.follow("Find an organisation");
    await visitor.fill({ "Name of an organisation or group": "Able Company" });
    await visitor.press("Search");
    await visitor.see(visitor.role("heading", "Of this name"));
    await visitor.see("Who we are");
    await visitor.main.getByRole("link", { name: /Task Force Demo/ }).click();
    await visitor.at((url) => url.hostname === "demo.localhost");
    await visitor.see(visitor.role("heading", "Task Force Demo", { level: 1 }));
  });

  await t.step("nothing found says so", async () => {
    await visitor.go(t.apex("/orgs?q=no+such+name"));
    await visitor.see("Nothing found");
  });

  await t.step("the shortcuts have a page", async () => {
    await founder.go("/shortcuts");
    await founder.see(founder.role("heading", "Keyboard shortcuts", { level: 1 }));
  });

  if (!t.js) return;

  await t.step("Ctrl K finds a group; arrows and Enter lead there", async () => {
    await founder.go("/log");
    await founder.page.keyboard.press("Control+k");
    const palette = founder.role("dialog", "Command palette");
    await founder.see(palette);
    await palette.getByRole("searchbox").fill("Anvil Platoon");
    // What was found before is no answer to this.
    const found = palette.locator(".palette__found:not([data-stale])");
    await founder.see(found.getByRole("link", { name: /Anvil Platoon/ }));
    await founder.page.keyboard.press("ArrowDown");
    await eventually(async () => {
      const focused = await palette.locator("a:focus").allTextContents();
      check(focused.some((text) => text.includes("Anvil Platoon")), `the focus is on ${focused}`);
    });
    await founder.page.keyboard.press("Enter");
    await founder.see(founder.role("heading", "Anvil Platoon", { level: 1 }));
    await founder.miss(palette);
  });

  await t.step("Esc closes it and the focus is where it was; ? shows the shortcuts", async () => {
    await founder.page.keyboard.press("Control+k");
    const palette = founder.role("dialog", "Command palette");
    await founder.see(palette);
    await founder.page.keyboard.press("Escape");
    await founder.miss(palette);
    await founder.page.keyboard.press("?");
    await founder.see(palette.getByText("Go to the search field"));
    await founder.press("Close");
    await founder.miss(palette);
  });
}
