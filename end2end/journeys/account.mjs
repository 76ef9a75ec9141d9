// Account and sessions: seeing the other browser, ending it, changing the password, the theme.
import { check, eventually } from "../lib/person.mjs";

const PASSWORD = "reveille-at-seven";

export default async function account(t) {
  const desk = await t.as("member", { host: "apex" });
  const phone = await t.as("stranger", { viewport: { width: 390, height: 844 } });
  phone.expect(401, "/log");
  let rows;

  await t.step("a second browser logs in through the apex and comes back to the page", async () => {
    await phone.go("/log");
    await phone.main.getByRole("link", { name: "Log in" }).or(phone.role("link", "Log in")).first().click();
    await phone.at(/\/sign-in/);
    await phone.fill({ "Call sign or e-mail": "member@muster.example", Password: PASSWORD });
    await phone.press("Log in");
    await phone.at((url) => url.hostname === "demo.localhost" && url.pathname === "/log");
    await phone.see(phone.role("heading", "Event log", { level: 1 }));
  });

  await t.step("the sessions of both stand in the list", async () => {
    await desk.go("/account/sessions");
    rows = desk.main.locator(".list__row");
    check((await rows.count()) >= 3, `${await rows.count()} sessions`);
    await desk.see("This browser");
  });

  await t.step("ending one logs that browser out", async () => {
    // The newest session on the organisation's host is the other browser's.
    const others = rows.filter({ hasText: "demo.localhost" });
    const before = await others.count();
    for (let left = before; left > 0; left -= 1) {
      await others.first().getByRole("button", { name: /^End/ }).click();
      await eventually(async () => check((await others.count()) === left - 1, "the session is still there"));
    }
    await desk.see("This browser");
    await phone.go("/log");
    await phone.see(/Log in/);
    await phone.miss(phone.role("heading", "Today", { level: 2 }));
  });

  await t.step("a wrong present password is told at its field", async () => {
    desk.expect(422, "change_password");
    await desk.go("/account");
    await desk.fill({ "Present password": "not the one", "New password": "tattoo-at-twenty-two" });
    await desk.press("Change password");
    check((await desk.complaint("Present password")).includes("not right"), "the complaint");
  });

  await t.step("changing the password ends the other sessions and the old password", async () => {
    await desk.fill({ "Present password": PASSWORD, "New password": "tattoo-at-twenty-two" });
    await desk.press("Change password");
    await eventually(async () => check((await desk.field("Present password").inputValue()) === "", "the form is not empty"));
    await desk.go("/account/sessions");
    check((await rows.count()) === 1, `${await rows.count()} sessions are left`);
    const third = await t.as("stranger", { host: "apex" });
    third.expect(422, "sign_in");
    await third.go("/sign-in");
    await third.fill({ "Call sign or e-mail": "member@muster.example", Password: PASSWORD });
    await third.press("Log in");
    await third.see(third.role("alert"));
    await third.fill({ "Call sign or e-mail": "member@muster.example", Password: "tattoo-at-twenty-two" });
    await third.press("Log in");
    await third.see(third.role("heading", "My organisations"));
    await third.close();
  });

  await t.step("the theme is chosen in the account menu and stays", async () => {
    await desk.go("/");
    await desk.page.locator("header summary").first().click();
    await desk.press("Dark");
    await eventually(async () => check((await desk.page.locator("html").getAttribute("data-theme")) === "dark", "not dark"));
    await desk.go("/account");
    check((await desk.page.locator("html").getAttribute("data-theme")) === "dark", "dark does not stay");
  });
}
