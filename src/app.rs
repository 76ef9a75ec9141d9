//! The application: document, route table, and on the server the router and the command line.
//!
//! [`App`] is what server and browser have in common. The routes stand in the features'
//! `routes.rs`; here they are only put together, under one root that renders every page completely
//! before its first byte is sent (`SsrMode::Async`), so pages and forms work without JavaScript and
//! every status is right.

#[cfg(feature = "ssr")]
mod built;
#[cfg(feature = "ssr")]
pub mod cli;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod files;
#[cfg(feature = "ssr")]
mod health;
#[cfg(feature = "ssr")]
pub mod router;
#[cfg(feature = "ssr")]
mod splicing;
#[cfg(feature = "ssr")]
mod strangers;
#[cfg(feature = "ssr")]
mod theme;
#[cfg(feature = "ssr")]
mod viewer;

#[cfg(feature = "ssr")]
pub use router::{router, state};

use crate::{
    domain::{module::Module, viewer::Viewer},
    features::{
        access, accounts, attendance, audit, criteria, guard, joining, leave, notices, operations,
        ranks, roster, tenants, transfer_data,
    },
    ui::{
        self, NotFound,
        layout::{Frame, FrameLinks, NavItem},
        on_both,
        shortcuts::PageShortcuts,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// The rail of an Org's host, the most used first.
const NAV: &[NavItem] = &[
    NavItem {
        href: "/roster",
        covers: &["/groups", "/players", "/start"],
        icon: "roster",
        label: "Roster",
        shows: |_| true,
        count: |_| None,
    },
    NavItem {
        href: "/operations",
        covers: &["/attendance", "/absence", "/calendar"],
        icon: "operations",
        label: "Operations",
        shows: |viewer| has(viewer, Module::Operations),
        count: |_| None,
    },
    NavItem {
        href: "/inbox",
        covers: &[],
        icon: "inbox",
        label: "Inbox",
        shows: |viewer| viewer.waiting.is_some(),
        count: |viewer| viewer.waiting,
    },
    NavItem {
        href: "/join",
        covers: &["/leave"],
        icon: "applications",
        label: "Join",
        shows: |viewer| has(viewer, Module::Joining),
        count: |_| None,
    },
    NavItem {
        href: "/ranks",
        covers: &[],
        icon: "ranks",
        label: "Ranks",
        shows: |viewer| {
            has(viewer, Module::Ranks) && (viewer.player.is_some() || viewer.can.edit_ranks)
        },
        count: |_| None,
    },
    NavItem {
        href: "/log",
        covers: &[],
        icon: "log",
        label: "Event log",
        shows: |viewer| viewer.can.read_log,
        count: |_| None,
    },
    NavItem {
        href: "/access",
        covers: &[],
        icon: "key",
        label: "Access",
        shows: |viewer| viewer.can.read_access,
        count: |_| None,
    },
    NavItem {
        href: "/import",
        covers: &[],
        icon: "import",
        label: "Import",
        shows: |viewer| viewer.can.import,
        count: |_| None,
    },
    NavItem {
        href: "/settings",
        covers: &[],
        icon: "settings",
        label: "Settings",
        shows: |viewer| viewer.can.manage_org,
        count: |_| None,
    },
];

fn has(viewer: &Viewer, module: Module) -> bool {
    viewer.org().is_some_and(|org| org.modules.has(module))
}

const LINKS: FrameLinks = FrameLinks {
    nav: NAV,
    notices: "/notices",
    sign_out: accounts::api::SignOut::PATH,
    set_theme: accounts::api::SetTheme::PATH,
    site: "/site/types",
    undo: audit::api::UndoEvent::PATH,
    stop_seeing_as: access::api::StopSeeingAs::PATH,
    founding: "/founding",
};

/// The whole application, from the frame inwards.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // The server knows the viewer from the request and writes it into the page; the browser reads
    // it from there. The list of routes is made without any request, for nobody.
    let viewer = SharedValue::new(|| use_context::<Viewer>().unwrap_or_else(ui::context::nobody))
        .into_inner();
    let site = viewer
        .org()
        .map_or_else(|| "Muster".to_owned(), |org| org.name.clone());
    ui::context::provide(viewer);
    view! {
        // A drawn page has no title of its own in the browser; others put theirs over this one.
        <Title formatter=move |title: String| page_title(&title, &site) text=ui::drawn_title/>
        <Router>
            <Routes fallback=|| ()>
                <ParentRoute path=path!("") view=|| view! { <Frame links=LINKS/> } ssr=SsrMode::Async>
                    <accounts::routes::AccountRoutes/>
                    <tenants::routes::TenantRoutes/>
                    <roster::routes::RosterRoutes/>
                    <ranks::routes::RankRoutes/>
                    <attendance::routes::AttendanceRoutes/>
                    <leave::routes::LeaveRoutes/>
                    <operations::routes::OperationRoutes/>
                    <criteria::routes::CriteriaRoutes/>
                    <access::routes::AccessRoutes/>
                    <guard::routes::GuardRoutes/>
                    <joining::routes::JoiningRoutes/>
                    <audit::routes::AuditRoutes/>
                    <notices::routes::NoticeRoutes/>
                    <transfer_data::routes::TransferDataRoutes/>
                    <Route path=path!("/shortcuts") view=on_both(PageShortcuts)/>
                    <Route path=path!("/*any") view=NotFound/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

fn page_title(title: &str, site: &str) -> String {
    let site_too = [" · ", site].concat();
    if title.is_empty() {
        site.to_owned()
    } else if title == site || title.ends_with(&site_too) {
        title.to_owned()
    } else {
        [title, &site_too].concat()
    }
}
