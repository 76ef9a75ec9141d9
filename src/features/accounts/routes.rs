//! Routes of accounts. The apex's start page belongs to `tenants`; `/sign-in` on an Org's host is a
//! plain handler.

use super::view::{PageAccount, PageClaim, PageRegister, PageSessions, PageSignIn};
use crate::ui::{on_apex, on_org};
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

/// Registering, logging in and the account at the apex; claiming a player on an Org's host.
#[component(transparent)]
pub fn AccountRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/register") view=on_apex(PageRegister)/>
        <Route path=path!("/sign-in") view=on_apex(PageSignIn)/>
        <Route path=path!("/account") view=on_apex(PageAccount)/>
        <Route path=path!("/account/sessions") view=on_apex(PageSessions)/>
        <Route path=path!("/claim/:token") view=on_org(PageClaim)/>
    }
    .into_inner()
    .into_any_nested_route()
}
