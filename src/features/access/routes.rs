//! Routes of access.

use super::view::{page_access::PageAccess, page_person::PagePerson};
use crate::ui::on_org;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

/// Who can do what, and what one person can do.
#[component(transparent)]
pub fn AccessRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/access") view=on_org(PageAccess)/>
        <Route path=path!("/players/:id/access") view=on_org(PagePerson)/>
    }
    .into_inner()
    .into_any_nested_route()
}
