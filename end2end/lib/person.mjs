// One person with one browser window. Finds things as people do, by role and label, and notes
// everything that a page must never do: errors in the console, failed requests, violations of the
// content security policy.

const PATIENCE = 8000;

/** Repeats an attempt until it no longer throws. */
export async function eventually(attempt, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((wait) => setTimeout(wait, 60));
    }
  }
}

/** Fails with these words unless the condition holds. */
export function check(condition, words) {
  if (!condition) throw new Error(words);
}

/** Fails unless both are the same. */
export function same(found, wanted, words = "differs") {
  check(
    JSON.stringify(found) === JSON.stringify(wanted),
    `${words}: found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`,
  );
}

// A page tells by the console what broke its policy; the runner reads the console.
const listenForViolations = () =>
  document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
  );

export class Person {
  #allowed = [];
  #problems = [];

  static async open(browser, { base, js, state, ...options }) {
    const context = await browser.newContext({
      baseURL: base,
      javaScriptEnabled: js,
      storageState: state,
      viewport: { width: 1366, height: 900 },
      locale: "en-GB",
      timezoneId: "UTC",
      reducedMotion: "reduce",
      ...options,
    });
    context.setDefaultTimeout(PATIENCE);
    const person = new Person();
    person.js = js;
    person.context = context;
    person.#watch(context);
    if (js) await context.addInitScript(listenForViolations);
    person.page = await context.newPage();
    return person;
  }

  #watch(context) {
    const note = (text) => this.#problems.push(text);
    context.on("console", (message) => {
      const text = message.text();
      // The status of every response is looked at below, where the test can expect it.
      const known = text.startsWith("Failed to load resource: the server responded with a status of");
      // A browser without JavaScript fetches the module early all the same.
      const idle = !this.js && text.includes(".wasm was preloaded using link preload but not used");
      if (["error", "warning", "assert"].includes(message.type()) && !known && !idle) {
        note(`console ${message.type()}: ${text}`);
      }
    });
    context.on("weberror", (error) => note(`uncaught: ${error.error().stack ?? error.error()}`));
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // Leaving a page stops what it was still loading, its live stream always. And where JavaScript
      // is switched off, scripts are refused in the name of the policy.
      const refused = !this.js && why === "csp" && request.resourceType() === "script";
      if (why !== "net::ERR_ABORTED" && !refused) note(`request failed: ${why} ${request.url()}`);
    });
    context.on("response", (response) => {
      const status = response.status();
      const { pathname } = new URL(response.url());
      if (status >= 400 && !this.#allowed.some(([code, part]) => code === status && pathname.includes(part))) {
        note(`status ${status}: ${response.request().method()} ${response.url()}`);
      }
    });
  }

  /** From now on this answer is right for addresses with this part. */
  expect(status, part = "") {
    this.#allowed.push([status, part]);
  }

  /** What was wrong since the last look. */
  takeProblems() {
    return this.#problems.splice(0);
  }

  async close() {
    await this.context.close();
  }

  // --- going ---------------------------------------------------------------------------------

  /** Opens an address; with JavaScript, when the page has come alive. */
  async go(address) {
    const response = await this.page.goto(address, { waitUntil: this.js ? "domcontentloaded" : "load" });
    await this.ready();
    return response;
  }

  /** Waits until the page reacts. */
  async ready() {
    if (this.js) await this.page.locator("html[data-hydrated]").waitFor({ state: "attached", timeout: 20_000 });
  }

  /** Waits until the address matches. */
  async at(pattern) {
    await this.page.waitForURL(pattern, { timeout: PATIENCE, waitUntil: "domcontentloaded" });
    await this.ready();
  }

  get path() {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  // --- finding -------------------------------------------------------------------------------

  get main() {
    return this.page.getByRole("main");
  }

  role(role, name, options = {}) {
    return this.page.getByRole(role, { name, ...options });
  }

  field(label) {
    return this.page.getByLabel(label);
  }

  /** Waits until a text or a locator is seen. */
  async see(what) {
    const found = typeof what === "string" || what instanceof RegExp ? this.page.getByText(what) : what;
    await found.filter({ visible: true }).first().waitFor({ state: "visible" });
  }

  /** Waits until nothing of this is seen. */
  async miss(what) {
    const found = typeof what === "string" || what instanceof RegExp ? this.page.getByText(what) : what;
    await eventually(async () => {
      const count = await found.filter({ visible: true }).count();
      check(count === 0, `${count} × still there: ${what}`);
    });
  }

  // --- doing ---------------------------------------------------------------------------------

  async press(name, role = "button") {
    await this.ready();
    await this.role(role, name).first().click();
  }

  async follow(name) {
    await this.press(name, "link");
    await this.ready();
  }

  async fill(fields) {
    await this.ready();
    for (const [label, value] of Object.entries(fields)) await this.field(label).fill(value);
  }

  /** Chooses an option of a select by its words, indentation aside. */
  async choose(label, words) {
    await this.ready();
    const select = this.field(label);
    const found = await eventually(async () => {
      const options = (await select.locator("option").allTextContents()).map((option) => option.trim());
      const at = options.findIndex((option) => option === words || option.startsWith(words));
      check(at >= 0, `no option ${words} in ${label}: ${options.join(", ")}`);
      return at;
    });
    await select.selectOption({ index: found });
  }

  /** Ticks a box, wherever on a long page it is. */
  async tick(label) {
    await this.ready();
    const box = this.field(label).first();
    await box.evaluate((element) => element.scrollIntoView({ block: "center" }));
    await box.check();
  }

  /** Opens a menu of the frame. */
  async menu(name) {
    await this.ready();
    await this.page.locator("summary").filter({ hasText: name }).first().click();
  }

  /** The words of a field's complaint, by the ids that describe the field. */
  async complaint(label) {
    const field = this.field(label);
    return eventually(async () => {
      check((await field.getAttribute("aria-invalid")) === "true", `${label} is not marked as wrong`);
      const ids = (await field.getAttribute("aria-describedby")).split(" ");
      return this.page.locator(`[id="${ids.at(-1)}"]`).innerText();
    });
  }
}
