//! One operation in a day of the calendar.

use crate::{
    domain::time::rfc3339,
    features::operations::{
        api::DropOperation,
        model::{
            Answer, OperationState,
            calendar::{CalendarEntry, DayPart},
        },
        view::parts::{category, mark, operation_href, state},
    },
    ui::{Icon, parts::Pill},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// In a cell: time, mark and title, and beneath what concerns the viewer.
pub(super) fn entry(entry: &CalendarEntry) -> AnyView {
    let cancelled = (entry.state == OperationState::Cancelled).then_some("cancelled");
    let unpublished = entry.state.is_unpublished().then_some("draft");
    let clock = match entry.part {
        DayPart::Whole | DayPart::First => entry.clock.clone(),
        DayPart::Middle | DayPart::Last => "…".to_owned(),
    };
    let title = title(entry);
    let mine = mine(entry);
    let mine = (!mine.is_empty()).then(|| view! { <span class="cal-entry__mine">{mine}</span> });
    view! {
        <li
            class="cal-entry"
            data-state=cancelled.or(unpublished)
            data-part=entry.part.as_str()
            data-answer=entry.answer.map(Answer::as_str)
        >
            {handle(entry)}
            <span class="cal-entry__line">
                {entry.category.as_ref().map(mark)}
                <time class="cal-entry__clock" datetime=rfc3339(entry.starts_at)>{clock}</time>
                {title}
            </span>
            {mine}
            {clash(entry)}
        </li>
    }
    .into_any()
}

/// In a list: everything that is known of it.
pub(super) fn entry_row(entry: &CalendarEntry) -> AnyView {
    let cancelled = (entry.state == OperationState::Cancelled).then_some("cancelled");
    let part = match entry.part {
        DayPart::Whole => None,
        DayPart::First => Some("begins"),
        DayPart::Middle => Some("goes on"),
        DayPart::Last => Some("ends"),
    };
    let clock = match part {
        None | Some("begins") => entry.clock.clone(),
        Some(other) => other.to_owned(),
    };
    let mut meta = vec![entry.span.clone(), entry.group.clone()];
    meta.extend(
        [&entry.place, &entry.there]
            .into_iter()
            .filter(|text| !text.is_empty())
            .cloned(),
    );
    let answer = entry.answer.map(|answer| {
        let kind = match answer {
            Answer::Attending => "ok",
            Answer::Maybe | Answer::Late => "warn",
            Answer::Declined | Answer::None => "none",
        };
        let text = if entry.waits {
            "On the waitlist"
        } else {
            answer.label()
        };
        view! { <Pill kind=kind text=text/> }
    });
    let billet = (!entry.billet.is_empty()).then(|| {
        view! { <span class="cal-entry__billet"><Icon name="user"/>{entry.billet.clone()}</span> }
    });
    view! {
        <li class="list__row cal-row" data-state=cancelled>
            {handle(entry)}
            <time class="cal-row__clock" datetime=rfc3339(entry.starts_at)>{clock}</time>
            <div class="list__text">
                <p class="cal-row__title">
                    {title(entry)}
                    {entry.category.as_ref().map(category)}
                    {state(entry.state)}
                    {answer}
                    {billet}
                </p>
                <p class="list__meta">{meta.join(" · ")}</p>
                {clash(entry)}
            </div>
        </li>
    }
    .into_any()
}

/// Only the mark, in the strip of days.
pub(super) fn mark_only(entry: &CalendarEntry) -> AnyView {
    match &entry.category {
        Some(category) => mark(category),
        None => view! { <span class="cal-day__dot"></span> }.into_any(),
    }
}

fn title(entry: &CalendarEntry) -> AnyView {
    let href = operation_href(entry.id);
    let text = entry.title.clone();
    let text = if entry.state == OperationState::Cancelled {
        view! { <s>{text}</s><span class="visually-hidden">" (cancelled)"</span> }.into_any()
    } else {
        text.into_any()
    };
    let when = if entry.there.is_empty() {
        entry.span.clone()
    } else {
        format!("{}; {}", entry.span, entry.there)
    };
    view! { <a class="cal-entry__title" href=href title=when>{text}</a> }.into_any()
}

/// What the viewer answered, and their billet.
fn mine(entry: &CalendarEntry) -> String {
    let answer = entry.answer.map(Answer::label).unwrap_or_default();
    let waits = if entry.waits { "on the waitlist" } else { "" };
    let parts = [answer, waits, entry.billet.as_str()];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

fn clash(entry: &CalendarEntry) -> Option<AnyView> {
    (!entry.clash.is_empty()).then(|| {
        let text = format!("Clashes with {}", entry.clash);
        view! { <span class="cal-entry__clash"><Icon name="warning"/>{text}</span> }.into_any()
    })
}

/// What it is dragged by; as a link it leads to the form that moves it.
fn handle(entry: &CalendarEntry) -> Option<AnyView> {
    let begins = matches!(entry.part, DayPart::Whole | DayPart::First);
    (entry.moves && begins).then(|| {
        let href = format!("/operations/{}/move", entry.id);
        let label = format!("Move {}", entry.title);
        let from = format!("{}T{:02}", entry.date, entry.hour);
        // Of a series it has to be asked which are moved.
        let (fields, page) = if entry.in_series {
            (format!("from={from}"), Some(href.clone()))
        } else {
            let (id, version) = (entry.id, entry.version);
            (
                format!("operation_id={id}&version={version}&from={from}"),
                None,
            )
        };
        view! {
            <a
                class="drag-handle cal-entry__move"
                href=href
                aria-label=label
                data-drag=DropOperation::PATH
                data-fields=fields
                data-page=page
                data-name=entry.title.clone()
            ></a>
        }
        .into_any()
    })
}
