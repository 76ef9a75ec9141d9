// The address of every page, for the sweep and the pictures. Ids are found as a person finds them:
// by following links of the demo.
import { card } from "./roster.mjs";

const hrefOf = async (locator) => new URL(await locator.first().evaluate((link) => link.href)).pathname;

/** Every page that the demo's founder can open, by name. */
export async function pages(founder, server) {
  await founder.go("/roster");
  const group = await hrefOf(card(founder, "Anvil Platoon").getByRole("link", { name: "Anvil Platoon" }));
  const leaf = await hrefOf(card(founder, "Anvil One Alpha").getByRole("link", { name: "Anvil One Alpha" }));
  const player = await hrefOf(card(founder, "Anvil One Alpha").locator("a.roster-row__name"));
  await founder.go(leaf);
  const member = await hrefOf(founder.page.getByRole("link", { name: /^Post…/ }));
  await founder.go(`${leaf}?tab=roles`);
  const role = await hrefOf(founder.main.getByRole("link", { name: "Edit, Member" }));
  await founder.go(`${leaf}?tab=positions`);
  const position = await hrefOf(founder.main.getByRole("link", { name: "Edit, Rifleman" }));
  await founder.go("/ranks");
  const rank = await hrefOf(founder.role("link", "Edit Corporal"));
  const rankSet = await hrefOf(founder.role("link", "Aircrew"));
  await founder.go("/operations");
  const operation = await hrefOf(founder.role("link", "Operation Northern Shield"));
  await founder.go(`${operation}/billets`);
  const billet = await hrefOf(founder.role("link", "Signaller"));
  await founder.go("/operations?past=true");
  const past = await hrefOf(founder.main.locator(".agenda__row a"));
  const monthAgo = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
  return {
    roster: "/roster",
    "roster-tree": "/roster?view=tree",
    "roster-chart": "/roster?view=chart",
    "roster-table": "/roster?view=table",
    "roster-past": `/roster?view=cards&as_of=${monthAgo}`,
    "roster-filter": "/roster?view=cards&q=medic",
    "roster-edit": "/roster?edit=1",
    group,
    "group-leaf": leaf,
    "group-positions": `${leaf}?tab=positions`,
    "group-roles": `${leaf}?tab=roles`,
    "group-subgroups": `${group}?tab=subgroups`,
    "group-history": `${leaf}?tab=history`,
    "group-new": "/groups/new",
    "group-edit": `${leaf}/edit`,
    "group-move": `${leaf}/move`,
    "group-retire": `${leaf}/retire`,
    "group-add": `${leaf}/add`,
    "group-managers": `${leaf}/managers`,
    member,
    "role-new": `${leaf}/roles/new`,
    "role-edit": role,
    "position-new": `${leaf}/positions/new`,
    "position-edit": position,
    player,
    "player-events": `${player}?tab=events`,
    "player-move": `${player}/move`,
    "player-edit": `${player}/edit`,
    "player-ranks": `${player}?tab=rank`,
    "player-rank": `${player}/rank`,
    "player-kick": `${player}/kick`,
    "player-new": "/players/new",
    "group-join": `${leaf}/join`,
    "group-requests": `${leaf}/requests`,
    join: "/join",
    inbox: "/inbox",
    leave: "/leave",
    ranks: "/ranks",
    rank,
    "rank-new": "/ranks/new",
    "rank-set": rankSet,
    "rank-set-new": "/ranks/sets/new",
    "group-rank-set": `${leaf}/rank-set`,
    operations: "/operations",
    "operations-past": "/operations?past=true",
    "operations-setup": "/operations/setup",
    operation,
    "operation-new": "/operations/new",
    "operation-edit": `${operation}/edit`,
    "operation-manage": `${operation}/manage`,
    "operation-history": `${operation}/history`,
    "operation-move": `${operation}/move`,
    "operation-answers": `${operation}/answers`,
    billets: `${operation}/billets`,
    "billets-edit": `${operation}/billets/edit`,
    billet,
    "billet-board": `${operation}/board`,
    "billet-suggestion": `${operation}/suggest`,
    "attendance-sheet": `${past}/attendance`,
    "attendance-report": `${past}/report`,
    attendance: "/attendance",
    "attendance-groups": "/attendance?by=groups",
    "attendance-states": "/attendance/states",
    "attendance-corrections": "/attendance/corrections",
    absence: "/absence",
    calendar: "/calendar",
    "calendar-week": "/calendar?view=week",
    "calendar-agenda": "/calendar?view=agenda",
    "calendar-feeds": "/calendar/feeds",
    "criteria-preview": "/criteria/preview",
    search: "/search?q=anvil",
    "search-empty": "/search",
    log: "/log",
    notices: "/notices",
    "notices-settings": "/notices/settings",
    import: "/import",
    access: "/access",
    "access-group": `/access?group=${leaf.split("/").at(-1)}`,
    "player-access": `${player}/access`,
    "group-ranks": `${leaf}/ranks`,
    settings: "/settings",
    start: "/start",
    "apex-orgs": `${server.apex}/`,
    about: "/about",
    shortcuts: "/shortcuts",
    "apex-found": `${server.apex}/found`,
    "apex-find": `${server.apex}/orgs?q=demo`,
    "apex-types": `${server.apex}/site/types`,
    "apex-type": `${server.apex}/site/types/muster.unit`,
    "apex-type-new": `${server.apex}/site/types/new`,
    "apex-account": `${server.apex}/account`,
    "apex-sessions": `${server.apex}/account/sessions`,
  };
}

/** Pages as people see them who are not logged in. */
export function strangers(server) {
  return {
    "stranger-about": "/",
    "stranger-roster": "/roster",
    "stranger-join": "/join",
    "apex-landing": `${server.apex}/`,
    "apex-sign-in": `${server.apex}/sign-in`,
    "apex-register": `${server.apex}/register`,
  };
}
