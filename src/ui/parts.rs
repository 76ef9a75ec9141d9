//! Small parts without behaviour.

use super::words;
use crate::domain::access::AccessSet;
use leptos::prelude::*;

/// What an access set lets somebody do, in words. A long sentence is folded under its number, so that
/// lists of ranks and roles stay lists, on a phone too.
#[component]
pub fn Grants(
    /// The set.
    access: AccessSet,
) -> impl IntoView {
    let text = words::access(access);
    match access.iter().count() {
        0..=2 => view! { <p class="grants">{text}</p> }.into_any(),
        count => view! {
            <details class="grants">
                <summary>{format!("May do {count} things")}</summary>
                <p>{text}</p>
            </details>
        }
        .into_any(),
    }
}

/// A drawn symbol from `public/icons.svg`; always beside words or inside a labelled control.
#[component]
pub fn Icon(
    /// Name of the symbol.
    name: &'static str,
) -> impl IntoView {
    let href = format!("/icons.svg#{name}");
    view! { <svg class="icon" aria-hidden="true"><use href=href></use></svg> }
}

/// The mark of the installation itself.
#[component]
pub fn BrandMark() -> impl IntoView {
    view! {
        <svg class="brand__mark" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="6"></rect>
            <path d="M8 24V9.5l8 6.5 8-6.5V24M12 20.5l4 3.25 4-3.25"></path>
        </svg>
    }
}

/// A status in one word.
#[component]
pub fn Pill(
    /// `ok`, `warn`, `bad`, `info` or `none`.
    kind: &'static str,
    /// The word.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <span class="pill" data-kind=kind>{text}</span> }
}

/// Puts a text on the clipboard; appears only where scripts run.
#[component]
pub fn CopyButton(
    /// The text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <button class="button" type="button" data-copy=text>"Copy link"</button> }
}
