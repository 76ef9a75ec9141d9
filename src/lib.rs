//! Muster: where gaming communities run themselves.
//!
//! - [`domain`]: vocabulary shared by server and browser.
//! - [`ui`]: the view kit.
//! - [`features`]: one folder per area of the product.
//! - [`app`]: document, routes, and on the server the router and the command line.
//! - `server`: plumbing (server only).

#![recursion_limit = "512"]

pub mod app;
pub mod domain;
pub mod features;
#[cfg(feature = "ssr")]
pub mod server;
pub mod ui;

/// Rendering a page is mostly small allocations, which this does in half the time of glibc's.
#[cfg(feature = "ssr")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Entry point of the browser: wakes the page that the server sent.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
