//! The page of an operation: its briefing.

use super::{
    answering::answering,
    head::{OperationTab, operation_page},
};
use crate::{
    domain::AppError,
    features::operations::{api::read_operation, model::pages::OperationPage},
    ui::{Empty, loaded_page, reading},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page `/operations/{id}`.
#[component]
pub fn PageOperation() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        |id: String| async move { read_operation(id.parse().map_err(|_| AppError::NotFound)?).await },
    );
    loaded_page(page, show)
}

fn show(page: OperationPage) -> AnyView {
    let content = if page.briefing_html.is_empty() {
        view! {
            <Empty
                icon="documents"
                title="No briefing yet"
                text="What is to be done, and how, stands here as soon as somebody has written it."
            />
        }
        .into_any()
    } else {
        view! { <div class="prose" inner_html=page.briefing_html></div> }.into_any()
    };
    let content = view! {
        <div class="stack">{answering(page.head.id, &page.asked)}{content}</div>
    };
    operation_page(&page.head, OperationTab::Briefing, content.into_any())
}
