//! What happened to an operation.

use super::head::{OperationTab, operation_page};
use crate::{
    domain::AppError,
    features::{
        audit::view::event_log,
        operations::{api::read_history, model::pages::HistoryPage},
    },
    ui::{LocalTime, loaded_page, reading, use_viewer},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page `/operations/{id}/history`.
#[component]
pub fn PageHistory() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        |id: String| async move { read_history(id.parse().map_err(|_| AppError::NotFound)?).await },
    );
    loaded_page(page, show)
}

fn show(page: HistoryPage) -> AnyView {
    let by = match page.head.organiser.1.as_str() {
        "" => String::new(),
        name => format!(" by {name}"),
    };
    let events = if use_viewer().can.read_log {
        event_log(page.events)
    } else {
        view! { <p class="muted">"What happened since is for those who read the event log."</p> }
            .into_any()
    };
    let content = view! {
        <div class="stack">
            <p>"Planned "<LocalTime at=page.planned_at/>{by}"."</p>
            {events}
        </div>
    };
    operation_page(&page.head, OperationTab::History, content.into_any())
}
