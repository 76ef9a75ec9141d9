//! Routes of notices.

use super::view::{PageNotices, PageSwitches};
use crate::ui::on_org;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

/// The viewer's notices and their switches, on an Org's host.
#[component(transparent)]
pub fn NoticeRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/notices") view=on_org(PageNotices)/>
        <Route path=path!("/notices/settings") view=on_org(PageSwitches)/>
    }
    .into_inner()
    .into_any_nested_route()
}
