// A journey: what a file of journeys/ is given. Its steps are the tests that are counted.
import { join } from "node:path";
import { Person } from "./person.mjs";

const STEP_LIMIT = 60_000;

export class Journey {
  passed = 0;
  failed = 0;
  #people = [];

  constructor({ name, mode, browser, server, states, folder, results, update }) {
    Object.assign(this, { name, mode, browser, server, states, folder, results, update });
    this.js = mode === "js";
  }

  /** An address on the demo's host, or on another organisation's. */
  org(path, slug = "demo") {
    return this.server.org(slug) + path;
  }

  /** An address at the apex. */
  apex(path) {
    return this.server.apex + path;
  }

  /** A new browser for the founder, leader or member of the demo, or for a stranger; on a phone, too. */
  async as(who = "stranger", { host, phone, ...options } = {}) {
    if (phone) Object.assign(options, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const base = host === "apex" ? this.server.apex : this.server.org(host ?? "demo");
    const person = await Person.open(this.browser, { base, js: this.js, state: this.states[who], ...options });
    person.who = who;
    this.#people.push(person);
    return person;
  }

  /** One test: it fails when it throws, takes too long, or when any page did what none may do. */
  async step(name, walk) {
    const begin = Date.now();
    const problems = [];
    let timer;
    const limit = new Promise((_, late) => {
      timer = setTimeout(() => late(new Error("took longer than a minute")), STEP_LIMIT);
    });
    try {
      await Promise.race([walk(), limit]);
    } catch (error) {
      problems.push(error.stack ?? String(error));
    }
    clearTimeout(timer);
    for (const person of this.#people) {
      problems.push(...person.takeProblems().map((problem) => `${person.who}: ${problem}`));
    }
    await this.#report(name, Date.now() - begin, problems);
  }

  async #report(name, milliseconds, problems) {
    const title = `${this.name} [${this.mode}] ${name}`;
    if (problems.length === 0) {
      this.passed += 1;
      console.log(`ok     ${title} (${milliseconds} ms)`);
      return;
    }
    this.failed += 1;
    console.log(`FAILED ${title} (${milliseconds} ms)`);
    for (const problem of problems) console.log(problem.replace(/^/gm, "         "));
    for (const [index, person] of this.#people.entries()) {
      const file = `${this.name}-${this.mode}-${this.passed + this.failed}-${index}-${person.who}.png`;
      if (person.page.isClosed()) continue;
      console.log(`         ${person.who} is at ${person.page.url()}, see ${file}`);
      await person.page.screenshot({ path: join(this.results, file), timeout: 5000 }).catch(() => {});
    }
  }

  async run(walk) {
    try {
      await walk(this);
    } catch (error) {
      await this.#report("preparing", 0, [error.stack ?? String(error)]);
    } finally {
      for (const person of this.#people) await person.close().catch(() => {});
    }
  }

  /** The server must not have panicked or failed meanwhile. */
  readLog(log) {
    const bad = log.split("\n").filter((line) => /panicked at| ERROR /.test(line));
    if (bad.length === 0) return;
    this.failed += 1;
    console.log(`FAILED ${this.name} [${this.mode}] the server's log`);
    for (const line of bad.slice(0, 20)) console.log(`         ${line}`);
  }
}
