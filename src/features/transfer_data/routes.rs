//! Routes of the import.

use super::view::{PageImport, PageImportRun};
use crate::ui::on_org;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

/// Choosing files, and one run.
#[component(transparent)]
pub fn TransferDataRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/import") view=on_org(PageImport)/>
        <Route path=path!("/import/:id") view=on_org(PageImportRun)/>
    }
    .into_inner()
    .into_any_nested_route()
}
