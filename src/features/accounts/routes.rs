//! Routes of accounts.

use super::view::{Landing};
use crate::ui::on_apex;
use leptos::prelude::*;
use leptos_router::{components::Route, path};

/// The start of both kinds of host, and the account's pages at the apex.
#[component(transparent)]
pub fn AccountRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/") view=on_apex(Landing)/>
    }
    .into_inner()
}
