// Leaders rearrange the demo's roster: by mouse, touch, keyboard and form; another window follows
// without reload; changes are taken back from the toast and from the log.
import { check, eventually, same } from "../lib/person.mjs";
import { card, cardOf, dragByMouse, dragByTouch, fill, handle, names, treeRow } from "../lib/roster.mjs";

export const weight = 8;

const FROM = "Anvil One Alpha";
const TO = "Anvil Two Bravo";

export default async function rearranging(t) {
  const founder = await t.as("founder");
  const watcher = t.js ? await t.as("member") : null;
  let who;

  const someoneIn = async (person, group) => {
    const people = await names(card(person, group));
    check(people.length > 0, `${group} is empty`);
    return people.at(-1);
  };
  const isIn = async (person, name, group) =>
    eventually(async () => same(await cardOf(person, name), group, `where ${name} is`));

  await t.step("edit mode shows handles, targets and the way by form", async () => {
    await founder.go("/roster");
    await founder.follow("Edit roster");
    await founder.see(founder.role("heading", "Edit roster", { level: 1 }));
    who = await someoneIn(founder, FROM);
    check((await handle(founder, who).count()) > 0, `${who} has no handle`);
    await founder.see(founder.role("link", `Move to…, ${who}`));
    if (watcher) await watcher.go("/roster");
  });

  if (t.js) {
    await t.step("a person is dragged by mouse, and a second window sees it", async () => {
      await dragByMouse(founder, handle(founder, who), card(founder, TO));
      await founder.see(`Moved ${who} from ${FROM} to ${TO}`);
      await isIn(founder, who, TO);
      await isIn(watcher, who, TO);
    });

    await t.step("Undo in the toast brings them back in both windows", async () => {
      await founder.role("status").getByRole("button", { name: "Undo" }).last().click();
      await founder.see(`Moved ${who} from ${TO} to ${FROM}`);
      await isIn(founder, who, FROM);
      await isIn(watcher, who, FROM);
    });

    await t.step("a person is dragged by keyboard", async () => {
      await handle(founder, who).focus();
      await founder.page.keyboard.press("Enter");
      const said = founder.page.locator("#roster-say");
      await eventually(async () => check((await said.innerText()).includes(`Lifted ${who}`), "lifting is not said"));
      for (let steps = 0; ; steps += 1) {
        check(steps < 200, `no arrow leads to ${TO}: ${await said.innerText()}`);
        await founder.page.keyboard.press("ArrowDown");
        if ((await said.innerText()) === `Over ${TO}`) break;
      }
      await founder.page.keyboard.press("Enter");
      await isIn(founder, who, TO);
      await isIn(watcher, who, TO);
      const focused = () =>
        founder.page.evaluate(() => document.activeElement?.closest("[data-name]")?.getAttribute("data-name"));
      await eventually(async () => same(await focused(), who, "the focus goes along"));
    });

    await t.step("Escape leaves everything where it was", async () => {
      await handle(founder, who).focus();
      await founder.page.keyboard.press("Enter");
      await founder.page.keyboard.press("ArrowDown");
      await founder.page.keyboard.press("Escape");
      await eventually(async () => {
        const said = await founder.page.locator("#roster-say").innerText();
        check(said.includes("Not moved"), `said “${said}”`);
      });
      same(await cardOf(founder, who), TO, `where ${who} is`);
    });

    await t.step("a person is dragged by touch on a phone", async () => {
      const phone = await t.as("founder", { phone: true, deviceScaleFactor: 2 });
      await phone.go("/roster?edit=1");
      const small = await someoneIn(phone, "Anvil One Bravo");
      await dragByTouch(phone, handle(phone, small), card(phone, "Anvil Two Alpha"));
      await isIn(phone, small, "Anvil Two Alpha");
      await isIn(watcher, small, "Anvil Two Alpha");
      await phone.close();
    });

    await t.step("dropping on a vacancy fills it", async () => {
      const place = founder.page.locator("[data-position]").first();
      const post = (await place.locator(".roster-row__name").textContent()).replace("Vacant: ", "");
      const group = await place.evaluate((row) => row.closest("[data-group]").dataset.name);
      const people = await names(card(founder, "Basic Training"));
      await dragByMouse(founder, handle(founder, people.at(-1)), place);
      await isIn(founder, people.at(-1), group);
      const row = card(founder, group).locator(".roster-row", { hasText: people.at(-1) });
      await eventually(async () => check((await row.innerText()).includes(post), `${people.at(-1)} is not ${post}`));
    });
  }

  await t.step("a person is moved by the form", async () => {
    await founder.go("/roster?edit=1");
    who = await someoneIn(founder, FROM);
    await founder.role("link", `Move to…, ${who}`).first().click();
    await founder.see(founder.role("heading", `Move ${who}`));
    await founder.choose("To", TO);
    await founder.press("Move");
    await founder.see(`Moved ${who} from ${FROM} to ${TO}`);
    await founder.go("/roster?edit=1");
    same(await cardOf(founder, who), TO, `where ${who} is`);
    if (watcher) await isIn(watcher, who, TO);
  });

  await t.step("several people are ticked and moved together", async () => {
    const [one, two] = await names(card(founder, "Basic Training"));
    for (const name of [one, two]) await founder.tick(`Select ${name}`);
    if (t.js) await founder.see("2 people selected");
    await founder.choose(/^Move to$/, "Logistics Section");
    await founder.press(/^Move$/);
    if (!t.js) await founder.go("/roster?edit=1");
    await isIn(founder, one, "Logistics Section");
    await isIn(founder, two, "Logistics Section");
  });

  const under = async (person, group) => person.page.locator(`.tree__row[data-name="${group}"]`).evaluate((row) =>
    row.closest(".tree__item").parentElement.closest(".tree__item")?.querySelector(".tree__row").dataset.name ?? "");

  if (t.js) {
    await t.step("a group is dragged in the tree by mouse", async () => {
      same(await under(founder, "Mortar Team"), "Weapons Section", "where the Mortar Team starts");
      const row = treeRow(founder, "Mortar Team");
      await dragByMouse(founder, row.getByRole("button", { name: "Drag Mortar Team" }), treeRow(founder, "Logistics Section"));
      await founder.see("Moved Mortar Team under Logistics Section");
      await eventually(async () => same(await under(founder, "Mortar Team"), "Logistics Section"));
    });
  }

  await t.step("a group is moved by the form, with what is below it", async () => {
    await founder.go("/roster?edit=1");
    await treeRow(founder, "Weapons Section").getByRole("link", { name: "Weapons Section" }).click();
    await founder.see(founder.role("heading", "Weapons Section", { level: 1 }));
    await founder.menu("More about this group");
    await founder.follow(/^Move$/);
    await founder.choose(/^Under$/, "Anvil Platoon");
    await founder.press("Show places there");
    await founder.see("Place under Anvil Platoon");
    await founder.choose("Place under Anvil Platoon", "First");
    await founder.press("Move group");
    await founder.see("Moved Weapons Section under Anvil Platoon");
    await founder.go("/roster?edit=1");
    same(await under(founder, "Weapons Section"), "Anvil Platoon", "where the Weapons Section is");
    same(await under(founder, "Machine Gun Team"), "Weapons Section", "where its teams are");
  });

  await t.step("the log tells both, and takes a move back", async () => {
    await founder.go("/log");
    await founder.see(`Moved ${who} from ${FROM} to ${TO}`);
    if (t.js) await founder.see("(undo)");
    await founder.press(new RegExp(`^Undo: Moved ${fill(who)}`));
    await founder.see(`Moved ${who} from ${TO} to ${FROM}`);
    await founder.go("/roster?edit=1");
    same(await cardOf(founder, who), FROM, `where ${who} is`);
  });

  await t.step("a squad leader rearranges their own squad only", async () => {
    const leader = await t.as("leader");
    await leader.go("/roster?edit=1");
    const own = leader.page.locator(".roster-card[data-group]");
    const all = leader.page.locator(".roster-card");
    const [mine, everything] = [await own.count(), await all.count()];
    check(mine > 0 && mine < everything, `${mine} of ${everything} groups can be changed`);
    const groups = await own.evaluateAll((cards) => cards.map((one) => one.dataset.name));
    const from = [];
    for (const group of groups) if ((await names(card(leader, group))).length > 1) from.push(group);
    const to = groups.find((group) => group !== from[0]);
    const name = (await names(card(leader, from[0]))).at(-1);
    if (t.js) {
      await dragByMouse(leader, handle(leader, name), card(leader, to));
    } else {
      await leader.role("link", `Move to…, ${name}`).first().click();
      await leader.choose("To", to);
      await leader.press("Move");
      await leader.see(`Moved ${name}`);
      await leader.go("/roster?edit=1");
    }
    await isIn(leader, name, to);
    if (watcher) await isIn(watcher, name, to);
    await leader.close();
  });
}
