//! Routes of the guard.

use super::view::PagePlan;
use crate::ui::on_org;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

/// The preview of a plan.
#[component(transparent)]
pub fn GuardRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/plans/:id") view=on_org(PagePlan)/> }
        .into_inner()
        .into_any_nested_route()
}
