//! Routes of ranks, all on an Org's host. Fixed words stand before ids.

use super::view::{
    page_change::PageChangeRank,
    page_ladder::PageLadder,
    page_rank::{PageNewRank, PageRank},
    page_sets::{PageGroupSet, PageNewSet, PageSet},
};
use crate::ui::on_org;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

/// The ladder, rank sets, and the rank of somebody.
#[component(transparent)]
pub fn RankRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/ranks") view=on_org(PageLadder)/>
        <Route path=path!("/ranks/new") view=on_org(PageNewRank)/>
        <Route path=path!("/ranks/sets/new") view=on_org(PageNewSet)/>
        <Route path=path!("/ranks/sets/:id") view=on_org(PageSet)/>
        <Route path=path!("/ranks/:id") view=on_org(PageRank)/>
        <Route path=path!("/groups/:id/rank-set") view=on_org(PageGroupSet)/>
        <Route path=path!("/players/:id/rank") view=on_org(PageChangeRank)/>
    }
    .into_inner()
    .into_any_nested_route()
}
