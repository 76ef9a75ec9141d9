//! Routes of the roster, all on an Org's host. Fixed words stand before ids. Claiming a person by an
//! invitation belongs to `accounts`.

use super::view::{
    page_group::GroupPageView,
    page_group_forms::{EditGroupPage, MoveGroupPage, NewGroup, RetireGroupPage},
    page_kick::KickPage,
    page_members::{AddMember, ManagersPage, MemberPage},
    page_player::PlayerPageView,
    page_player_forms::{EditPlayer, MovePlayer, NewPlayer},
    page_posts::{NewPosition, NewRole, PositionPage, RolePage},
    page_roster::RosterPage,
    page_search::SearchPageView,
    page_start::StartPage,
};
use crate::ui::{on_org, on_org_hydrated};
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

/// Groups, people and search.
#[component(transparent)]
pub fn RosterRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/roster") view=on_org_hydrated(RosterPage)/>
        <Route path=path!("/start") view=on_org(StartPage)/>
        <GroupRoutes/>
        <PlayerRoutes/>
        <Route path=path!("/search") view=on_org(SearchPageView)/>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn GroupRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/groups/new") view=on_org(NewGroup)/>
        <Route path=path!("/groups/:id") view=on_org(GroupPageView)/>
        <Route path=path!("/groups/:id/edit") view=on_org(EditGroupPage)/>
        <Route path=path!("/groups/:id/move") view=on_org(MoveGroupPage)/>
        <Route path=path!("/groups/:id/retire") view=on_org(RetireGroupPage)/>
        <Route path=path!("/groups/:id/add") view=on_org(AddMember)/>
        <Route path=path!("/groups/:id/managers") view=on_org(ManagersPage)/>
        <Route path=path!("/groups/:id/members/:membership") view=on_org(MemberPage)/>
        <Route path=path!("/groups/:id/roles/new") view=on_org(NewRole)/>
        <Route path=path!("/groups/:id/roles/:role") view=on_org(RolePage)/>
        <Route path=path!("/groups/:id/positions/new") view=on_org(NewPosition)/>
        <Route path=path!("/groups/:id/positions/:position") view=on_org(PositionPage)/>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn PlayerRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/players/new") view=on_org(NewPlayer)/>
        <Route path=path!("/players/:id") view=on_org(PlayerPageView)/>
        <Route path=path!("/players/:id/edit") view=on_org(EditPlayer)/>
        <Route path=path!("/players/:id/move") view=on_org(MovePlayer)/>
        <Route path=path!("/players/:id/kick") view=on_org(KickPage)/>
    }
    .into_inner()
    .into_any_nested_route()
}
