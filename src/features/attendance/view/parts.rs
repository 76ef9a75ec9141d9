//! What the pages of attendance have in common, and the part of a player's page.

use crate::{
    domain::criteria::Attendance,
    features::attendance::model::{Sums, WINDOWS, pages::PersonPage, percent},
    ui::{LocalTime, parts::Pill},
};
use leptos::prelude::*;

/// The ways through the pages of attendance.
#[must_use]
pub fn tabs(here: &'static str, may_review: bool) -> AnyView {
    let links = [
        ("/attendance", "People", true),
        ("/attendance?by=groups", "Groups", true),
        ("/attendance?by=categories", "Categories", true),
        ("/attendance/states", "States", true),
        ("/attendance/corrections", "Corrections", may_review),
    ];
    let links = links.into_iter().filter(|(.., shows)| *shows);
    let links = links.map(|(href, label, _)| {
        let current = (href == here).then_some("page");
        view! { <a href=href aria-current=current>{label}</a> }
    });
    view! { <nav class="tabs" aria-label="Attendance">{links.collect_view()}</nav> }.into_any()
}

/// The way to the pages of attendance.
#[must_use]
pub fn crumbs() -> Vec<(String, String)> {
    vec![("/operations".to_owned(), "Operations".to_owned())]
}

/// A drawn share of a hundred per cent: what was attended, and behind it what was excused.
#[must_use]
pub fn bar(sums: Attendance) -> AnyView {
    let width = |hundredths: u32| format!("{}.{:02}", hundredths / 100, hundredths % 100);
    let (attended, accountable) = (sums.attended_percent(), sums.accountable_percent());
    view! {
        <svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="share__ground" width="100" height="6"></rect>
            <rect class="share__accountable" width=width(accountable) height="6"></rect>
            <rect class="share__attended" width=width(attended) height="6"></rect>
        </svg>
    }
    .into_any()
}

/// How many operations, in words: `7 of 9`.
#[must_use]
pub fn of_operations(sums: Attendance) -> String {
    match sums.operations {
        0 => "no operations".to_owned(),
        count => format!("{} of {count}", sums.attended),
    }
}

/// A person's figures and latest operations.
#[must_use]
pub fn person(page: &PersonPage) -> AnyView {
    let facts = windows(page.sums);
    let rows = page.entries.iter().map(|entry| {
        let href = format!("/operations/{}", entry.operation);
        let group = (!entry.group.is_empty()).then(|| [" · ", &entry.group].concat());
        view! {
            <li class="list__row">
                <div class="list__text">
                    <a class="list__title" href=href>{entry.title.clone()}</a>
                    <p class="list__meta"><LocalTime at=entry.at day_only=true/>{group}</p>
                </div>
                <Pill kind=entry.tone.kind() text=entry.state.clone()/>
            </li>
        }
    });
    let list = if page.entries.is_empty() {
        view! { <p class="panel__note">"Nothing is recorded yet. Without operations nobody is eligible for anything that asks for attendance."</p> }
            .into_any()
    } else {
        view! { <ul class="list">{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="panel">
            <header class="panel__head"><h2>"Attendance"</h2></header>
            {facts}
            {list}
        </section>
    }
    .into_any()
}

/// The figures of one person in all windows.
fn windows(sums: Sums) -> AnyView {
    let cells = WINDOWS.iter().zip(sums.windows).map(|(label, sums)| {
        let more = format!(
            "{} · accountable {}",
            of_operations(sums),
            percent(sums.accountable_percent())
        );
        view! {
            <div>
                <dt>{*label}</dt>
                <dd>{percent(sums.attended_percent())}{bar(sums)}<small>{more}</small></dd>
            </div>
        }
    });
    view! { <dl class="facts shares">{cells.collect_view()}</dl> }.into_any()
}
