//! Pages.
use crate::ui::Page;
use leptos::prelude::*;
/// Found.
#[component]
pub fn Found() -> impl IntoView { view! { <Page title="Found"><p>"hello"</p></Page> } }
