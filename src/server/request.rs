//! The middleware every request passes: id, host, session, cross-origin check, log line.
//!
//! After it the request carries a [`Ctx`] and is of an existing host, or it was answered with the
//! plain "not found" that names nobody (§1.2, §1.5).

use super::{
    ctx::{Client, Ctx},
    flash,
    state::State,
    tenancy::{self, Host},
    token,
};
use axum::{
    extract::{ConnectInfo, Request, State as AxumState},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, Version, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{
    net::{IpAddr, SocketAddr},
    time::Instant as Stopwatch,
};

/// A session's "last seen" is written at most this often.
const SEEN_EVERY_MINUTES: i64 = 5;
/// A session ends so long after it was last used (ASVS 7.3.1).
pub const IDLE_DAYS: i64 = 14;
/// A session ends so long after it began, used or not (ASVS 7.3.2).
pub const ABSOLUTE_DAYS: i64 = 90;

/// The body of every answer about a host that is nobody's, and of nothing else.
const NO_SUCH_HOST: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
<title>Not found</title></head><body><h1>Not found</h1>\
<p>There is nothing at this address.</p></body></html>";

/// What forms beside the server functions answer to somebody who sees the Org as another member.
const OTHER_EYES: &str =
    "You are looking through somebody else's eyes, so nothing can be changed. Stop that first.\n";

fn no_such_host() -> Response {
    (
        StatusCode::NOT_FOUND,
        [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        NO_SUCH_HOST,
    )
        .into_response()
}

/// The host of a request: exactly one `Host` (or `:authority`), never a forwarded one unless a
/// trusted proxy sent it, never an absolute-form target of HTTP/1.
fn host_of(parts: &Parts, from_trusted_proxy: bool) -> Option<String> {
    let single = |name| {
        let mut values = parts.headers.get_all(name).iter();
        let first = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(first)
    };
    if parts.version < Version::HTTP_2 {
        if parts.uri.authority().is_some() {
            return None;
        }
        let host = single(header::HOST)?;
        let forwarded = header::HeaderName::from_static("x-forwarded-host");
        if from_trusted_proxy && parts.headers.contains_key(&forwarded) {
            return tenancy::plain_host(single(forwarded)?);
        }
        return tenancy::plain_host(host);
    }
    tenancy::plain_host(parts.uri.authority()?.as_str())
}

fn client_address(parts: &Parts, proxies: &[IpAddr]) -> (Option<IpAddr>, bool) {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    let trusted = peer.is_some_and(|peer| proxies.contains(&peer));
    if !trusted {
        return (peer, false);
    }
    // The last entry was written by our own proxy; earlier ones are whatever the client claimed.
    let forwarded = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok())
        .and_then(|list| list.rsplit(',').next())
        .and_then(|address| address.trim().parse().ok());
    (forwarded.or(peer), true)
}

/// The value of a cookie.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// May a request of this method change something?
fn writes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Does this request come from another site? Sibling Orgs are the same *site*, so `same-site` counts as
/// hostile (security.md §2.4).
fn is_cross_origin(method: &Method, headers: &HeaderMap, host: &str, has_session: bool) -> bool {
    if !writes(method) {
        return false;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match text("origin") {
        Some(origin) => {
            let authority = origin
                .split_once("://")
                .map(|(_, rest)| rest)
                .unwrap_or(origin);
            tenancy::plain_host(authority).as_deref() != Some(host)
        }
        None => has_session,
    }
}

/// Addresses that only scanners ask for; answered before any look-up.
fn is_noise(uri: &Uri) -> bool {
    let path = uri.path();
    let extension = path
        .rsplit('/')
        .next()
        .and_then(|name| name.rsplit_once('.'))
        .map(|(_, e)| e);
    path.len() > 1024
        || path.starts_with("/wp-")
        || path.starts_with("/.")
        || matches!(
            extension,
            Some("php" | "asp" | "aspx" | "jsp" | "cgi" | "env" | "sql" | "bak")
        )
}

/// Resolves host and caller; see the module's documentation.
pub async fn resolve(AxumState(state): AxumState<State>, request: Request, next: Next) -> Response {
    let started = Stopwatch::now();
    let request_id = uuid::Uuid::now_v7().simple().to_string();
    let (mut parts, body) = request.into_parts();
    let (address, trusted) = client_address(&parts, &state.config.trusted_proxies);
    let Some(host) = host_of(&parts, trusted) else {
        return no_such_host();
    };
    if is_noise(&parts.uri) {
        return no_such_host();
    }
    let session_token =
        cookie(&parts.headers, &state.config.cookie("session")).map(ToOwned::to_owned);
    let agent = parts
        .headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    let client = Client {
        address: address
            .map(|address| address.to_string())
            .unwrap_or_default(),
        agent: agent.unwrap_or_default().chars().take(200).collect(),
        host: host.clone(),
    };
    let ctx = match resolve_ctx(&state, &host, session_token.as_deref(), &request_id, client).await
    {
        Ok(Some(ctx)) => ctx,
        Ok(None) => return no_such_host(),
        Err(failure) => {
            tracing::error!(%failure, request_id, "could not resolve a request");
            return (
                StatusCode::SERVICE_UNAVAILABLE,
                [(header::RETRY_AFTER, "5")],
                "Unavailable",
            )
                .into_response();
        }
    };
    if is_cross_origin(
        &parts.method,
        &parts.headers,
        &host,
        session_token.is_some(),
    ) {
        tracing::warn!(
            request_id,
            path = parts.uri.path(),
            "refused a cross-origin request"
        );
        return (StatusCode::FORBIDDEN, "Cross-origin requests are refused.").into_response();
    }
    // Server functions say so themselves, in a form that pages can show.
    if writes(&parts.method) && ctx.own_eyes().is_err() && !parts.uri.path().starts_with("/api/") {
        return (StatusCode::FORBIDDEN, OTHER_EYES).into_response();
    }
    let flash_secret = cookie(&parts.headers, &state.config.cookie("flash"));
    let shows_flash = parts.method == Method::GET && flash::accepts_page(&parts.headers);
    let mut clear_flash = false;
    if let Some(secret) = flash_secret.filter(|_| shows_flash) {
        clear_flash = true;
        if let Ok(Some(found)) = flash::take(&state.db, secret, ctx.now).await {
            parts.extensions.insert(found);
        }
    }
    let method = parts.method.clone();
    let path = without_secrets(parts.uri.path());
    let signed_in = ctx.actor.user.is_some();
    parts.extensions.insert(ctx);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    finish(&state, &mut response, signed_in, clear_flash, &request_id);
    tracing::info!(
        request_id,
        host,
        %method,
        path,
        status = response.status().as_u16(),
        micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        "request"
    );
    response
}

/// A path as the log keeps it: secrets that are part of addresses, such as those of feeds and
/// invitations, are left out. They are the only parts of this length; those of signed links are
/// longer.
fn without_secrets(path: &str) -> String {
    let secret = token::hash("").len();
    let part = |part: &str| {
        let name = part.split('.').next().unwrap_or_default();
        if name.len() >= secret {
            "…".to_owned()
        } else {
            part.to_owned()
        }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

async fn resolve_ctx(
    state: &State,
    host: &str,
    session_token: Option<&str>,
    request_id: &str,
    client: Client,
) -> super::Result<Option<Ctx>> {
    let now = state.clock.now();
    let (tenant, actor) = match Host::of(&state.config, host.to_owned()) {
        Host::Apex => {
            let actor = tenancy::resolve_apex(&state.db, &state.config, session_token, now).await?;
            (None, actor)
        }
        Host::Other(host) => match tenancy::resolve_org(state, &host, session_token, now).await? {
            Some((tenant, actor)) => (Some(tenant), actor),
            None => return Ok(None),
        },
    };
    if let Some(user) = &actor.user
        && let Some(session) = user.session
        && now - user.last_seen_at > chrono::Duration::minutes(SEEN_EVERY_MINUTES)
    {
        let db = state.db.clone();
        tokio::spawn(async move {
            let seen = async {
                let mut tx = db.system().await?;
                tx.run(
                    // Prolonged by use, until the absolute limit would be passed.
                    "update session
                        set last_seen_at = $2,
                            expires_at = case when created_at > $4 then $3 else expires_at end
                      where session_id = $1",
                    (
                        session,
                        now,
                        now + chrono::Duration::days(IDLE_DAYS),
                        now - chrono::Duration::days(ABSOLUTE_DAYS - IDLE_DAYS),
                    ),
                )
                .await?;
                tx.commit().await
            };
            if let Err(failure) = seen.await {
                tracing::warn!(%failure, "could not note a session as seen");
            }
        });
    }
    Ok(Some(Ctx::new(
        state.clone(),
        tenant,
        actor,
        request_id.to_owned(),
        client,
    )))
}

/// Headers that depend on the caller.
fn finish(
    state: &State,
    response: &mut Response,
    signed_in: bool,
    clear_flash: bool,
    request_id: &str,
) {
    let headers = response.headers_mut();
    if !headers.contains_key(header::CACHE_CONTROL) {
        let value = if signed_in || headers.contains_key(header::SET_COOKIE) {
            "private, no-store"
        } else {
            "private, no-cache"
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    }
    if clear_flash
        && let Ok(cookie) = HeaderValue::from_str(&state.config.set_cookie("flash", "", 0))
    {
        headers.append(header::SET_COOKIE, cookie);
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-request-id", id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn secrets_do_not_reach_the_log() {
        let secret = token::fresh();
        assert_eq!(without_secrets(&format!("/claim/{secret}")), "/claim/…");
        assert_eq!(
            without_secrets(&format!("/calendar/feed/{secret}.ics")),
            "/calendar/feed/…"
        );
        assert_eq!(
            without_secrets(&format!("/answer/{secret}{secret}")),
            "/answer/…"
        );
        let plain = "/operations/0190f3a2-7b1c-7def-8123-456789abcdef/move";
        assert_eq!(without_secrets(plain), plain);
    }

    fn parts(uri: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request
            .body(Body::empty())
            .expect("a well-formed request")
            .into_parts()
            .0
    }

    #[test]
    fn only_one_plain_host_counts() {
        let host = |uri, headers: &[(&str, &str)], trusted| host_of(&parts(uri, headers), trusted);
        let apple = [("host", "apple.example.org:3000")];
        assert_eq!(
            host("/", &apple, false).as_deref(),
            Some("apple.example.org")
        );
        assert_eq!(host("/", &[], false), None);
        assert_eq!(
            host("/", &[("host", "a.org"), ("host", "b.org")], false),
            None
        );
        assert_eq!(host("http://b.org/", &[("host", "a.org")], false), None);
        let forged = [("host", "a.org"), ("x-forwarded-host", "b.org")];
        assert_eq!(host("/", &forged, false).as_deref(), Some("a.org"));
        assert_eq!(host("/", &forged, true).as_deref(), Some("b.org"));
    }

    #[test]
    fn writes_from_elsewhere_are_refused() {
        let cross = |pairs: &[(&str, &str)], session| {
            is_cross_origin(&Method::POST, &parts("/", pairs).headers, "a.org", session)
        };
        assert!(!cross(&[("sec-fetch-site", "same-origin")], true));
        assert!(
            cross(&[("sec-fetch-site", "same-site")], true),
            "sibling Orgs are hostile"
        );
        assert!(cross(&[("sec-fetch-site", "cross-site")], false));
        assert!(!cross(&[("origin", "https://a.org")], true));
        assert!(cross(&[("origin", "https://b.a.org")], true));
        assert!(cross(&[("origin", "null")], true));
        assert!(
            cross(&[], true),
            "a cookie without any origin proves nothing"
        );
        assert!(!cross(&[], false));
    }
}
