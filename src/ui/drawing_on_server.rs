//! Drawing a page on the server; see `drawn`.

use super::drawn::HOLDER;
use leptos::prelude::*;

/// The page in its holder.
pub(super) fn hold<V: IntoView + 'static>(page: &impl Fn() -> V) -> AnyView {
    // What the page reads is not written into the document a second time, since nobody hydrates it.
    // The page makes its resources right here; what is around it is hydrated.
    let context = Owner::current_shared_context();
    let hydrates = |on| {
        if let Some(context) = &context {
            context.set_is_hydrating(on);
        }
    };
    hydrates(false);
    let page = page().into_any();
    hydrates(true);
    view! { <div id=HOLDER class="drawn-page">{page}</div> }.into_any()
}
