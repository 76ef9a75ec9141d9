//! Following what others do (§14.3): a page with [`Live`] on it reads again when something happens
//! that its viewer may see, and says so while the connection is lost.

use super::{
    browser,
    context::{use_connection, use_refresh, use_viewer},
};
use leptos::prelude::*;

/// Follows the Org's event log as long as it is on the page.
#[component]
pub fn Live() -> impl IntoView {
    let viewer = use_viewer();
    let refresh = use_refresh();
    let seq = viewer.org().map(|org| org.seq);
    let state = use_connection();
    Effect::new(move |_| {
        if let Some(seq) = seq {
            browser::follow_live(seq, refresh, state);
        }
    });
    on_cleanup(move || {
        browser::stop_live();
        state.try_set("");
    });
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
