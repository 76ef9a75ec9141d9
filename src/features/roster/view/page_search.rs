//! Groups and people by name (§5.5): what is meant exactly first, then what contains the text.

use super::{
    page_group::group_row,
    parts::{panel, player_href},
};
use crate::{
    features::roster::{
        api::search,
        model::pages::{GroupChoice, PlayerChoice, SearchPage},
    },
    ui::{Avatar, Empty, Page, loaded, reading},
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
    let parts: Vec<AnyView> = [
        groups("Groups", page.exact_groups),
        players("People", page.exact_players),
        groups("Groups with this in their name", page.groups),
        players("People with this in their name", page.players),
    ]
    .into_iter()
    .flatten()
    .collect();
    if text.trim().is_empty() {
        return nothing(
            "What are you looking for?",
            "Enter a part of a name, or an acronym.".into(),
        );
    }
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

fn groups(title: &'static str, groups: Vec<GroupChoice>) -> Option<AnyView> {
    list(title, groups.iter().map(group_row).collect())
}

fn players(title: &'static str, players: Vec<PlayerChoice>) -> Option<AnyView> {
    list(title, players.into_iter().map(player_row).collect())
}

fn list(title: &'static str, rows: Vec<AnyView>) -> Option<AnyView> {
    (!rows.is_empty()).then(|| {
        panel(
            title,
            None,
            view! { <ul class="list">{rows}</ul> }.into_any(),
        )
    })
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
