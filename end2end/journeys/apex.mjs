// From nobody to the founder of an organisation with a roster: registering, logging out and in,
// founding, choosing a starting shape.
import { check, eventually, same } from "../lib/person.mjs";

const NAME = "Wren";
const EMAIL = "wren@example.org";
const PASSWORD = "a quiet morning in may";

export default async function apex(t) {
  const wren = await t.as("stranger", { host: "apex" });

  await t.step("registering: a bad call sign is told at its field, the rest stays", async () => {
    await wren.go("/");
    await wren.press("Register", "link");
    await wren.see(wren.role("heading", "Register", { level: 1 }));
    wren.expect(422, "register_user");
    await wren.fill({ "Call sign": "Wren: the first", "E-mail": EMAIL, Password: PASSWORD });
    await wren.press("Register");
    check((await wren.complaint("Call sign")).includes("not allowed"), "the complaint names the character");
    same(await wren.field("Call sign").inputValue(), "Wren: the first", "what was typed");
    same(await wren.field("E-mail").inputValue(), EMAIL, "the other field");
  });

  await t.step("registering ends logged in, without organisations yet", async () => {
    await wren.fill({ "Call sign": NAME, Password: PASSWORD });
    await wren.press("Register");
    await wren.see(wren.role("heading", "My organisations"));
    await wren.see("You are in no organisation yet");
  });

  await t.step("logging out", async () => {
    await wren.menu(NAME);
    await wren.press("Log out");
    await wren.see(wren.role("heading", "Where a gaming community runs itself"));
  });

  await t.step("logging in: the wrong password is told, the name stays", async () => {
    wren.expect(422, "sign_in");
    await wren.go("/sign-in");
    await wren.fill({ "Call sign or e-mail": NAME, Password: "not the right one" });
    await wren.press("Log in");
    await wren.see(wren.role("alert"));
    await eventually(async () => check((await wren.role("alert").innerText()).length > 10, "no words in the alert"));
    same(await wren.field("Call sign or e-mail").inputValue(), NAME, "the name");
    await wren.fill({ Password: PASSWORD });
    await wren.press("Log in");
    await wren.see(wren.role("heading", "My organisations"));
  });

  await t.step("founding: a bad name is told at its field, the rest stays", async () => {
    wren.expect(422, "found_org");
    await wren.follow("Found an organisation");
    await wren.fill({ "Name": "Wild.Geese", Address: "wild-geese", "Time zone": "Europe/Berlin" });
    await wren.press("Found it");
    check((await wren.complaint("Name")).includes("not allowed"), "the complaint names the character");
    same(await wren.field("Address").inputValue(), "wild-geese", "the address");
    same(await wren.field("Time zone").inputValue(), "Europe/Berlin", "the time zone");
  });

  await t.step("founding: reserved names and other people's names are refused", async () => {
    await wren.fill({ Name: "BZFlag" });
    await wren.press("Found it");
    await eventually(async () => check((await wren.complaint("Name")).includes("reserved"), "BZFlag is reserved"));
  });

  await t.step("founding ends on the new host, logged in", async () => {
    await wren.fill({ Name: "Wild Geese" });
    await wren.press("Found it");
    await wren.at((url) => url.hostname === "wild-geese.localhost" && url.pathname !== "/session");
    await wren.page.waitForURL((url) => ["/roster", "/start"].includes(url.pathname));
    await wren.ready();
    await wren.menu("Account: ");
    await wren.see(`Signed in as ${NAME}`);
  });

  await t.step("a starting shape gives a complete roster", async () => {
    await wren.go(t.org("/roster", "wild-geese"));
    await wren.see("No groups yet");
    await wren.follow("Choose a starting shape");
    await wren.role("radio", /Infantry company/i).check();
    await wren.press("Start with this shape");
    await wren.see(wren.role("heading", "Roster", { level: 1 }));
    const cards = wren.main.locator(".roster-card");
    await eventually(async () => check((await cards.count()) > 8, "a company has more than 8 groups"));
    await wren.see(/open positions/);
  });

  await t.step("the organisation stands in the list at the apex", async () => {
    await wren.go(t.apex("/"));
    await wren.see(wren.role("link", /Wild Geese/));
    await wren.see("Founder · 1 person");
  });
}
