//! What one person can do and why, and what is missing for the rest.

use super::page_access::reach;
use crate::{
    domain::{AppError, PlayerId, access::Action, name::capitalised},
    features::access::{
        api::read_access,
        model::{AccessLine, GroupAccess, PersonAccess},
    },
    ui::{Page, loaded_page, parts::Pill, reading, words},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page `/players/{id}/access`.
#[component]
pub fn PagePerson() -> impl IntoView {
    let params = use_params_map();
    let asked = move || params.with(|params| params.get("id"));
    let page = reading(asked, |id: Option<String>| async move {
        let id: Option<PlayerId> = id.and_then(|id| id.parse().ok());
        read_access(id.ok_or(AppError::NotFound)?).await
    });
    loaded_page(page, show)
}

fn show(person: PersonAccess) -> AnyView {
    let title = if person.own {
        "What you may do".to_owned()
    } else {
        format!("What {} may do", person.name)
    };
    let crumbs = vec![
        ("/roster".to_owned(), "Roster".to_owned()),
        (format!("/players/{}", person.player), person.name.clone()),
    ];
    let own = person.own;
    let (can, cannot): (Vec<AccessLine>, Vec<AccessLine>) = person
        .everywhere
        .into_iter()
        .partition(|line| line.answer.is_ok());
    let groups: Vec<AnyView> = person.groups.into_iter().map(group).collect();
    view! {
        <Page title=title meta=person.rank width="reading" crumbs=crumbs>
            <div class="stack">
                {list("In the whole organisation", can.into_iter().map(allowed).collect())}
                {groups}
                {list(
                    if own { "What is missing for the rest" } else { "The rest, and what they are told" },
                    cannot.into_iter().map(missing).collect(),
                )}
            </div>
        </Page>
    }
    .into_any()
}

fn list(title: &'static str, rows: Vec<AnyView>) -> AnyView {
    let content = if rows.is_empty() {
        view! { <p class="panel__body">"Nothing."</p> }.into_any()
    } else {
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    view! {
        <section class="panel">
            <header class="panel__head"><h2>{title}</h2></header>
            {content}
        </section>
    }
    .into_any()
}

fn group(access: GroupAccess) -> AnyView {
    let rows: Vec<AnyView> = access
        .can
        .into_iter()
        .map(|(action, grant)| granted(action, grant))
        .collect();
    let href = format!("/groups/{}", access.group.id);
    view! {
        <section class="panel">
            <header class="panel__head">
                <h2>"In "<a href=href>{access.group.name}</a>" and below it"</h2>
            </header>
            <ul class="list">{rows}</ul>
        </section>
    }
    .into_any()
}

fn allowed(line: AccessLine) -> AnyView {
    granted(line.action, line.answer.unwrap_or_default())
}

fn granted(action: Action, grant: String) -> AnyView {
    let mut title = capitalised(action.label());
    title.push_str(reach(action));
    view! {
        <li class="list__row">
            <div class="list__text"><p class="list__title">{title}</p></div>
            <Pill kind="ok" text=grant/>
        </li>
    }
    .into_any()
}

fn missing(line: AccessLine) -> AnyView {
    let told = line.answer.err().map(words::missing).unwrap_or_default();
    view! {
        <li class="list__row">
            <div class="list__text">
                <p class="list__title">{capitalised(line.action.label())}</p>
                <p class="list__meta">{told}</p>
            </div>
        </li>
    }
    .into_any()
}
