// Logging in as people do: at the apex, then by the hand-over to the demo's host.
import { Person } from "./person.mjs";

/** Logs in and returns the browser's cookies for both hosts. */
export async function signIn(browser, server, login, password, path = "/roster") {
  const person = await Person.open(browser, { base: server.org("demo"), js: false });
  await person.go(`/sign-in?return=${path}`);
  await person.fill({ "Call sign or e-mail": login, Password: password });
  await person.press("Log in");
  await person.at(`**${path}`);
  const state = await person.context.storageState();
  await person.close();
  return state;
}
