// The pages of a group and of a person: creating, changing, roles, positions, retiring; renaming,
// inviting, and claiming by somebody who has just registered.
import { check, eventually, same } from "../lib/person.mjs";

export default async function groups(t) {
  const founder = await t.as("founder");
  const { main } = founder;
  let address;
  let link;

  await t.step("creating a group: what is wrong stands at the fields, the rest stays", async () => {
    founder.expect(422, "create_group");
    await founder.go("/roster");
    await founder.follow("New group");
    await founder.choose("Under", "Able Company");
    await founder.fill({ Name: "Anvil Platoon", Acronym: "DRN", Kind: "Section", Description: "Flies **drones**." });
    await founder.press("Create group");
    check((await founder.complaint("Name")).includes("Taken"), "the name is taken");
    same(await founder.field("Acronym").inputValue(), "DRN", "the acronym");
    same((await founder.field("Description").inputValue()).trim(), "Flies **drones**.", "the description");
    same((await founder.field("Under").locator("option:checked").textContent()).trim(), "Able Company", "the parent");
    await founder.fill({ Name: "Drone Section" });
    await founder.press("Create group");
    await founder.see(founder.role("heading", "Drone Section", { level: 1 }));
    await founder.see(main.locator("strong", { hasText: "drones" }));
    await founder.see("DRN-A");
    address = new URL(founder.page.url()).pathname;
  });

  await t.step("changing it", async () => {
    founder.expect(422, "edit_group");
    await founder.main.getByRole("link", { name: "Edit", exact: true }).click();
    await founder.see(founder.role("heading", "Edit group"));
    await founder.fill({ Name: "x".repeat(200), Description: "Small helicopters." });
    await founder.press("Save");
    check((await founder.complaint("Name")).includes("At most"), "the name is too long");
    same((await founder.field("Description").inputValue()).trim(), "Small helicopters.", "the description");
    await founder.fill({ Name: "Drone Team" });
    await founder.press("Save");
    await founder.see(founder.role("heading", "Drone Team", { level: 1 }));
    await founder.see("Small helicopters.");
  });

  await t.step("a role: added, changed, deleted", async () => {
    await founder.go(`${address}?tab=roles`);
    await founder.press("Add role", "link");
    // One of the boxes about access lets people "rename".
    const name = founder.page.getByLabel("Name", { exact: true });
    await name.fill("Spotter");
    await founder.fill({ Acronym: "SPT" });
    await founder.field("One at a time").check();
    await founder.press("Add role");
    await founder.see(main.getByRole("cell", { name: "Spotter" }));
    await founder.see(main.getByRole("row", { name: /Spotter/ }).getByText("No, one at a time"));
    await founder.press("Edit, Spotter", "link");
    await name.fill("Lookout");
    await founder.press("Save");
    await founder.see(main.getByRole("cell", { name: "Lookout" }));
    await founder.press("Edit, Lookout", "link");
    await founder.press("Delete");
    await founder.see("Deleted the role Lookout of Drone Team");
    await founder.miss(main.getByRole("cell", { name: "Lookout" }));
  });

  await t.step("a position: added, filled, changed; not deleted while somebody fills it", async () => {
    await founder.go(`${address}?tab=positions`);
    await founder.press("Add position", "link");
    await founder.fill({ Name: "Pilot", Wants: "Steady hands" });
    await founder.press("Add position");
    await founder.see(main.getByText("Vacant"));
    await founder.press("Fill, Pilot", "link");
    await founder.see(founder.role("heading", "Add member"));
    const who = (await founder.field("Who").locator("option").allTextContents())[5].trim();
    await founder.choose("Who", who);
    await founder.press("Continue");
    await founder.see(/will be moved here|will be a member here/);
    await founder.press(/^(Move here|Add member)$/);
    await founder.see(main.getByRole("link", { name: who }));
    await founder.see("Pilot");
    await founder.go(`${address}?tab=positions`);
    await founder.press("Edit, Pilot", "link");
    await founder.see("Somebody fills this position.");
    await founder.fill({ Wants: "Very steady hands" });
    await founder.press("Save");
    await founder.see(/Very steady hands/);
  });

  await t.step("somebody new is added straight into the group", async () => {
    await founder.go(`/players/new?group=${address.split("/").at(-1)}`);
    await founder.fill({ Name: "Nightjar" });
    await founder.press("Add person");
    await founder.see("Nightjar");
    await founder.go(address);
    await founder.see(main.getByRole("link", { name: "Nightjar", exact: true }));
  });

  await t.step("a member gets another role, and is removed with a reason", async () => {
    founder.expect(422, "remove_member");
    await founder.press("Post…, Nightjar", "link");
    await founder.choose(/^Role$/, "In Command");
    await founder.press("Save");
    await founder.see(main.locator(".list__row", { hasText: "Nightjar" }).getByText(/In Command/));
    await founder.press("Post…, Nightjar", "link");
    await founder.fill({ Reason: "Wanted to fly alone" });
    await founder.press("Remove from group");
    await founder.see("Removed Nightjar from Drone Team");
    await founder.miss(main.getByRole("link", { name: "Nightjar", exact: true }));
    await founder.go(`${address}?tab=history`);
    await founder.see("Wanted to fly alone");
    await founder.go(address);
  });

  if (t.js) {
    await t.step("a menu stays open when somebody else changes something", async () => {
      const other = await t.as("founder");
      await founder.go(address);
      await founder.menu("More about this group");
      await other.go(`${address}/edit`);
      await other.fill({ Description: "Looks down on everybody" });
      await other.press("Save");
      await founder.see("Looks down on everybody");
      await founder.see(founder.role("link", "Retire"));
      await other.close();
    });
  }

  await t.step("retiring it asks what becomes of its members", async () => {
    await founder.go(address);
    await founder.menu("More about this group");
    await founder.follow("Retire");
    await founder.see("What becomes of its 1 member?");
    await founder.press("Retire group");
    await founder.see("Retired Drone Team");
    founder.expect(404, "/groups/");
    founder.expect(404, "/api/roster/read_group");
    await founder.go(address);
    await founder.see("There is nothing here");
    await founder.go("/log");
    await founder.press("Undo: Retired Drone Team");
    await founder.see("Brought Drone Team back (undo)");
    await founder.go(address);
    await founder.see(founder.role("heading", "Drone Team", { level: 1 }));
    await founder.see("1 of 1 filled");
  });

  await t.step("a person is renamed, and history keeps the name of then", async () => {
    founder.expect(422, "rename_player");
    await founder.go("/search?q=Nightjar");
    await founder.main.getByRole("link", { name: "Nightjar" }).click();
    await founder.press("Rename", "link");
    await founder.fill({ Name: "n".repeat(120) });
    await founder.press("Rename");
    check((await founder.complaint("Name")).includes("At most"), "the name is too long");
    await founder.fill({ Name: "Nightingale" });
    await founder.press("Rename");
    await founder.see(founder.role("heading", "Nightingale", { level: 1 }));
    await founder.go(`${new URL(founder.page.url()).pathname}?tab=events`);
    await founder.see("Renamed Nightjar to Nightingale");
  });

  await t.step("an invitation is a link that is shown once", async () => {
    await founder.press("Invite");
    await founder.see("Link for Nightingale");
    link = await founder.field("Link for Nightingale").inputValue();
    check(/^http:\/\/demo\.localhost:\d+\/claim\/\S{20,}$/.test(link), `the link is ${link}`);
  });

  await t.step("whoever gets the link registers and claims the person", async () => {
    const guest = await t.as("stranger");
    guest.expect(401, "/claim/");
    await guest.go(link);
    await guest.see(guest.role("heading", "Are you Nightingale?"));
    await guest.follow("Log in");
    await guest.at(/\/sign-in/);
    await guest.follow("Register");
    await guest.fill({ "Call sign": "Nils", "E-mail": "nils@example.org", Password: "seven swans a-swimming" });
    await guest.press("Register");
    await guest.page.waitForURL((url) => url.pathname !== "/register");
    await guest.ready();
    // Registering leads on to where one came from, or else the link still works.
    if (!guest.path.startsWith("/claim/")) {
      await guest.go(link);
      if (await guest.role("link", "Log in").filter({ visible: true }).count()) {
        await guest.main.getByRole("link", { name: "Log in" }).click();
        await guest.at(/\/claim\//);
      }
    }
    await guest.press("Yes, I am Nightingale");
    await guest.page.waitForURL((url) => !url.pathname.startsWith("/claim/"));
    await guest.ready();
    await guest.menu("Account: ");
    await guest.follow("My page");
    await guest.see(guest.role("heading", "Nightingale", { level: 1 }));
    guest.expect(404, "/claim/");
    guest.expect(404, "read_invitation");
    await guest.go(link);
    await eventually(async () => check(!(await guest.role("button", /^Yes/).count()), "the link works twice"));
    await guest.close();
  });
}
