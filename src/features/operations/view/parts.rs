//! What the pages of operations have in common.

use crate::{
    domain::{
        OperationId,
        time::{Instant, rfc3339},
    },
    features::operations::model::{
        Mark, OperationState,
        pages::{CategoryMark, Counts},
    },
    ui::parts::Pill,
};
use leptos::prelude::*;

/// The address of an operation.
#[must_use]
pub fn operation_href(id: OperationId) -> String {
    format!("/operations/{id}")
}

/// The way to the pages below the agenda.
#[must_use]
pub fn crumbs() -> Vec<(String, String)> {
    vec![("/operations".to_owned(), "Operations".to_owned())]
}

/// Hues of marks are drawn in steps, because styles come from the sheet alone.
pub(super) const HUE_STEP: i64 = 30;

/// The mark of a category: told apart by colour and by shape.
#[must_use]
pub fn mark(category: &CategoryMark) -> AnyView {
    let path = match category.mark {
        Mark::Disc => "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z",
        Mark::Square => "M3 3h10v10H3z",
        Mark::Diamond => "M8 1.5 14.5 8 8 14.5 1.5 8z",
        Mark::Triangle => "M8 2l6.5 11.5h-13z",
        Mark::Star => "M8 1.5l1.9 4.3 4.6.4-3.5 3.1 1.1 4.6L8 11.5l-4.1 2.4L5 9.3 1.5 6.2l4.6-.4z",
        Mark::Ring => "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zm0 3a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
    };
    let class = format!("op-mark hue-{}", category.hue / HUE_STEP);
    view! {
        <svg class=class viewBox="0 0 16 16" aria-hidden="true">
            <path d=path fill-rule="evenodd"></path>
        </svg>
    }
    .into_any()
}

/// A category by mark and name.
#[must_use]
pub fn category(category: &CategoryMark) -> AnyView {
    let name = category.name.clone();
    view! { <span class="op-category">{mark(category)}{name}</span> }.into_any()
}

/// The state, where it is worth saying: nothing for what is simply published.
#[must_use]
pub fn state(state: OperationState) -> Option<AnyView> {
    let kind = match state {
        OperationState::Published => return None,
        OperationState::Draft | OperationState::Scheduled => "info",
        OperationState::Cancelled => "bad",
        OperationState::Done | OperationState::Archived => "none",
    };
    Some(view! { <Pill kind=kind text=state.label()/> }.into_any())
}

/// How many come, in words: `7 of 12 attend, 2 may come, 3 wait`.
#[must_use]
pub fn counts_in_words(counts: Counts, capacity: Option<i64>) -> String {
    let attend = match capacity {
        Some(capacity) => format!("{} of {capacity} attend", counts.attending),
        None if counts.attending == 1 => "1 attends".to_owned(),
        None => format!("{} attend", counts.attending),
    };
    let more = [
        (counts.late, "late"),
        (counts.maybe, "maybe"),
        (counts.declined, "declined"),
        (counts.waiting, "waiting"),
    ];
    let more = more
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"));
    std::iter::once(attend)
        .chain(more)
        .collect::<Vec<_>>()
        .join(" · ")
}

/// A time that the server wrote in the viewer's zone; the browser writes it in its own.
#[must_use]
pub fn time_at(at: Instant, text: String) -> AnyView {
    view! { <time datetime=rfc3339(at) data-local="minute">{text}</time> }.into_any()
}

/// A titled surface.
#[must_use]
pub fn panel(title: &'static str, content: AnyView) -> AnyView {
    view! {
        <section class="panel">
            <header class="panel__head"><h2>{title}</h2></header>
            <div class="panel__body">{content}</div>
        </section>
    }
    .into_any()
}

/// A form of one button on an operation.
#[must_use]
pub fn one_button(
    endpoint: &'static str,
    hidden: Vec<(&'static str, String)>,
    label: &'static str,
    kind: &'static str,
) -> AnyView {
    let inputs = hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    view! {
        <form method="post" action=endpoint data-command="">
            {inputs.collect_view()}
            <button class="button" data-kind=(!kind.is_empty()).then_some(kind)>{label}</button>
        </form>
    }
    .into_any()
}
