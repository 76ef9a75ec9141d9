//! Routes of leave, all on an Org's host. `/leave` is for leaving the organisation.

use super::view::page_leave::PageAbsence;
use crate::ui::on_org;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

/// The page of leave.
#[component(transparent)]
pub fn LeaveRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/absence") view=on_org(PageAbsence)/> }
        .into_inner()
        .into_any_nested_route()
}
