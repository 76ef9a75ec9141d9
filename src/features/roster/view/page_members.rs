//! Forms about the people of a group: adding, posting, removing, and its managers (§3.4, §4.3–4.6).

use super::parts::{
    Asked, Matter, Needs, acronym_in, crumbs_below, form_actions, form_page, group_href,
    group_options, live_page, panel, player_href, refuse,
};
use crate::{
    domain::{AppError, MembershipId, PlayerId, PositionId, access::Action},
    features::roster::{
        api::{PlacePlayer, PostMember, RemoveMember, SetManager, SetManagerGroup},
        model::pages::{GroupChoice, GroupPage, PlayerChoice, PlayerPage},
    },
    ui::{Avatar, CommandForm, Empty, Insignia, Page, Select, Submit, TextArea},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page `/groups/{id}/add`: first the person, in the address, then role and position.
#[component]
pub fn AddMember() -> impl IntoView {
    form_page(add_needs, show_add)
}

fn add_needs(asked: &Asked) -> Needs {
    let player = Some(asked.text("player")).filter(|player| !player.is_empty());
    Needs {
        choices: player.is_none(),
        player,
        ..Needs::group(asked)
    }
}

fn show_add(mut matter: Matter, asked: &Asked) -> Result<AnyView, AppError> {
    let group = matter.group()?;
    refuse(group.can_assign, Action::AssignMembers)?;
    let position = asked.text("position");
    let (name, crumbs) = (group.name.clone(), crumbs_below(&group));
    let content = match matter.player() {
        Ok(player) => confirm_player(group, &player, position),
        Err(_) => choose_player(&group, matter.choices().players, position),
    };
    Ok(view! {
        <Page title="Add member" meta=name width="form" crumbs=crumbs>
            {content}
        </Page>
    }
    .into_any())
}

fn choose_player(group: &GroupPage, players: Vec<PlayerChoice>, position: String) -> AnyView {
    let here: Vec<PlayerId> = group
        .members
        .iter()
        .map(|member| member.player.id)
        .collect();
    let mut options = vec![(String::new(), "Choose…".to_owned())];
    options.extend(player_options(
        players
            .into_iter()
            .filter(|player| !here.contains(&player.id)),
    ));
    let new = format!("/players/new?group={}", group.id);
    view! {
        <form class="form" method="get" action=[&group_href(group.id), "/add"].concat()>
            <input type="hidden" name="position" value=position/>
            <Select name="player" label="Who" options=options required=true/>
            <div class="form__actions">
                <button class="button" data-kind="primary">"Continue"</button>
                <a class="button" href=new>"Add somebody new"</a>
                <a class="button" data-kind="quiet" href=group_href(group.id)>"Cancel"</a>
            </div>
        </form>
    }
    .into_any()
}

fn player_options(players: impl Iterator<Item = PlayerChoice>) -> Vec<(String, String)> {
    players
        .map(|player| (player.id.to_string(), player.name))
        .collect()
}

fn confirm_player(group: GroupPage, player: &PlayerPage, position: String) -> AnyView {
    let from = player
        .assignments
        .iter()
        .find(|assignment| assignment.exclusive);
    let is_transfer = group.exclusive && player.expected.is_some();
    let text = match (is_transfer, from) {
        (true, Some(from)) => {
            format!(
                "{} is in {} now and will be moved here.",
                player.name, from.group.name
            )
        }
        (true, None) => format!(
            "{} is in another group now and will be moved here.",
            player.name
        ),
        (false, _) => format!("{} will be a member here.", player.name),
    };
    let expected = player.expected.filter(|_| group.exclusive);
    let hidden = vec![
        ("player_id", player.id.to_string()),
        ("group_id", group.id.to_string()),
        (
            "expected",
            expected.map(|id| id.to_string()).unwrap_or_default(),
        ),
        ("goto", group_href(group.id)),
    ];
    let label = if is_transfer {
        "Move here"
    } else {
        "Add member"
    };
    let ordinary = group
        .roles
        .iter()
        .find(|role| !role.leadership && !role.singular);
    let ordinary = ordinary.map(|role| role.id.to_string()).unwrap_or_default();
    view! {
        <CommandForm to=PlacePlayer::PATH hidden=hidden>
            <p>{text}</p>
            {post_fields(&group, ordinary, None, position)}
            {form_actions(label, "primary", group_href(group.id))}
        </CommandForm>
    }
    .into_any()
}

/// Role and position of somebody in a group: what is vacant, and their own.
fn post_fields(
    group: &GroupPage,
    role: String,
    own: Option<PositionId>,
    position: String,
) -> AnyView {
    let roles: Vec<(String, String)> = group
        .roles
        .iter()
        .map(|role| (role.id.to_string(), role.name.clone()))
        .collect();
    let mut positions = vec![(String::new(), "None".to_owned())];
    let open = group
        .positions
        .iter()
        .filter(|p| p.holder.is_none() || Some(p.id) == own);
    positions.extend(open.map(|p| (p.id.to_string(), [&p.name, " · ", &p.role].concat())));
    let has_positions = positions.len() > 1;
    let position = has_positions.then(|| {
        view! {
            <Select
                name="position_id"
                label="Position"
                options=positions
                value=position
                hint="A position brings its own role, whatever is chosen above."
            />
        }
    });
    view! { <Select name="role_id" label="Role" options=roles value=role required=true/>{position} }
        .into_any()
}

// --- one member ----------------------------------------------------------------------------------

/// The page `/groups/{id}/members/{membership}`.
#[component]
pub fn MemberPage() -> impl IntoView {
    form_page(Needs::group, show_member)
}

fn show_member(mut matter: Matter, asked: &Asked) -> Result<AnyView, AppError> {
    let group = matter.group()?;
    refuse(group.can_assign, Action::AssignMembers)?;
    let membership: MembershipId = asked.id("membership")?;
    let member = group
        .members
        .iter()
        .find(|member| member.membership_id == membership);
    let member = member.ok_or(AppError::NotFound)?.clone();
    let here = group_href(group.id);
    let subject = || {
        vec![
            ("membership_id", membership.to_string()),
            ("goto", here.clone()),
        ]
    };
    let (name, place) = (member.player.name, group.name.clone());
    let crumbs = crumbs_below(&group);
    let position = member
        .position_id
        .map(|id| id.to_string())
        .unwrap_or_default();
    let (role, own) = (member.role_id.to_string(), member.position_id);
    let (posting, removal) = (subject(), subject());
    let post = view! {
        <div class="panel__body">
            <CommandForm to=PostMember::PATH hidden=posting>
                {post_fields(&group, role, own, position)}
                {form_actions("Save", "primary", group_href(group.id))}
            </CommandForm>
        </div>
    };
    let remove = view! {
        <div class="panel__body">
            <CommandForm to=RemoveMember::PATH hidden=removal>
                <TextArea
                    name="reason"
                    label="Reason"
                    rows="2"
                    hint="Stands in the history of the person and the group."
                    required=true
                />
                <div class="form__actions"><Submit label="Remove from group" kind="danger"/></div>
            </CommandForm>
        </div>
    };
    Ok(view! {
        <Page title=name meta=place width="form" crumbs=crumbs>
            <div class="stack">
                {panel("Role and position", None, post.into_any())}
                {panel("Remove", None, remove.into_any())}
            </div>
        </Page>
    }
    .into_any())
}

// --- managers ------------------------------------------------------------------------------------

/// The page `/groups/{id}/managers`.
#[component]
pub fn ManagersPage() -> impl IntoView {
    live_page(manager_needs, show_managers)
}

fn manager_needs(asked: &Asked) -> Needs {
    Needs {
        groups: true,
        ..Needs::group_and_choices(asked)
    }
}

fn show_managers(mut matter: Matter, _: &Asked) -> Result<AnyView, AppError> {
    let group = matter.group()?;
    refuse(group.can_choose_managers, Action::ManageManagers)?;
    let people: Vec<AnyView> = group
        .managers
        .iter()
        .map(|manager| manager_row(&group, manager))
        .collect();
    let groups: Vec<AnyView> = group
        .manager_groups
        .iter()
        .map(|manager| manager_group_row(&group, manager))
        .collect();
    let list = if people.is_empty() && groups.is_empty() {
        view! {
            <Empty
                icon="key"
                title="No managers"
                text="Managers add, move and remove the members of a group and answer requests to join it, without leading it."
            />
        }
        .into_any()
    } else {
        view! { <ul class="list">{people}{groups}</ul> }.into_any()
    };
    let add_person = add_person(&group, matter.choices().players);
    let add_group = add_group(&group, matter.groups());
    Ok(view! {
        <Page title="Managers" meta=group.name.clone() width="form" crumbs=crumbs_below(&group)>
            <div class="stack">{list}{add_person}{add_group}</div>
        </Page>
    }
    .into_any())
}

fn manager_hidden(group: &GroupPage) -> Vec<(&'static str, String)> {
    vec![
        ("group_id", group.id.to_string()),
        ("manages", "true".to_owned()),
    ]
}

fn add_person(group: &GroupPage, players: Vec<PlayerChoice>) -> AnyView {
    let is_manager = |id: PlayerId| group.managers.iter().any(|manager| manager.id == id);
    let others = players.into_iter().filter(|player| !is_manager(player.id));
    let mut options = vec![(String::new(), "Choose…".to_owned())];
    options.extend(player_options(others));
    view! {
        <CommandForm to=SetManager::PATH hidden=manager_hidden(group)>
            <Select name="player_id" label="Add a manager" options=options required=true/>
            <div class="form__actions"><Submit label="Add manager"/></div>
        </CommandForm>
    }
    .into_any()
}

fn add_group(group: &GroupPage, groups: Vec<GroupChoice>) -> AnyView {
    let offered = groups.iter().filter(|other| {
        let is_manager = group.manager_groups.iter().any(|by| by.id == other.id);
        other.id != group.id && !is_manager
    });
    let mut options = vec![(String::new(), "Choose…".to_owned())];
    options.extend(group_options(offered));
    view! {
        <CommandForm to=SetManagerGroup::PATH hidden=manager_hidden(group)>
            <Select
                name="manager_group_id"
                label="Add a group"
                options=options
                hint="Everybody in it becomes a manager here, as long as they are in it."
                required=true
            />
            <div class="form__actions"><Submit label="Add group" kind=""/></div>
        </CommandForm>
    }
    .into_any()
}

fn manager_row(group: &GroupPage, player: &PlayerChoice) -> AnyView {
    let remove = removal(
        SetManager::PATH,
        group,
        ("player_id", player.id.to_string()),
        &player.name,
    );
    view! {
        <li class="list__row">
            <Avatar name=player.name.clone()/>
            <div class="list__text">
                <a class="list__title" href=player_href(player.id)>{player.name.clone()}</a>
            </div>
            {remove}
        </li>
    }
    .into_any()
}

fn manager_group_row(group: &GroupPage, by: &GroupChoice) -> AnyView {
    let id = ("manager_group_id", by.id.to_string());
    let remove = removal(SetManagerGroup::PATH, group, id, &by.name);
    view! {
        <li class="list__row">
            <Insignia acronym=acronym_in(by) name=by.name.clone() size="small"/>
            <div class="list__text">
                <a class="list__title" href=group_href(by.id)>{by.name.clone()}</a>
                <p class="list__meta">"All its members"</p>
            </div>
            {remove}
        </li>
    }
    .into_any()
}

/// The button that takes a manager away; one that the form does not send is not made one.
fn removal(
    to: &'static str,
    group: &GroupPage,
    (name, id): (&'static str, String),
    of: &str,
) -> AnyView {
    let label = ["Remove, ", of].concat();
    view! {
        <form class="list__actions" method="post" action=to data-command="">
            <input type="hidden" name="group_id" value=group.id.to_string()/>
            <input type="hidden" name=name value=id/>
            <button class="button" data-size="small" aria-label=label>"Remove"</button>
        </form>
    }
    .into_any()
}
