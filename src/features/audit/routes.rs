//! Routes of the event log.

use super::view::page_log::LogPageView;
use crate::ui::on_org;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

/// The log, on an Org's host.
#[component(transparent)]
pub fn AuditRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/log") view=on_org(LogPageView)/> }
        .into_inner()
        .into_any_nested_route()
}
