//! Routes of criteria, all on an Org's host.

use super::view::page_preview::PagePreview;
use crate::ui::on_org;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

/// The preview of a rule.
#[component(transparent)]
pub fn CriteriaRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/criteria/preview") view=on_org(PagePreview)/> }
        .into_inner()
        .into_any_nested_route()
}
