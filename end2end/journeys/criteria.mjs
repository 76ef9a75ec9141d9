// Criteria: a rule is typed as rows, tried out, mended and refined; and who may not do that.
import { check, same } from "../lib/person.mjs";

export default async function criteria(t) {
  const founder = await t.as("founder");
  const member = await t.as("member");
  const { main } = founder;
  const show = () => founder.press("Show who would qualify");
  const count = async (words) => parseInt(await main.getByRole("link", { name: words }).textContent(), 10);
  let everybody;

  await t.step("no condition is met by everybody", async () => {
    await founder.go("/criteria/preview");
    await founder.see(founder.role("heading", "Who would qualify", { level: 1 }));
    everybody = await count("qualify");
    check(everybody > 10, `${everybody} people in the demo`);
    same(await count("do not"), 0, "those who do not");
  });

  await t.step("a row shows what its condition needs, and then there is another row", async () => {
    await founder.miss(founder.field("Row 1: group"));
    await founder.miss(founder.field("Row 2: condition"));
    await founder.choose("Row 1: condition", "Member of the group");
    await founder.see(founder.field("Row 1: group"));
    await founder.miss(founder.field("Row 1: rank"));
    await founder.see(founder.field("Row 2: condition"));
  });

  await t.step("what is wrong stands at its field, and nothing typed is lost", async () => {
    await founder.fill({ "Row 1: group": "Nowhere at all" });
    await show();
    await founder.see("There is no such thing here");
    same(await founder.field("Row 1: group").inputValue(), "Nowhere at all", "what was typed");
  });

  await t.step("who qualifies, and what the others lack", async () => {
    await founder.fill({ "Row 1: group": "anvil one alpha" });
    await founder.choose("Row 2: condition", "Rank at least");
    await founder.choose("Row 2: rank", "Sergeant");
    await show();
    await founder.see("in Anvil One Alpha and rank Sergeant or above");
    const met = await count("qualify");
    check(met < everybody, `${met} of ${everybody} qualify`);
    same(met + (await count("do not")), everybody, "all of them");
    await founder.follow("do not");
    await founder.see("Not in Anvil One Alpha");
    await founder.see(/^Below rank Sergeant/);
  });

  await t.step("rows further in belong to the one above", async () => {
    await founder.choose("Row 1: condition", "One of the rows inside");
    await founder.field("Row 2: how far in").selectOption("1");
    await founder.choose("Row 3: condition", "On leave of absence");
    await founder.field("Row 3: how far in").selectOption("1");
    await show();
    await founder.see("rank Sergeant or above or on leave of absence");
  });

  await t.step("whoever plans nothing tries nothing out", async () => {
    member.expect(403);
    same((await member.go("/criteria/preview")).status(), 403, "the preview");
  });
}
