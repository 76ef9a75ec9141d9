//! Routes of the guard.

use super::view::{page_plan::PagePlan, page_ranks::PageRanks};
use crate::ui::on_org;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

/// The preview of a plan, and planning a change of ranks.
#[component(transparent)]
pub fn GuardRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/plans/:id") view=on_org(PagePlan)/>
        <Route path=path!("/groups/:id/ranks") view=on_org(PageRanks)/>
    }
    .into_inner()
    .into_any_nested_route()
}
