// Finding and dragging on the roster page.
import { check } from "./person.mjs";

/** The text as part of a regular expression. */
export const fill = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The card of a group. */
export const card = (person, group) =>
  person.main.locator(".roster-card").filter({
    has: person.page.getByRole("heading", { name: group, exact: true }),
  });

/** Who is in a card, in order. */
export const names = (one) =>
  one.locator(".roster-row:not([data-state=vacant]) .roster-row__name").allTextContents();

/** The exclusive group in whose card a person stands; departments come beside it. */
export const cardOf = (person, name) =>
  person.main.locator(".roster-card").evaluateAll((cards, wanted) => {
    const departments = ["Training Cadre", "Medics", "Event Staff", "Recruiters", "Command Council"];
    const found = cards.filter((one) =>
      [...one.querySelectorAll(".roster-row__name")].some((row) => row.textContent.trim() === wanted),
    );
    const groups = found.map((one) => one.querySelector("h2").textContent.trim());
    return groups.find((group) => !departments.includes(group)) ?? "";
  }, name);

/** The drag handle of a person, in the card of their exclusive group. */
export const handle = (person, name) => person.main.locator(".roster-card").getByRole("button", { name: `Drag ${name}`, exact: true }).first();

/** A group's row in the tree of edit mode. */
export const treeRow = (person, group) =>
  person.page.locator(".tree__row").filter({ has: person.page.getByRole("link", { name: group, exact: true }) });

const middle = async (locator, what) => {
  const box = await locator.boundingBox();
  check(box, `${what} has no place on the screen`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

/** Where to drop: near the top, because tall cards may reach out of the window. */
const target = async (locator) => {
  const box = await locator.boundingBox();
  check(box, "the target has no place on the screen");
  return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 24) };
};

/** Both ends of a drag must be in the window at once; a person would scroll, or use a wide one. */
const bringTogether = async (person, from, to) => {
  await from.scrollIntoViewIfNeeded();
  const inside = async () => {
    const { height } = person.page.viewportSize();
    const spots = [await middle(from, "the handle"), await target(to)];
    return spots.every((spot) => spot.y > 120 && spot.y < height - 240);
  };
  if (await inside()) return null;
  const before = person.page.viewportSize();
  await person.page.setViewportSize({ width: before.width, height: 8000 });
  return before;
};

/** Drags with the mouse. */
export async function dragByMouse(person, from, to) {
  const before = await bringTogether(person, from, to);
  const { mouse } = person.page;
  const start = await middle(from, "the handle");
  await mouse.move(start.x, start.y);
  await mouse.down();
  const end = await target(to);
  await mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
  await mouse.move(end.x, end.y, { steps: 4 });
  await mouse.up();
  if (before) await person.page.setViewportSize(before);
}

/** Drags with one finger, through the browser's own touch input. */
export async function dragByTouch(person, from, to) {
  const before = await bringTogether(person, from, to);
  const session = await person.context.newCDPSession(person.page);
  const touch = (type, points) => session.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  const start = await middle(from, "the handle");
  const end = await target(to);
  await touch("touchStart", [start]);
  for (let step = 1; step <= 6; step += 1) {
    const part = step / 6;
    await touch("touchMove", [{ x: start.x + (end.x - start.x) * part, y: start.y + (end.y - start.y) * part }]);
  }
  await touch("touchEnd", []);
  await session.detach();
  if (before) await person.page.setViewportSize(before);
}
