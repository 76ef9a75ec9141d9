//! Routes of attendance, all on an Org's host. Fixed words stand before ids.

use super::view::{
    page_check_in::PageCheckIn, page_corrections::PageCorrections, page_figures::PageFigures,
    page_report::PageReport, page_sheet::PageSheet, page_states::PageStates,
};
use crate::ui::on_org;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

/// The sheet and the report of an operation, figures and states.
#[component(transparent)]
pub fn AttendanceRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/attendance") view=on_org(PageFigures)/>
        <Route path=path!("/attendance/states") view=on_org(PageStates)/>
        <Route path=path!("/attendance/corrections") view=on_org(PageCorrections)/>
        <Route path=path!("/check-in/:token") view=on_org(PageCheckIn)/>
        <Route path=path!("/operations/:id/attendance") view=on_org(PageSheet)/>
        <Route path=path!("/operations/:id/report") view=on_org(PageReport)/>
    }
    .into_inner()
    .into_any_nested_route()
}
