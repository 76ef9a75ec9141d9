//! Fetching the next page from the server; see `drawn`.

use super::{
    browser,
    drawn::{Drawn, HOLDER},
};
use crate::domain::AppError;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::{future::Future, sync::Arc};
use wasm_bindgen_futures::spawn_local;

/// Fetches the page at this address. The page's own views are not part of the program.
pub(super) fn draw<V: IntoView + 'static, P: Fn() -> V>(
    _page: &P,
    address: String,
) -> impl Future<Output = Result<Drawn, AppError>> + Send + 'static + use<V, P> {
    SendWrapper::new(async move {
        let html = browser::fetch_page(&address, HOLDER).await?;
        Ok(Drawn { html: Arc::from(html) })
    })
}

/// Fetches the page again and puts it in place, unless somebody is typing there.
pub(super) fn redraw(address: String) {
    spawn_local(async move {
        if let Ok(html) = browser::fetch_page(&address, HOLDER).await {
            browser::exchange(HOLDER, &html);
        }
    });
}
