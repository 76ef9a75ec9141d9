//! One page inside the frame: title, crumbs, head, width. And the two kinds of host.

use super::{context::use_viewer, drawn::drawn, states::NotFound};
use crate::domain::viewer::Site;
use leptos::prelude::*;
use leptos_meta::Title;

/// A page that exists only at the apex (§1.3); elsewhere there is nothing at its address.
pub fn on_apex<V: IntoView + 'static>(
    page: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    move || match use_viewer().site {
        Site::Apex => drawn(page.clone()),
        Site::Org(_) => NotFound().into_any(),
    }
}

/// A page that exists only on an Org's host; at the apex there is nothing at its address.
pub fn on_org<V: IntoView + 'static>(
    page: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    move || match use_viewer().site {
        Site::Org(_) => drawn(page.clone()),
        Site::Apex => NotFound().into_any(),
    }
}

/// A page that exists on both kinds of host.
pub fn on_both<V: IntoView + 'static>(
    page: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    move || drawn(page.clone())
}

/// Like [`on_org`], for a page that is a program in the browser: its views are part of the
/// WebAssembly and are hydrated.
pub fn on_org_hydrated<V: IntoView + 'static>(
    page: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    move || match use_viewer().site {
        Site::Org(_) => page().into_any(),
        Site::Apex => NotFound().into_any(),
    }
}

/// A page: `<main>` with crumbs, heading, actions and content.
#[component]
pub fn Page(
    /// Heading and title of the document.
    #[prop(into)]
    title: String,
    /// One line beneath the heading.
    #[prop(optional, into)]
    meta: String,
    /// `reading` or `form` for a narrow column; else full width.
    #[prop(optional)]
    width: &'static str,
    /// The way here: path and name of each page above, outermost first.
    #[prop(optional)]
    crumbs: Vec<(String, String)>,
    /// Buttons beside the heading.
    #[prop(optional)]
    actions: Option<AnyView>,
    /// What stands before the heading, over the whole width.
    #[prop(optional)]
    before: Option<AnyView>,
    /// Leaves the heading out: the content brings its own `<h1>`.
    #[prop(optional)]
    bare: bool,
    /// The content.
    children: Children,
) -> impl IntoView {
    let head = (!bare).then(|| page_head(title.clone(), meta, actions));
    let content = view! {
        {before}
        {(!crumbs.is_empty()).then(|| crumb_line(crumbs, title.clone()))}
        {head}
        {children()}
    };
    // The apex sets its blocks far apart; what belongs together stands in a stack.
    let at_apex = use_viewer().org().is_none();
    let content = if at_apex && !bare {
        view! { <section class="stack">{content}</section> }.into_any()
    } else {
        content.into_any()
    };
    view! {
        <Title text=title/>
        <main
            class=main_class()
            id="main"
            tabindex="-1"
            data-width=(!width.is_empty()).then_some(width)
        >
            {content}
        </main>
    }
}

/// The class of `<main>` on this kind of host.
pub(super) fn main_class() -> &'static str {
    match use_viewer().site {
        Site::Org(_) => "content",
        Site::Apex => "apex__main",
    }
}

/// The heading of a page with its line and buttons.
#[must_use]
pub fn page_head(title: String, meta: String, actions: Option<AnyView>) -> AnyView {
    view! {
        <div class="page-head">
            <div class="page-head__text">
                <h1>{title}</h1>
                {(!meta.is_empty()).then(|| view! { <p class="page-head__meta">{meta}</p> })}
            </div>
            {actions.map(|actions| view! { <div class="page-head__actions">{actions}</div> })}
        </div>
    }
    .into_any()
}

fn crumb_line(crumbs: Vec<(String, String)>, title: String) -> AnyView {
    let above = crumbs
        .into_iter()
        .map(|(href, name)| view! { <li><a href=href>{name}</a></li> })
        .collect_view();
    view! {
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol>{above}<li><span aria-current="page">{title}</span></li></ol>
        </nav>
    }
    .into_any()
}
