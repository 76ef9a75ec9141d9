//! Pages drawn by the server.
//!
//! Most pages are documents with forms: nothing in them needs a program. So they are views only on
//! the server; the browser leaves their HTML alone at the first visit, and fetches the HTML of the
//! next page when the viewer goes on. That keeps every such page out of the WebAssembly and out of
//! hydration. What makes them shine (sending forms without leaving the page, errors at the fields,
//! local times, live changes) is done by `browser` on the HTML, for all of them alike.
//!
//! Pages that are programs, such as the roster, are hydrated: see [`super::page::on_org_hydrated`].
//!
//! `drawing` is the half that differs: on the server the page's views stand inside the holder, in
//! the browser the holder is given HTML.

use super::drawing;
use leptos::prelude::*;

/// Id of the element that holds a drawn page.
pub(super) const HOLDER: &str = "drawn-page";

/// A page whose views stay on the server.
pub(super) fn drawn<V: IntoView + 'static>(
    page: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> AnyView {
    drawing::hold(&page)
}
