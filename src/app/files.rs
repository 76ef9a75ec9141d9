//! The files of the site folder: the same for every host, so they are served before the host is
//! looked up.
//!
//! `/pkg` holds names with a hash of their content, which are kept for ever; the rest is asked for
//! again after a while. Where the build left compressed copies (`.br`, `.gz`), those are sent.

use crate::server::config::Config;
use axum::{
    extract::Request,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use tower::ServiceExt;
use tower_http::services::ServeDir;

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// Does the path look like a file's? Then no page is made for it.
pub(super) fn is_file(path: &str) -> bool {
    path.rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'))
}

/// Serves a file of the site folder, or a plain "not found".
pub(super) async fn serve(config: &Config, request: Request) -> Response {
    let folder = ServeDir::new(config.leptos.site_root.as_ref())
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let keep = cache_of(config, request.uri().path());
    let mut response = match folder.oneshot(request).await {
        Ok(response) => response.into_response(),
        Err(never) => match never {},
    };
    if response.status().is_success() || response.status() == axum::http::StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CACHE_CONTROL, keep);
    }
    response
}

fn cache_of(config: &Config, path: &str) -> HeaderValue {
    let hashed = path
        .strip_prefix('/')
        .and_then(|rest| rest.strip_prefix(config.leptos.site_pkg_dir.as_ref()))
        .is_some_and(|rest| rest.starts_with('/') && !rest.starts_with("/snippets/"));
    match (hashed, config.leptos.hash_files) {
        (true, true) => FOR_EVER,
        (true, false) => ASK,
        (false, _) => AN_HOUR,
    }
}

#[cfg(test)]
mod tests {
    use super::is_file;

    #[test]
    fn paths_with_a_dot_in_the_last_part_are_files() {
        assert!(is_file("/favicon.svg") && is_file("/pkg/muster.abc.wasm"));
        assert!(!is_file("/roster") && !is_file("/a.b/c") && !is_file("/"));
    }
}
