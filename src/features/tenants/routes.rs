//! Routes of tenants.
use super::view::{Found};
use crate::ui::on_apex;
use leptos::prelude::*;
use leptos_router::{components::Route, path};

/// Founding at the apex, settings on the Org's host.
#[component(transparent)]
pub fn TenantRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/found") view=on_apex(Found)/>
    }
    .into_inner()
}
