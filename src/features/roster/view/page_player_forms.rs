//! Forms about a person: moving, creating, renaming (§2.2, §4.3).

use super::parts::{
    Asked, Matter, Needs, form_actions, form_page, group_href, group_options, player_href, refuse,
};
use crate::{
    domain::{AppError, GroupId, access::Action},
    features::roster::{
        api::{CreatePlayer, PlacePlayer, RenamePlayer},
        model::pages::PlayerPage,
    },
    ui::{CommandForm, Field, Page, Select},
};
use leptos::{prelude::*, server_fn::ServerFn};

fn crumbs(player: &PlayerPage) -> Vec<(String, String)> {
    vec![
        ("/roster".to_owned(), "Roster".to_owned()),
        (player_href(player.id), player.name.clone()),
    ]
}

/// The page `/players/{id}/move`, with `from` (the group it was opened from) in its address.
#[component]
pub fn MovePlayer() -> impl IntoView {
    form_page(Needs::player, show_move)
}

fn show_move(mut matter: Matter, asked: &Asked) -> Result<AnyView, AppError> {
    let player = matter.player()?;
    refuse(!player.targets.is_empty(), Action::AssignMembers)?;
    let back = match asked.id::<GroupId>("from") {
        Ok(group) => group_href(group),
        Err(_) => player_href(player.id),
    };
    let is_in = |group: GroupId| player.assignments.iter().any(|a| a.group.id == group);
    let targets = player.targets.iter().filter(|group| !is_in(group.id));
    let mut options = vec![(String::new(), "Choose…".to_owned())];
    options.extend(group_options(targets));
    let now = match player
        .assignments
        .iter()
        .find(|assignment| assignment.exclusive)
    {
        Some(now) => format!("Now in {} as {}.", now.group.name, now.post),
        None if player.expected.is_some() => "Now in another exclusive group.".to_owned(),
        None => "Now in no exclusive group.".to_owned(),
    };
    let hidden = vec![
        ("player_id", player.id.to_string()),
        (
            "expected",
            player.expected.map(|id| id.to_string()).unwrap_or_default(),
        ),
        ("goto", back.clone()),
    ];
    let (title, to) = (["Move ", &player.name].concat(), asked.text("to"));
    Ok(view! {
        <Page title=title meta=now width="form" crumbs=crumbs(&player)>
            <CommandForm to=PlacePlayer::PATH hidden=hidden>
                <Select
                    name="group_id"
                    label="To"
                    options=options
                    value=to
                    hint="Into an exclusive group this is a transfer; into others it adds a membership. The role is the ordinary one; change it on the group's page."
                    required=true
                />
                {form_actions("Move", "primary", back)}
            </CommandForm>
        </Page>
    }
    .into_any())
}

/// The page `/players/new`, with `group` in its address.
#[component]
pub fn NewPlayer() -> impl IntoView {
    form_page(
        |_| Needs {
            choices: true,
            ..Needs::default()
        },
        show_new,
    )
}

fn show_new(mut matter: Matter, asked: &Asked) -> Result<AnyView, AppError> {
    let choices = matter.choices();
    refuse(
        choices.unassigned || !choices.homes.is_empty(),
        Action::ManagePlayers,
    )?;
    let group = asked.text("group");
    let cancel = match group.parse::<GroupId>() {
        Ok(id) => group_href(id),
        Err(_) => "/roster".to_owned(),
    };
    let may_be_unassigned = choices.unassigned;
    let mut options = Vec::new();
    if may_be_unassigned {
        options.push((String::new(), "No group yet".to_owned()));
    }
    options.extend(group_options(choices.homes.iter()));
    Ok(view! {
        <Page title="Add somebody new" width="form" crumbs=vec![("/roster".into(), "Roster".into())]>
            <CommandForm to=CreatePlayer::PATH>
                <Field
                    name="common_name"
                    label="Name"
                    hint="The name people know. Somebody who logs in can claim it later, by an invitation."
                    required=true
                />
                <Select name="group_id" label="Group" options=options value=group required=!may_be_unassigned/>
                {form_actions("Add person", "primary", cancel)}
            </CommandForm>
        </Page>
    }
    .into_any())
}

/// The page `/players/{id}/edit`.
#[component]
pub fn EditPlayer() -> impl IntoView {
    form_page(Needs::player, show_edit)
}

fn show_edit(mut matter: Matter, _: &Asked) -> Result<AnyView, AppError> {
    let player = matter.player()?;
    refuse(player.can_edit, Action::ManagePlayers)?;
    let back = player_href(player.id);
    let hidden = vec![
        ("player_id", player.id.to_string()),
        ("version", player.version.to_string()),
        ("goto", back.clone()),
    ];
    Ok(view! {
        <Page title=["Rename ", &player.name].concat() width="form" crumbs=crumbs(&player)>
            <CommandForm to=RenamePlayer::PATH hidden=hidden>
                <Field
                    name="common_name"
                    label="Name"
                    value=player.name.clone()
                    hint="History keeps the name of then."
                    required=true
                />
                {form_actions("Rename", "primary", back)}
            </CommandForm>
        </Page>
    }
    .into_any())
}
