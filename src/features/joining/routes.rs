//! Routes of joining, all on an Org's host.

use super::view::{
    page_inbox::InboxPageView,
    page_join::JoinPageView,
    page_leave::LeavePage,
    page_offer::{JoinOnePage, LeaveOnePage},
    page_requests::RequestsPageView,
};
use crate::ui::on_org;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

/// Joining, leaving, requests and the inbox.
#[component(transparent)]
pub fn JoiningRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/join") view=on_org(JoinPageView)/>
        <Route path=path!("/leave") view=on_org(LeavePage)/>
        <Route path=path!("/inbox") view=on_org(InboxPageView)/>
        <Route path=path!("/groups/:id/join") view=on_org(JoinOnePage)/>
        <Route path=path!("/groups/:id/leave") view=on_org(LeaveOnePage)/>
        <Route path=path!("/groups/:id/requests") view=on_org(RequestsPageView)/>
    }
    .into_inner()
    .into_any_nested_route()
}
