//! The list of shortcuts: a page, and what `?` shows over any page.

use super::page::Page;
use leptos::prelude::*;

/// Keys, and what they do.
const SHORTCUTS: [(&[&str], &str); 6] = [
    (&["/"], "Go to the search field"),
    (&["Ctrl K", "⌘ K"], "Find people, groups and pages"),
    (&["↑", "↓"], "Move between what was found"),
    (&["Enter"], "Open it"),
    (&["Esc"], "Close a dialog, put down what you hold"),
    (&["?"], "Show this list"),
];

/// The page `/shortcuts`.
#[component]
pub fn PageShortcuts() -> impl IntoView {
    let rows = SHORTCUTS.map(|(keys, what)| {
        let keys = keys
            .iter()
            .map(|key| view! { <kbd>{*key}</kbd>" " })
            .collect_view();
        view! { <li class="list__row"><div class="list__text">{what}</div><span>{keys}</span></li> }
    });
    view! {
        <Page title="Keyboard shortcuts" width="form">
            <div id="shortcuts">
                <ul class="list" aria-label="Keyboard shortcuts">{rows.collect_view()}</ul>
            </div>
        </Page>
    }
}
