//! Drawing a page on the server; see `drawn`.

use super::drawn::Drawn;
use crate::domain::AppError;
use futures::StreamExt;
use leptos::prelude::*;
use std::{future::Future, sync::Arc};

/// Draws the page completely, with everything it reads.
pub(super) fn draw<V: IntoView + 'static, P: Fn() -> V>(
    page: &P,
    _address: String,
) -> impl Future<Output = Result<Drawn, AppError>> + Send + 'static + use<V, P> {
    // What the page reads is not written into the document a second time: nobody hydrates it. The
    // page makes its resources right here; what is around it, this drawing too, is hydrated again.
    let context = Owner::current_shared_context();
    let hydrates = |on| {
        if let Some(context) = &context {
            context.set_is_hydrating(on);
        }
    };
    hydrates(false);
    let html = page().into_any().to_html_stream_in_order();
    hydrates(true);
    async move {
        let html: String = html.collect().await;
        Ok(Drawn {
            html: Arc::from(html),
        })
    }
}

/// Pictures are redrawn by the browser only.
pub(super) fn redraw(_address: String) {}
