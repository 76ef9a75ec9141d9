//! Who can do what, as a table of people and actions.

use crate::{
    domain::{access::Action, name::capitalised},
    features::{
        access::{
            api::list_access,
            model::{AccessPage, AccessRow, PAGE},
        },
        roster::model::pages::GroupChoice,
    },
    ui::{Empty, Page, loaded, reading},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page `/access`, with `group` and `before` in its address.
#[component]
pub fn PageAccess() -> impl IntoView {
    let query = use_query_map();
    let asked = move || {
        query.with(|query| {
            let before = query.get("before").and_then(|text| text.parse().ok());
            (query.get("group").unwrap_or_default(), before.unwrap_or(0))
        })
    };
    let page = reading(asked, |(group, before): (String, u32)| {
        list_access(group, before)
    });
    view! {
        <Page title="Access" meta="Who can do what, and through which grant">
            {loaded(page, content)}
        </Page>
    }
}

fn content(page: AccessPage) -> AnyView {
    let chosen = page.chosen.clone();
    view! {
        <div class="stack">
            {choose(&page.groups, chosen.as_ref())}
            {everybody(&page)}
            {table(&page)}
            {pages(&page)}
        </div>
    }
    .into_any()
}

fn choose(groups: &[GroupChoice], chosen: Option<&GroupChoice>) -> AnyView {
    let options = groups
        .iter()
        .map(|group| {
            let selected = chosen.is_some_and(|chosen| chosen.id == group.id);
            let indent = "\u{a0}\u{a0}\u{a0}".repeat(group.depth as usize);
            let name = [&indent, &group.name].map(String::as_str).concat();
            view! { <option value=group.id.to_string() selected=selected>{name}</option> }
        })
        .collect_view();
    view! {
        <form class="toolbar" method="get" action="/access">
            <div class="field">
                <label class="field__label" for="access-group">"Where"</label>
                <select class="input" id="access-group" name="group">
                    <option value="" selected=chosen.is_none()>"The whole organisation"</option>
                    {options}
                </select>
            </div>
            <button class="button">"Show"</button>
        </form>
    }
    .into_any()
}

/// What needs no row of its own, because everybody can.
fn everybody(page: &AccessPage) -> AnyView {
    let can: Vec<&str> = page.everybody.iter().map(|action| action.label()).collect();
    let text = if can.is_empty() {
        "Listed are those who can do something here. Others can only look.".to_owned()
    } else {
        format!(
            "Everybody can {}. Listed are those who can do more.",
            can.join(", ")
        )
    };
    view! { <p>{text}</p> }.into_any()
}

fn table(page: &AccessPage) -> AnyView {
    if page.rows.is_empty() {
        return view! {
            <Empty
                icon="key"
                title="Nobody"
                text="Founders, ranks, roles and managers give access. Nobody you see has any here."
            />
        }
        .into_any();
    }
    let heads = page
        .actions
        .iter()
        .map(|action| view! { <th scope="col">{capitalised(action.label())}</th> })
        .collect_view();
    let rows = page.rows.iter().map(row).collect_view();
    view! {
        <div class="table-wrap" role="region" aria-label="Who can do what" tabindex="0">
            <table class="table access-table">
                <thead>
                    <tr><th scope="col" data-kind="name">"Who"</th>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(row: &AccessRow) -> AnyView {
    let cells = row
        .cells
        .iter()
        .map(|cell| {
            if cell.is_empty() {
                view! { <td data-state="no"><span class="visually-hidden">"No"</span></td> }
                    .into_any()
            } else {
                view! { <td>{cell.clone()}</td> }.into_any()
            }
        })
        .collect_view();
    let href = format!("/players/{}/access", row.player);
    view! {
        <tr><th scope="row" data-kind="name"><a href=href>{row.name.clone()}</a></th>{cells}</tr>
    }
    .into_any()
}

fn pages(page: &AccessPage) -> Option<AnyView> {
    let size = u32::try_from(PAGE).unwrap_or(u32::MAX);
    let shown = u32::try_from(page.rows.len()).unwrap_or_default();
    if page.total <= shown {
        return None;
    }
    let group = page.chosen.as_ref().map(|group| group.id.to_string());
    let group = group.unwrap_or_default();
    let href = |before: u32| format!("/access?group={group}&before={before}");
    let earlier = (page.before > 0).then(
        || view! { <a class="button" href=href(page.before.saturating_sub(size))>"Back"</a> },
    );
    let later = (page.before + shown < page.total)
        .then(|| view! { <a class="button" href=href(page.before + shown)>"More people"</a> });
    let text = format!(
        "{}–{} of {}",
        page.before + 1,
        page.before + shown,
        page.total
    );
    Some(
        view! { <nav class="pager" aria-label="Pages">{earlier}<span>{text}</span>{later}</nav> }
            .into_any(),
    )
}

/// What acting on people means besides the grant, in a few words.
pub(super) fn reach(action: Action) -> &'static str {
    if action.by_level() {
        " (of a lower rank)"
    } else {
        ""
    }
}
