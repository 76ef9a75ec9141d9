//! Holding and fetching drawn pages in the browser; see `drawn`.

use super::{browser, context::use_refresh, drawn::HOLDER};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// The holder alone: the page's own views are not part of the program.
pub(super) fn hold<V: IntoView + 'static>(_page: &impl Fn() -> V) -> AnyView {
    let is_first =
        Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    // Empty until the page has come: an earlier page must not be mistaken for it.
    let html = RwSignal::new(Arc::<str>::from(""));
    let location = use_location();
    let address = Memo::new(move |_| [location.pathname.get(), location.search.get()].join("?"));
    // Answers come in any order: only that for the page of now is shown.
    let is_here = move |asked: &String| address.try_get_untracked().as_ref() == Some(asked);
    Effect::new(move |earlier: Option<()>| {
        let asked = address.get();
        if earlier.is_some() || !is_first {
            spawn_local(async move {
                match browser::fetch_page(&asked, HOLDER, || is_here(&asked)).await {
                    Ok(Some(fetched)) => _ = html.try_set(Arc::from(fetched)),
                    Ok(None) => {}
                    // What is wrong with the way there, the browser says best.
                    Err(_) if is_here(&asked) => browser::follow_address(&asked),
                    Err(_) => {}
                }
            });
        }
    });
    let refresh = use_refresh();
    // A refresh exchanges the HTML in place, unless somebody is typing there.
    Effect::new(move |earlier: Option<()>| {
        let _ = refresh.follow();
        if earlier.is_some() {
            let asked = address.get_untracked();
            spawn_local(async move {
                let fetched = browser::fetch_page(&asked, HOLDER, || is_here(&asked)).await;
                if let Ok(Some(fetched)) = fetched {
                    browser::exchange(HOLDER, &fetched);
                }
            });
        }
    });
    view! { <div id=HOLDER class="drawn-page" inner_html=move || html.get()></div> }.into_any()
}
