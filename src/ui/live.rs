//! Following what others do (§14.3): a page with [`Live`] on it is read again when something happens
//! that its viewer may see; the frame says so while the connection is lost.

use super::context::use_connection;
use leptos::prelude::*;

/// Marks a page that shows what others change.
#[component]
pub fn Live() -> impl IntoView {
    view! { <span data-live hidden></span> }
}

/// Says in the frame that the connection is lost, while it is.
#[component]
pub fn ConnectionMark() -> impl IntoView {
    let state = use_connection();
    view! {
        <span class="connection" role="status" data-state=move || state.get()>
            {move || if state.get().is_empty() { "" } else { "Reconnecting" }}
        </span>
    }
}
