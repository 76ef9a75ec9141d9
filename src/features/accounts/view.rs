//! Pages.
use crate::ui::Page;
use leptos::prelude::*;
/// Landing.
#[component]
pub fn Landing() -> impl IntoView { view! { <Page title="Muster"><p>"hello"</p></Page> } }
