//! Routes of tenants.

use super::view::{
    PageFound, PageFounding, PageOrgs, PagePublic, PageSettings, PageStart,
    page_org_types::{EditOrgTypePage, NewOrgTypePage, OrgTypesPage},
};
use crate::{
    domain::viewer::Site,
    ui::{on_apex, on_org, use_viewer},
};
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::{Redirect, Route},
    path,
};

/// Founding at the apex, settings on the Org's host, and the start of both kinds of host.
#[component(transparent)]
pub fn TenantRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/") view=start/>
        <Route path=path!("/found") view=on_apex(PageFound)/>
        <Route path=path!("/orgs") view=on_apex(PageOrgs)/>
        <Route path=path!("/about") view=on_org(PagePublic)/>
        <Route path=path!("/settings") view=on_org(PageSettings)/>
        <Route path=path!("/founding") view=on_org(PageFounding)/>
        <SiteRoutes/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// For administrators of the installation.
#[component(transparent)]
fn SiteRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/site/types") view=on_apex(OrgTypesPage)/>
        <Route path=path!("/site/types/new") view=on_apex(NewOrgTypePage)/>
        <Route path=path!("/site/types/:id") view=on_apex(EditOrgTypePage)/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// An Org starts with its roster for its players, until there is a dashboard (§14), and with its
/// public page for everybody else.
fn start() -> AnyView {
    let viewer = use_viewer();
    match viewer.site {
        Site::Apex => on_apex(PageStart)(),
        Site::Org(_) if viewer.player.is_some() => view! { <Redirect path="/roster"/> }.into_any(),
        Site::Org(_) => on_org(PagePublic)(),
    }
}
