//! What strangers and their machines may list and keep of a host (security.md §3.4): search engines
//! the public page and the roster, shared caches the public page for a minute and nothing else.

use crate::server::Ctx;
use axum::{
    Extension,
    extract::Request,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// How public a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Public {
    /// Search engines may list it, and shared caches keep it for visitors without cookies.
    Face,
    /// Search engines may list it.
    Listed,
    /// For those who are sent there.
    No,
}

fn public(at_apex: bool, path: &str, has_query: bool) -> Public {
    match (at_apex, path) {
        (false, "/" | "/about") => Public::Face,
        (false, "/roster") if !has_query => Public::Listed,
        (true, "/") => Public::Listed,
        _ => Public::No,
    }
}

/// Is the address of a page itself a secret, so that nobody who is linked there may learn it and no
/// browser keeps what stands there? Within this host it is told: forms come back to it.
fn is_secret(path: &str) -> bool {
    path.starts_with("/answer/") || path == "/api/operations/read_answer_link"
}

/// Middleware around pages.
pub(super) async fn mark(request: Request, next: Next) -> Response {
    let at_apex = request
        .extensions()
        .get::<Ctx>()
        .is_none_or(|ctx| ctx.maybe_tenant().is_none());
    let (path, query) = (request.uri().path(), request.uri().query());
    let public = public(at_apex, path, query.is_some_and(|query| !query.is_empty()));
    let is_secret = is_secret(path);
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let has_cookies = request.headers().contains_key(header::COOKIE);
    let mut response = next.run(request).await;
    let is_good = response.status() == StatusCode::OK;
    let headers = response.headers_mut();
    if public == Public::Face {
        headers.append(header::VARY, HeaderValue::from_static("cookie"));
        // An answer that sets a cookie is somebody's, and so is one to somebody with a cookie.
        if reads && is_good && !has_cookies && !headers.contains_key(header::SET_COOKIE) {
            let minute = HeaderValue::from_static("public, max-age=60");
            headers.insert(header::CACHE_CONTROL, minute);
        }
    }
    if is_secret {
        let keeps = HeaderValue::from_static("private, no-store");
        headers.insert(header::CACHE_CONTROL, keeps);
        let tells = HeaderValue::from_static("same-origin");
        headers.insert(header::REFERRER_POLICY, tells);
    }
    if public == Public::No {
        headers.insert(
            HeaderName::from_static("x-robots-tag"),
            HeaderValue::from_static("noindex"),
        );
    }
    response
}

/// `/robots.txt` (RFC 9309): the longest rule that fits decides, `$` is the end of an address.
pub(super) async fn robots(Extension(ctx): Extension<Ctx>) -> Response {
    let pages = match ctx.maybe_tenant() {
        Some(_) => "Allow: /$\nAllow: /about$\nAllow: /roster$\nAllow: /theme.css\n",
        None => "Allow: /$\n",
    };
    let text = format!(
        "User-agent: *\n{pages}Allow: /pkg/\nAllow: /fonts/\nAllow: /icons.svg\nAllow: \
         /favicon.svg\nDisallow: /\n"
    );
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (plain, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::{Public, public};

    #[test]
    fn only_the_face_of_an_org_may_be_kept() {
        for (at_apex, path, query, wanted) in [
            (false, "/", false, Public::Face),
            (false, "/about", true, Public::Face),
            (false, "/roster", false, Public::Listed),
            (false, "/roster", true, Public::No),
            (false, "/groups/1", false, Public::No),
            (false, "/log", false, Public::No),
            (true, "/", false, Public::Listed),
            (true, "/about", false, Public::No),
            (true, "/orgs", false, Public::No),
        ] {
            assert_eq!(public(at_apex, path, query), wanted, "{at_apex} {path}");
        }
    }
}
