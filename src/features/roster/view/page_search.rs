//! Groups and people by name (§5.5): what is meant exactly first, then what contains the text.
//! Without a text all groups stand there.

use super::{
    page_group::group_row,
    parts::{panel, player_href},
};
use crate::{
    domain::name::acronym_of,
    features::roster::{
        api::search,
        model::pages::{GroupChoice, OrgFound, PlayerChoice, SearchPage},
    },
    ui::{Avatar, Empty, Insignia, Page, loaded, reading},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page `/search`, with `q` in its address.
#[component]
pub fn SearchPageView() -> impl IntoView {
    let query = use_query_map();
    let text = Memo::new(move |_| query.with(|query| query.get("q")).unwrap_or_default());
    let resource = reading(move || text.get(), search);
    view! {
        <Page title="Search" width="reading">
            {move || form(text.get())}
            {loaded(resource, move |page| found(page, text.get_untracked()))}
        </Page>
    }
}

fn form(text: String) -> AnyView {
    view! {
        <form class="filters" method="get" action="/search" role="search" aria-label="People and groups">
            <div class="field">
                <label class="field__label" for="search-text">"Name or acronym"</label>
                <input class="input" id="search-text" name="q" type="search" value=text/>
            </div>
            <button class="button" data-kind="primary">"Search"</button>
        </form>
    }
    .into_any()
}

fn found(page: SearchPage, text: String) -> AnyView {
    if text.trim().is_empty() {
        return groups("All groups", page.groups, 0).unwrap_or_else(|| {
            nothing(
                "No groups yet",
                "Groups and people will be found here by a part of their name.".into(),
            )
        });
    }
    let exact = |wanted: bool| page.org.clone().filter(|org| org.exact == wanted);
    let parts: Vec<AnyView> = [
        org("Organisation", exact(true)),
        groups("Groups", page.exact_groups, 0),
        players("People", page.exact_players, 0),
        org("Organisation with this in its name", exact(false)),
        groups(
            "Groups with this in their name",
            page.groups,
            page.more_groups,
        ),
        players(
            "People with this in their name",
            page.players,
            page.more_players,
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        let text = format!(
            "No group and nobody here has “{}” in their name.",
            text.trim()
        );
        return nothing("Nothing found", text);
    }
    view! { <div class="stack">{parts}</div> }.into_any()
}

fn nothing(title: &'static str, text: String) -> AnyView {
    view! { <Empty icon="search" title=title text=text/> }.into_any()
}

fn org(title: &'static str, org: Option<OrgFound>) -> Option<AnyView> {
    list(title, org.into_iter().map(org_row).collect(), 0)
}

fn groups(title: &'static str, groups: Vec<GroupChoice>, more: u32) -> Option<AnyView> {
    list(title, groups.iter().map(group_row).collect(), more)
}

fn players(title: &'static str, players: Vec<PlayerChoice>, more: u32) -> Option<AnyView> {
    list(title, players.into_iter().map(player_row).collect(), more)
}

/// A list with what was left out of it.
fn list(title: &'static str, rows: Vec<AnyView>, more: u32) -> Option<AnyView> {
    let more = (more > 0).then(|| {
        let text = format!("and {more} more: enter more of the name.");
        view! { <div class="panel__body"><p class="panel__note">{text}</p></div> }
    });
    (!rows.is_empty()).then(|| {
        let content = view! { <ul class="list">{rows}</ul>{more} };
        panel(title, None, content.into_any())
    })
}

fn org_row(org: OrgFound) -> AnyView {
    view! {
        <li class="list__row">
            <Insignia acronym=acronym_of(&org.name) name=org.name.clone() size="small"/>
            <div class="list__text"><a class="list__title" href="/">{org.name}</a></div>
        </li>
    }
    .into_any()
}

fn player_row(player: PlayerChoice) -> AnyView {
    view! {
        <li class="list__row">
            <Avatar name=player.name.clone()/>
            <div class="list__text">
                <a class="list__title" href=player_href(player.id)>{player.name}</a>
            </div>
        </li>
    }
    .into_any()
}
