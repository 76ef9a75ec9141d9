//! The outcome of a rule as a list of what is met, what is short and what is not known (§7.2).

use crate::domain::criteria::Told;
use leptos::prelude::*;

/// An explanation with its parts.
#[must_use]
pub fn checklist(told: &Told) -> AnyView {
    view! { <ul class="checklist">{item(told)}</ul> }.into_any()
}

fn item(told: &Told) -> AnyView {
    let (mark, word) = match told.verdict.as_str() {
        "met" => ("✓", "Met: "),
        "unmet" => ("✗", "Not met: "),
        _ => ("?", "Not known: "),
    };
    let parts = (!told.parts.is_empty()).then(|| {
        let parts = told.parts.iter().map(item).collect_view();
        view! { <ul class="checklist">{parts}</ul> }
    });
    view! {
        <li class="checklist__item" data-state=told.verdict.clone()>
            <p class="checklist__text">
                <span class="checklist__mark" aria-hidden="true">{mark}</span>
                <span><span class="visually-hidden">{word}</span>{told.text.clone()}</span>
            </p>
            {parts}
        </li>
    }
    .into_any()
}
