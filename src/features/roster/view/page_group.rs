//! The page of a group (§4): its head, and in tabs its members, positions, roles, subgroups and
//! history. Forms have pages of their own (`page_group_forms`, `page_members`, `page_posts`).

use super::parts::{
    Needs, Tab, acronym_in, button, chosen_tab, crumbs_to, group_href, heads, history_table,
    live_page, locked, menu_item, panel, player_href, row_button, tabs,
};
use crate::{
    domain::{AppError, GroupId, module::Module},
    features::{
        audit::view::event_log,
        guard::api::PlanRemoval,
        joining::{model::Way, view::group_action},
        roster::{
            input::granted_by,
            model::{
                Policy, Visibility,
                pages::{GroupChoice, GroupPage, MemberLine, PlayerChoice, PositionLine, RoleLine},
            },
            view::parts::{Asked, Matter},
        },
    },
    ui::{
        Avatar, CommandForm, Empty, Grants, Icon, Insignia, LocalTime, Page, PickRow, Submit,
        TextArea, insignia::rank_mark, live::Live, use_flash, use_viewer,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;
use std::sync::Arc;

/// The page `/groups/{id}`.
#[component]
pub fn GroupPageView() -> impl IntoView {
    live_page(Needs::group, show)
}

fn show(mut matter: Matter, _: &Asked) -> Result<AnyView, AppError> {
    let group = Arc::new(matter.group()?);
    let query = use_query_map();
    let shown = group.clone();
    let sections = move || section(&shown, query.with(|query| query.get("tab")));
    Ok(view! {
        <Page title=group.name.clone() crumbs=crumbs_to(&group) bare=true>
            <Live/>
            {head(&group)}
            {sections}
        </Page>
    }
    .into_any())
}

fn head(group: &GroupPage) -> AnyView {
    let pill = |kind, text: &'static str| {
        view! { <span class="pill" data-kind=kind data-look="solid">{text}</span> }.into_any()
    };
    let exclusive = group.exclusive.then(|| pill("info", "Exclusive"));
    let private =
        (group.visibility == "private").then(|| pill("warn", Visibility::Private.label()));
    let policy = Policy::parse(&group.policy).map_or("", Policy::label);
    view! {
        <header class="group-head">
            <Insignia acronym=group.acronym.clone() name=group.name.clone() size="large"/>
            <div class="group-head__text">
                <h1>{group.name.clone()}</h1>
                <p class="group-head__marks">
                    <span>{group.ident.clone()}</span>
                    <span>{group.kind.clone()}</span>
                    <span>{strength(group)}</span>
                    {exclusive}
                    {private}
                    {pill("none", policy)}
                </p>
                {description(group)}
                {who_adds(group)}
            </div>
            <div class="group-head__actions">{actions(group)}</div>
        </header>
    }
    .into_any()
}

fn strength(group: &GroupPage) -> String {
    let established = group.positions.len();
    let filled = group
        .positions
        .iter()
        .filter(|position| position.holder.is_some())
        .count();
    match (established, group.members.len()) {
        (0, 1) => "1 member".to_owned(),
        (0, count) => format!("{count} members"),
        _ => format!("{filled} of {established} filled"),
    }
}

fn description(group: &GroupPage) -> AnyView {
    let viewer = use_viewer();
    if !group.description_html.is_empty() {
        // Sanitised by the server (`server::markdown`).
        let html = group.description_html.clone();
        return view! { <div class="prose" inner_html=html></div> }.into_any();
    }
    let belongs = viewer.player.is_some() || viewer.can.edit_all;
    let missing = view! { <p class="prose" data-state="missing">"No description yet."</p> };
    belongs.then_some(missing).into_any()
}

/// A closed group says whom to ask.
fn who_adds(group: &GroupPage) -> Option<AnyView> {
    if group.way != Way::Closed || group.can_assign {
        return None;
    }
    let people = group.managers.iter().map(|player| &player.name);
    let groups = group.manager_groups.iter().map(|group| &group.name);
    let leaders = group.members.iter().filter(|member| member.leads);
    let leaders = leaders.map(|member| &member.player.name);
    let mut names: Vec<&str> = people.chain(groups).map(String::as_str).collect();
    let who = if names.is_empty() {
        names.extend(leaders.map(String::as_str));
        "Leaders: "
    } else {
        "Managers: "
    };
    let text = if names.is_empty() {
        "Nobody joins by themself.".to_owned()
    } else {
        ["Nobody joins by themself. ", who, &names.join(", "), "."].concat()
    };
    Some(view! { <p class="reason">{text}</p> }.into_any())
}

fn actions(group: &GroupPage) -> AnyView {
    let base = group_href(group.id);
    let at = |page: &str| [&base, page].concat();
    let add = group
        .can_assign
        .then(|| button(at("/add"), "plus", "Add member", "primary"));
    let add = add.or_else(|| {
        group
            .missing_assign
            .map(|missing| locked("Add member", missing))
    });
    let belong = group_action(group.id, group.way, !group.can_assign);
    let edit = group
        .can_edit
        .then(|| button(at("/edit"), "edit", "Edit", ""));
    let mut items = Vec::new();
    if group.can_edit {
        items.push(menu_item(
            format!("/groups/new?parent={}", group.id),
            "plus",
            "New subgroup",
        ));
    }
    if group.can_choose_managers {
        items.push(menu_item(at("/managers"), "key", "Managers"));
        if group.has_ranks {
            items.push(menu_item(at("/rank-set"), "ranks", "Rank set"));
        }
    }
    if group.can_rank {
        items.push(menu_item(
            at("/ranks"),
            "personnel",
            "Give a rank to several",
        ));
    }
    if group.can_assign && group.way != Way::None {
        items.push(menu_item(at("/requests"), "inbox", "Requests to join"));
    }
    if group.can_move {
        items.push(menu_item(at("/move"), "move", "Move"));
        items.push(menu_item(at("/retire"), "trash", "Retire"));
    }
    let menu = (!items.is_empty()).then(|| {
        view! {
            <details class="menu">
                <summary class="button" data-shape="icon">
                    <Icon name="more"/>
                    <span class="visually-hidden">"More about this group"</span>
                </summary>
                <div class="menu__panel">{items}</div>
            </details>
        }
    });
    view! { {add}{belong}{edit}{menu} }.into_any()
}

fn section(group: &GroupPage, asked: Option<String>) -> AnyView {
    let viewer = use_viewer();
    let has = |module| viewer.org().is_some_and(|org| org.modules.has(module));
    let mut all: Vec<Tab> = vec![("members", "Members", Some(group.members.len()))];
    if has(Module::Positions) {
        all.push(("positions", "Positions", Some(group.positions.len())));
    }
    all.extend([
        ("roles", "Roles", Some(group.roles.len())),
        ("subgroups", "Subgroups", Some(group.subgroups.len())),
        ("history", "History", None),
    ]);
    let chosen = chosen_tab(&all, asked);
    let content = match chosen {
        "positions" => positions(group),
        "roles" => roles(group),
        "subgroups" => subgroups(group),
        "history" => history(group),
        _ => members(group),
    };
    view! { {tabs(&group_href(group.id), chosen, &all)}<div class="stack">{content}</div> }
        .into_any()
}

// --- members -------------------------------------------------------------------------------------

fn members(group: &GroupPage) -> AnyView {
    let people = if group.members.is_empty() {
        empty_members(group)
    } else if group.can_assign {
        managed(group)
    } else {
        let rows: Vec<AnyView> = group.members.iter().map(plain_row).collect();
        // As on the roster: every row keeps a column when there are ranks.
        let ranks = group.members.iter().any(|member| rank(member).is_some());
        view! {
            <div class="panel" data-ranks=ranks.then_some("")>
                <ul class="roster-card__rows">{rows}</ul>
            </div>
        }
        .into_any()
    };
    view! { {people}{managers(group)} }.into_any()
}

fn empty_members(group: &GroupPage) -> AnyView {
    let actions = group.can_assign.then(|| {
        let new = format!("/players/new?group={}", group.id);
        let add = [&group_href(group.id), "/add"].concat();
        view! {
            <a class="button" href=add>"Add member"</a>
            <a class="button" href=new>"Add somebody new"</a>
        }
    });
    view! {
        <Empty
            icon="roster"
            title="Nobody here yet"
            text="The members of this group will stand here, leaders first."
        >
            {actions}
        </Empty>
    }
    .into_any()
}

/// The members with what can be done about each, and about several at once (§4.8).
fn managed(group: &GroupPage) -> AnyView {
    let rows: Vec<AnyView> = group
        .members
        .iter()
        .map(|member| managed_row(group.id, member))
        .collect();
    let id = group.id;
    view! {
        <CommandForm to=PlanRemoval::PATH hidden=vec![("group_id", id.to_string())] class="pick-list">
            <ul class="list">{rows}</ul>
            <details class="pick-list__act" open=use_flash(PlanRemoval::PATH).is_some()>
                <summary class="button">"Remove several…"</summary>
                <div class="form">
                    <p>"Choose people in the list above. You see what would happen before it does."</p>
                    <TextArea
                        name="reason"
                        label="Reason"
                        rows="2"
                        hint="Stands in the history of everybody removed, and of the group."
                        required=true
                    />
                    <div class="form__actions"><Submit label="Look at the removal" kind=""/></div>
                </div>
            </details>
        </CommandForm>
    }
    .into_any()
}

/// Position and role in one line.
fn post(member: &MemberLine) -> String {
    match &member.position {
        Some(position) if *position != member.role => [position, " · ", &member.role].concat(),
        _ => member.role.clone(),
    }
}

/// Insignia and short form of a member's rank.
fn rank(member: &MemberLine) -> Option<AnyView> {
    let rank = member.rank.as_ref()?;
    rank_mark(&rank.insignia, &rank.abbreviation)
}

fn managed_row(group: GroupId, member: &MemberLine) -> AnyView {
    let PlayerChoice { id, name } = &member.player;
    let move_to = format!("/players/{id}/move?from={group}");
    let change = format!("/groups/{group}/members/{}", member.membership_id);
    let (membership, choose) = (member.membership_id.to_string(), ["Choose ", name].concat());
    view! {
        <li class="list__row">
            <PickRow name="members[]" value=membership label=choose/>
            <Avatar name=name.clone()/>
            {rank(member)}
            <div class="list__text">
                <a class="list__title" href=player_href(*id)>{name.clone()}</a>
                <p class="list__meta">
                    {post(member)}" · since "<LocalTime at=member.since day_only=true/>
                </p>
            </div>
            <div class="list__actions">
                {row_button(move_to, "Move to…", name)}
                {row_button(change, "Post…", name)}
            </div>
        </li>
    }
    .into_any()
}

fn plain_row(member: &MemberLine) -> AnyView {
    let PlayerChoice { id, name } = &member.player;
    view! {
        <li class="roster-row" data-lead=member.leads.then_some("")>
            <Avatar name=name.clone()/>
            {rank(member)}
            <a class="roster-row__name" href=player_href(*id)>{name.clone()}</a>
            <span class="roster-row__post">
                {post(member)}" · since "<LocalTime at=member.since day_only=true/>
            </span>
        </li>
    }
    .into_any()
}

fn managers(group: &GroupPage) -> AnyView {
    if group.managers.is_empty() && group.manager_groups.is_empty() {
        return ().into_any();
    }
    let groups = group.manager_groups.iter().map(manager_group_row);
    let rows: Vec<AnyView> = group
        .managers
        .iter()
        .map(manager_row)
        .chain(groups)
        .collect();
    let change = group.can_choose_managers.then(|| {
        row_button(
            [&group_href(group.id), "/managers"].concat(),
            "Change",
            "managers",
        )
    });
    panel(
        "Managers",
        change,
        view! { <ul class="list">{rows}</ul> }.into_any(),
    )
}

fn manager_row(player: &PlayerChoice) -> AnyView {
    view! {
        <li class="list__row">
            <Avatar name=player.name.clone()/>
            <div class="list__text">
                <a class="list__title" href=player_href(player.id)>{player.name.clone()}</a>
            </div>
        </li>
    }
    .into_any()
}

fn manager_group_row(group: &GroupChoice) -> AnyView {
    view! {
        <li class="list__row">
            <Insignia acronym=acronym_in(group) name=group.name.clone() size="small"/>
            <div class="list__text">
                <a class="list__title" href=group_href(group.id)>{group.name.clone()}</a>
                <p class="list__meta">"All its members"</p>
            </div>
        </li>
    }
    .into_any()
}

// --- positions and roles -------------------------------------------------------------------------

fn positions(group: &GroupPage) -> AnyView {
    let base = group_href(group.id);
    let new = [&base, "/positions/new"].concat();
    if group.positions.is_empty() {
        let action = group
            .can_edit
            .then(|| view! { <a class="button" href=new>"Add position"</a> });
        return view! {
            <Empty
                icon="personnel"
                title="No positions"
                text="Positions are the places this group wants filled, such as a medic. Empty ones show as vacant."
            >
                {action}
            </Empty>
        }
        .into_any();
    }
    let rows: Vec<AnyView> = group
        .positions
        .iter()
        .map(|position| position_row(group, &base, position))
        .collect();
    let add = group
        .can_edit
        .then(|| button(new, "plus", "Add position", ""));
    panel(
        "Positions",
        add,
        view! { <ol class="list">{rows}</ol> }.into_any(),
    )
}

fn position_row(group: &GroupPage, base: &str, position: &PositionLine) -> AnyView {
    let name = &position.name;
    let holder = match &position.holder {
        Some(holder) => {
            view! { <a href=player_href(holder.id)>{holder.name.clone()}</a> }.into_any()
        }
        None => view! { <span class="pill" data-kind="none">"Vacant"</span> }.into_any(),
    };
    let fill = (group.can_assign && position.holder.is_none())
        .then(|| row_button(format!("{base}/add?position={}", position.id), "Fill", name));
    let edit = group
        .can_edit
        .then(|| row_button(format!("{base}/positions/{}", position.id), "Edit", name));
    let meta = if position.wants.is_empty() {
        position.role.clone()
    } else {
        [&position.role, " · wants ", &position.wants].concat()
    };
    view! {
        <li class="list__row">
            <div class="list__text">
                <p class="list__title">{name.clone()}</p>
                <p class="list__meta">{meta}</p>
            </div>
            {holder}
            <div class="list__actions">{fill}{edit}</div>
        </li>
    }
    .into_any()
}

fn roles(group: &GroupPage) -> AnyView {
    let base = group_href(group.id);
    let rows: Vec<AnyView> = group
        .roles
        .iter()
        .map(|role| role_row(&base, role, group.can_edit))
        .collect();
    let add = group
        .can_edit
        .then(|| button([&base, "/roles/new"].concat(), "plus", "Add role", ""));
    let all = &["Role", "Acronym", "Leads", "Held by", "Change"];
    let columns = if group.can_edit {
        all.as_slice()
    } else {
        &all[..4]
    };
    let table = view! {
        <div class="table-wrap" role="region" aria-label="Roles" tabindex="0">
            <table class="table">
                <thead><tr>{heads(columns)}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    };
    panel("Roles", add, table.into_any())
}

fn role_row(base: &str, role: &RoleLine, can_edit: bool) -> AnyView {
    let leads = match (role.leadership, role.singular) {
        (true, true) => "Yes, one at a time",
        (true, false) => "Yes",
        (false, true) => "No, one at a time",
        (false, false) => "No",
    };
    let holders = match role.holders {
        0 => "Nobody".to_owned(),
        1 => "1 person".to_owned(),
        count => format!("{count} people"),
    };
    let grants = granted_by(role.leadership, role.access);
    let edit = can_edit.then(|| {
        let href = format!("{base}/roles/{}", role.id);
        view! { <td data-align="end">{row_button(href, "Edit", &role.name)}</td> }
    });
    view! {
        <tr>
            <td data-kind="name">{role.name.clone()}<Grants access=grants/></td>
            <td>{role.acronym.clone()}</td>
            <td>{leads}</td>
            <td>{holders}</td>
            {edit}
        </tr>
    }
    .into_any()
}

// --- subgroups and history -----------------------------------------------------------------------

fn subgroups(group: &GroupPage) -> AnyView {
    let new = format!("/groups/new?parent={}", group.id);
    if group.subgroups.is_empty() {
        let action = group
            .can_edit
            .then(|| view! { <a class="button" href=new>"Add subgroup"</a> });
        return view! {
            <Empty
                icon="tree"
                title="No subgroups"
                text="Split this group into smaller ones, each with its own leader."
            >
                {action}
            </Empty>
        }
        .into_any();
    }
    let rows: Vec<AnyView> = group.subgroups.iter().map(group_row).collect();
    let add = group
        .can_edit
        .then(|| button(new, "plus", "Add subgroup", ""));
    panel(
        "Subgroups",
        add,
        view! { <ul class="list">{rows}</ul> }.into_any(),
    )
}

/// A group in a list.
pub(super) fn group_row(group: &GroupChoice) -> AnyView {
    view! {
        <li class="list__row">
            <Insignia acronym=acronym_in(group) name=group.name.clone() size="small"/>
            <div class="list__text">
                <a class="list__title" href=group_href(group.id)>{group.name.clone()}</a>
                <p class="list__meta">{group.ident.clone()}</p>
            </div>
        </li>
    }
    .into_any()
}

fn history(group: &GroupPage) -> AnyView {
    let viewer = use_viewer();
    let past = (!group.history.is_empty()).then(|| {
        panel(
            "Former members",
            None,
            history_table(&viewer, "Who", group.history.clone()),
        )
    });
    let events =
        (!group.events.is_empty()).then(|| view! { <div>{event_log(group.events.clone())}</div> });
    if past.is_none() && events.is_none() {
        return view! {
            <Empty
                icon="clock"
                title="No history yet"
                text="Who came and went, and what was changed in this group, will stand here."
            />
        }
        .into_any();
    }
    view! { {past}{events} }.into_any()
}
