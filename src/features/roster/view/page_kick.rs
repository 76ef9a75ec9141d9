//! Removing somebody from the organisation, and taking them back (§3.3).

use super::parts::{Asked, Matter, Needs, form_actions, form_page, player_href};
use crate::{
    domain::{AppError, access::Missing},
    features::roster::{
        api::{KickPlayer, ReinstatePlayer},
        model::is_gone,
        model::pages::PlayerPage,
    },
    ui::{Checkbox, CommandForm, Page, TextArea},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page `/players/{id}/kick`.
#[component]
pub fn KickPage() -> impl IntoView {
    form_page(Needs::player, show)
}

fn show(mut matter: Matter, _: &Asked) -> Result<AnyView, AppError> {
    let player = matter.player()?;
    let outside = AppError::Forbidden(Missing::Membership);
    let controls = player.controls.ok_or(outside)?;
    if let Some(missing) = controls.kick {
        return Err(AppError::Forbidden(missing));
    }
    let back = player_href(player.id);
    let crumbs = vec![
        ("/roster".to_owned(), "Roster".to_owned()),
        (back.clone(), player.name.clone()),
    ];
    let hidden = vec![("player_id", player.id.to_string()), ("goto", back.clone())];
    let (verb, form) = if is_gone(&player.standing) {
        ("Bring back ", reinstating(hidden, back))
    } else {
        ("Remove ", kicking(&player, hidden, back))
    };
    let title = [verb, &player.name].concat();
    Ok(view! { <Page title=title width="form" crumbs=crumbs>{form}</Page> }.into_any())
}

fn kicking(player: &PlayerPage, hidden: Vec<(&'static str, String)>, back: String) -> AnyView {
    let groups = player.assignments.len();
    let text = match groups {
        0 => "They lose their rank and every access, and are a visitor then.".to_owned(),
        1 => "They leave their group, lose their rank and every access, and are a visitor then."
            .to_owned(),
        count => format!(
            "They leave their {count} groups, lose their rank and every access, and are a visitor then."
        ),
    };
    view! {
        <CommandForm to=KickPlayer::PATH hidden=hidden>
            <p>{text}" History keeps what was, and this can be undone for a week."</p>
            <TextArea
                name="reason"
                label="Reason"
                hint="3 to 500 characters. It stands in the log and in the history of memberships."
                required=true
                rows="3"
            />
            <Checkbox
                name="ban"
                label="Ban"
                hint="They cannot come back by themself, only when somebody brings them back."
            />
            {form_actions("Remove from the organisation", "danger-primary", back)}
        </CommandForm>
    }
    .into_any()
}

fn reinstating(hidden: Vec<(&'static str, String)>, back: String) -> AnyView {
    view! {
        <CommandForm to=ReinstatePlayer::PATH hidden=hidden>
            <p>"They belong to the organisation again: with the default rank, and in no group yet."</p>
            {form_actions("Bring back", "primary", back)}
        </CommandForm>
    }
    .into_any()
}
