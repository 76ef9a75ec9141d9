//! The frame around every page: top bar, rail and toasts on an Org's host, a plain bar at the apex.
//!
//! What stands in the rail and where the frame's own forms are sent comes from the application
//! ([`FrameLinks`]), because the kit knows no feature.

use super::{
    browser,
    context::{FlashHere, use_connection, use_refresh, use_viewer},
    insignia::{Avatar, Insignia},
    live::ConnectionMark,
    parts::{BrandMark, Icon},
    states::sign_in_href,
    toast::{ToastRegion, UndoEndpoint, use_toasts},
};
use crate::domain::{
    name::acronym_of,
    viewer::{OrgInfo, Site, Viewer, ViewerUser},
};
use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use std::sync::Arc;

/// One place in the rail.
#[derive(Clone, Copy, Debug)]
pub struct NavItem {
    /// Path of the page.
    pub href: &'static str,
    /// Other paths whose pages belong to this place.
    pub covers: &'static [&'static str],
    /// Symbol.
    pub icon: &'static str,
    /// Name.
    pub label: &'static str,
    /// Does this viewer see it?
    pub shows: fn(&Viewer) -> bool,
    /// How many things wait there.
    pub count: fn(&Viewer) -> Option<i64>,
}

/// Where the frame leads.
#[derive(Clone, Copy, Debug)]
pub struct FrameLinks {
    /// The rail, the four most used first: a phone shows those.
    pub nav: &'static [NavItem],
    /// Page of the viewer's notices.
    pub notices: &'static str,
    /// Endpoint that ends the session.
    pub sign_out: &'static str,
    /// Endpoint that takes `theme`.
    pub set_theme: &'static str,
    /// Page at the apex for administrators of the installation.
    pub site: &'static str,
    /// Endpoint that takes `seq` of an event back.
    pub undo: &'static str,
    /// Endpoint that ends looking through another member's eyes.
    pub stop_seeing_as: &'static str,
    /// Path where an offered founding is accepted or declined.
    pub founding: &'static str,
}

/// The frame as the root of all routes.
#[component]
pub fn Frame(
    /// Where it leads.
    links: FrameLinks,
) -> impl IntoView {
    provide_context(UndoEndpoint(links.undo));
    start_browser();
    let viewer = use_viewer();
    match &viewer.site {
        Site::Org(org) => org_frame(&viewer, org, links),
        Site::Apex => apex_frame(&viewer, links),
    }
}

/// Effects run in the browser only: there the frame begins to enhance forms and times, and forgets
/// the last form's result once the viewer goes on.
fn start_browser() {
    let (toasts, refresh) = (use_toasts(), use_refresh());
    let viewer = use_viewer();
    // Strangers see no events and have no notices, so they need no connection.
    let follows = viewer
        .org()
        .filter(|_| viewer.can.read_log || viewer.user.is_some())
        .map(|org| org.seq);
    let connection = use_connection();
    Effect::new(move |first: Option<()>| {
        browser::start(toasts, refresh);
        if let (None, Some(seq)) = (first, follows) {
            browser::follow_live(seq, refresh, connection);
        }
    });
    let path = use_location().pathname;
    let flash = use_context::<FlashHere>();
    Effect::new(move |first: Option<()>| {
        path.track();
        if first.is_some() {
            browser::arrive();
            if let Some(flash) = flash {
                flash.forget();
            }
        }
    });
}

fn org_frame(viewer: &Arc<Viewer>, org: &OrgInfo, links: FrameLinks) -> AnyView {
    view! {
        <div class="frame">
            <a class="skip-link" href="#main">"Skip to content"</a>
            <header class="topbar">
                {org_menu(viewer, org)}
                <div class="topbar__crumbs"></div>
                <div class="topbar__tools">
                    <ConnectionMark/>
                    {search()}
                    {notices(viewer, links)}
                    {account_menu(viewer, links)}
                </div>
            </header>
            {rail(viewer, links)}
            {notice(viewer, links)}
            <Outlet/>
            <ToastRegion/>
        </div>
    }
    .into_any()
}

/// What the viewer must not forget, on every page: through whose eyes they look (§3.6), or that the
/// founding is offered to them (§3.1).
fn notice(viewer: &Viewer, links: FrameLinks) -> Option<AnyView> {
    let (text, action) = if viewer.seeing_as {
        let name = viewer.player.as_ref().map(|player| player.name.clone());
        let text = [
            "You see everything as ",
            &name.unwrap_or_default(),
            ", and can change nothing.",
        ];
        let stop = view! {
            <form method="post" action=links.stop_seeing_as data-command="">
                <button class="button" data-size="small">"Stop"</button>
            </form>
        };
        (text.concat(), stop.into_any())
    } else if viewer.founding_offered {
        let look = view! { <a class="button" data-size="small" href=links.founding>"Answer"</a> };
        let text = "You are offered the founding of this organisation.".to_owned();
        (text, look.into_any())
    } else {
        return None;
    };
    let notice = view! {
        <div class="frame__notice" role="status"><Icon name="eye"/><p>{text}</p>{action}</div>
    };
    Some(notice.into_any())
}

fn org_menu(viewer: &Viewer, org: &OrgInfo) -> AnyView {
    let shield = |size| {
        let (acronym, name) = (acronym_of(&org.name), org.name.clone());
        view! { <Insignia acronym=acronym name=name size=size/> }
    };
    view! {
        <details class="menu topbar__org" data-align="start">
            <summary class="button" data-kind="quiet">
                {shield("small")}
                <span class="topbar__org-name">
                    {org.name.clone()}
                    <span class="visually-hidden">", switch organisation"</span>
                </span>
                <Icon name="chevron-down"/>
            </summary>
            <div class="menu__panel">
                <a class="menu__item" href="/" aria-current="true">{shield("small")}{org.name.clone()}</a>
                <a class="menu__item" href="/about">"Public page"</a>
                <hr class="menu__line"/>
                <a class="menu__item" href=format!("{}/", viewer.apex_url) rel="external">
                    "My organisations"
                </a>
            </div>
        </details>
    }
    .into_any()
}

fn search() -> AnyView {
    view! {
        <form class="search" role="search" action="/search">
            <label class="visually-hidden" for="q">"Search people and groups"</label>
            <Icon name="search"/>
            <input
                class="search__input"
                id="q"
                name="q"
                type="search"
                placeholder="Search people, groups"
                autocomplete="off"
            />
            <kbd aria-hidden="true">"/"</kbd>
        </form>
    }
    .into_any()
}

/// The way to the viewer's notices, with the number of unread ones; `browser` keeps it right. Through
/// another's eyes there are none.
fn notices(viewer: &Viewer, links: FrameLinks) -> AnyView {
    if viewer.user.is_none() || viewer.seeing_as {
        return ().into_any();
    }
    let unread = viewer.unread.to_string();
    view! {
        <a class="button bell" data-kind="quiet" data-shape="icon" href=links.notices>
            <Icon name="bell"/>
            <span class="visually-hidden">"Notices "</span>
            <span class="bell__count" data-unread=viewer.unread.to_string()>{unread}</span>
            <span class="bell__word visually-hidden">" unread"</span>
        </a>
    }
    .into_any()
}

/// The account menu, or the way to log in.
fn account_menu(viewer: &Viewer, links: FrameLinks) -> AnyView {
    let Some(user) = &viewer.user else {
        return view! {
            <a class="button" data-kind="quiet" href=sign_in_href() rel="external">"Log in"</a>
        }
        .into_any();
    };
    let at_apex = viewer.org().is_none();
    let head = if at_apex {
        view! {
            <summary class="button" data-kind="quiet">
                <Avatar name=user.name.clone() size="small"/>
                {user.name.clone()}
                <Icon name="chevron-down"/>
            </summary>
        }
        .into_any()
    } else {
        view! {
            <summary class="button" data-kind="quiet" data-shape="icon">
                <Avatar name=user.name.clone()/>
                <span class="visually-hidden">"Account: "{user.name.clone()}</span>
            </summary>
        }
        .into_any()
    };
    let page = viewer.player.as_ref().map(|player| {
        let href = format!("/players/{}", player.id);
        view! { <a class="menu__item" href=href><Icon name="user"/>"My page"</a> }
    });
    let account = format!("{}/account", viewer.apex_url);
    let external = (!at_apex).then_some("external");
    let site = user.site_admin.then(|| {
        let href = [&viewer.apex_url, links.site].concat();
        view! {
            <a class="menu__item" href=href rel=external>
                <Icon name="settings"/>
                "Administration"
            </a>
        }
    });
    view! {
        <details class="menu">
            {head}
            <div class="menu__panel">
                <p class="menu__head">"Signed in as "{user.name.clone()}</p>
                {page}
                <a class="menu__item" href=account rel=external>
                    <Icon name="key"/>
                    "Account and sessions"
                </a>
                {site}
                <a class="menu__item" href="/shortcuts"><Icon name="info"/>"Keyboard shortcuts"</a>
                <hr class="menu__line"/>
                {theme_switch(user, links.set_theme)}
                <hr class="menu__line"/>
                <form method="post" action=links.sign_out data-command="">
                    <button class="menu__item"><Icon name="logout"/>"Log out"</button>
                </form>
            </div>
        </details>
    }
    .into_any()
}

fn theme_switch(user: &ViewerUser, endpoint: &'static str) -> AnyView {
    let choice = |value: &'static str, label: &'static str| {
        let pressed = if user.theme == value { "true" } else { "false" };
        view! { <button name="theme" value=value aria-pressed=pressed>{label}</button> }
    };
    view! {
        <form class="theme-switch" method="post" action=endpoint data-command="">
            <span class="theme-switch__label" id="theme-label">"Theme"</span>
            <div class="segmented" role="group" aria-labelledby="theme-label">
                {choice("system", "System")}
                {choice("light", "Light")}
                {choice("dark", "Dark")}
            </div>
        </form>
    }
    .into_any()
}

fn rail(viewer: &Viewer, links: FrameLinks) -> AnyView {
    let items: Vec<NavItem> = links
        .nav
        .iter()
        .copied()
        .filter(|item| (item.shows)(viewer))
        .collect();
    let (first, more) = items.split_at(items.len().min(4));
    let path = use_location().pathname;
    let list = |items: &[NavItem]| {
        items
            .iter()
            .map(|item| view! { <li>{rail_link(*item, (item.count)(viewer), path)}</li> })
            .collect_view()
    };
    let more = (!more.is_empty()).then(|| {
        view! {
            <button class="rail__link rail__more" type="button" popovertarget="rail-more">
                <Icon name="more"/>
                <span>"More"</span>
            </button>
            <ul class="rail__list" id="rail-more" popover="auto">{list(more)}</ul>
        }
    });
    view! {
        <nav class="rail" aria-label="Main">
            <ul class="rail__list">{list(first)}</ul>
            {more}
        </nav>
    }
    .into_any()
}

fn rail_link(item: NavItem, count: Option<i64>, path: Memo<String>) -> AnyView {
    let current = move || {
        let is_here = |path: &String| {
            is_below(path, item.href) || item.covers.iter().any(|place| is_below(path, place))
        };
        path.with(is_here).then_some("page")
    };
    view! {
        <a class="rail__link" href=item.href aria-current=current>
            <Icon name=item.icon/>
            <span>{item.label}</span>
            {count.map(|count| badge(item.href, count))}
        </a>
    }
    .into_any()
}

/// A number that the browser takes over from every drawn page it fetches.
fn badge(href: &'static str, count: i64) -> AnyView {
    let name = href.trim_start_matches('/');
    view! { <span class="badge" data-badge=name hidden=count == 0>{count.to_string()}</span> }
        .into_any()
}

/// Is this path the page itself or one below it?
fn is_below(path: &str, page: &str) -> bool {
    path.strip_prefix(page)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn apex_frame(viewer: &Arc<Viewer>, links: FrameLinks) -> AnyView {
    let account = match viewer.user {
        Some(_) => account_menu(viewer, links),
        None => view! {
            <a class="button" data-kind="quiet" href="/sign-in">"Log in"</a>
            <a class="button" href="/register">"Register"</a>
        }
        .into_any(),
    };
    view! {
        <div class="apex">
            <a class="skip-link" href="#main">"Skip to content"</a>
            <header class="apex__bar">
                <a class="brand" href="/"><BrandMark/>"Muster"</a>
                <span class="apex__gap"></span>
                {account}
            </header>
            <Outlet/>
            <footer class="apex__foot"><a href="/">"Muster"</a></footer>
            <ToastRegion/>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn the_rail_marks_the_page_and_what_is_below_it() {
        assert!(is_below("/roster", "/roster") && is_below("/roster/edit", "/roster"));
        assert!(!is_below("/roster-old", "/roster") && !is_below("/", "/roster"));
    }
}
