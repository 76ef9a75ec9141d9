//! Pages drawn by the server.
//!
//! Most pages are documents with forms: nothing in them needs a program. So they are views only on
//! the server; the browser gets their HTML and puts it into the frame, at the first visit and when
//! the viewer goes on to the next page. That keeps every such page out of the WebAssembly and out of
//! hydration. What makes them shine (sending forms without leaving the page, errors at the fields,
//! local times, live changes) is done by `browser` on the HTML, for all of them alike.
//!
//! Pages that are programs, such as the roster, are hydrated: see [`super::page::on_org_hydrated`].

use super::{context::use_refresh, drawing, states::loaded};
use crate::domain::AppError;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Id of the element that holds a drawn page.
pub(super) const HOLDER: &str = "drawn-page";

/// The HTML of a page. It stands in the document already, so it is not serialised once more.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Drawn {
    #[serde(skip)]
    pub(super) html: Arc<str>,
}

/// A page whose views stay on the server.
pub(super) fn drawn<V: IntoView + 'static>(
    page: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> AnyView {
    let location = use_location();
    let address = Memo::new(move |_| {
        [location.pathname.get(), location.search.get()].join("?")
    });
    // Only the first picture and other addresses come through here; a refresh exchanges the HTML
    // in place (`browser::redraw`), so that nothing typed is lost.
    let resource: Resource<Result<Drawn, AppError>> =
        Resource::new_blocking(move || address.get(), move |address| drawing::draw(&page, address));
    let refresh = use_refresh();
    Effect::new(move |first: Option<()>| {
        let _ = refresh.follow();
        if first.is_some() {
            drawing::redraw(address.get_untracked());
        }
    });
    loaded(resource, |drawn| {
        view! { <div id=HOLDER class="drawn-page" inner_html=drawn.html></div> }.into_any()
    })
}
