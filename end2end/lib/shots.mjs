// Pictures of every page at both sizes in both themes, for people to look at.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pages, strangers } from "./pages.mjs";
import { Person } from "./person.mjs";

const SIZES = { desktop: { width: 1366, height: 900 }, phone: { width: 390, height: 844 } };

export async function takeShots({ browser, server, states, folder }) {
  mkdirSync(folder, { recursive: true });
  const guide = await Person.open(browser, { base: server.org("demo"), js: true, state: states.founder });
  const signedIn = await pages(guide, server);
  await guide.close();
  const rounds = [
    [states.founder, signedIn],
    [undefined, strangers(server)],
  ];
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const theme of ["light", "dark"]) {
      for (const [state, list] of rounds) {
        const options = { base: server.org("demo"), js: true, state, viewport, colorScheme: theme };
        const person = await Person.open(browser, options);
        for (const [name, address] of Object.entries(list)) {
          await person.go(address);
          await person.page.evaluate(() => document.fonts.ready);
          const path = join(folder, `${name}-${size}-${theme}.png`);
          await person.page.screenshot({ path, fullPage: size === "desktop" ? false : false });
          for (const problem of person.takeProblems()) console.log(`${name} ${size} ${theme}: ${problem}`);
        }
        await person.close();
      }
    }
  }
  console.log(`Pictures are in ${folder}`);
}
