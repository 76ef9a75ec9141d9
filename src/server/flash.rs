//! Forms without JavaScript: after a plain form post the browser is sent to a page, and that page
//! shows what happened. The result waits in the `flash` table under a random cookie, so nothing
//! typed is lost and nothing of it stands in an address that anybody could forge. With JavaScript
//! the same carries the message over a page load that an outcome asks for.

use super::{ctx::Ctx, error::Result, rpc::WantsPage, token};
use crate::domain::{AppError, event::Outcome, time::Instant, viewer::Flash};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use std::sync::{Arc, Mutex, PoisonError};

/// Greatest size of a form body; uploads have their own routes.
pub const FORM_LIMIT: usize = 256 * 1024;
/// Greatest size of what is kept of a form.
const KEPT_LIMIT: usize = 64 * 1024;
const SECONDS: i64 = 600;

/// Where the running command puts its outcome for this middleware.
#[derive(Clone, Debug, Default)]
pub struct Slot(Arc<Mutex<Option<Outcome>>>);

impl Slot {
    /// Keeps the outcome.
    pub fn put(&self, outcome: Outcome) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    }

    fn take(&self) -> Option<Outcome> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Does the caller want a page back?
#[must_use]
pub fn accepts_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// A path of this host that is safe to send the browser to: absolute, without another host.
#[must_use]
pub fn local_path(text: &str) -> Option<&str> {
    let plain = text.bytes().all(|b| b.is_ascii_graphic()) && !text.contains('\\');
    (text.starts_with('/') && !text.starts_with("//") && plain && text.len() <= 2000)
        .then_some(text)
}

/// Text as the value of a query, percent-encoded (RFC 3986 §2.1).
#[must_use]
pub fn encode_query(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

/// The page a form was on, from the Referer, if that is a page of this very host.
fn page_of(headers: &HeaderMap, host: &str) -> Option<String> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let (_, rest) = referer.split_once("://")?;
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    if super::tenancy::plain_host(authority)? != host {
        return None;
    }
    local_path(path).map(ToOwned::to_owned)
}

/// Middleware around server functions: turns the answer to a plain form into a redirect with a
/// flash.
pub async fn after_form(mut request: Request, next: Next) -> Response {
    let wants_page = request.method() == Method::POST && accepts_page(request.headers());
    request.extensions_mut().insert(WantsPage(wants_page));
    if !wants_page {
        return after_call(request, next).await;
    }
    let Some(ctx) = request.extensions().get::<Ctx>().cloned() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let (mut parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, FORM_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let slot = Slot::default();
    parts.extensions.insert(slot.clone());
    let endpoint = parts.uri.path().to_owned();
    let page = page_of(&parts.headers, &ctx.client.host);
    let response = next
        .run(Request::from_parts(parts, Body::from(bytes.clone())))
        .await;
    match slot.take() {
        Some(outcome) => {
            let wanted = wanted_page(&bytes);
            after_success(&ctx, endpoint, wanted.or(page), outcome, response).await
        }
        None => after_failure(&ctx, endpoint, page, &bytes, response).await,
    }
}

/// A call of the browser's program. What it would have said is kept when it loads a page instead.
async fn after_call(mut request: Request, next: Next) -> Response {
    let slot = Slot::default();
    let ctx = request.extensions().get::<Ctx>().cloned();
    let endpoint = request.uri().path().to_owned();
    request.extensions_mut().insert(slot.clone());
    let mut response = told_as_bad_request(next.run(request).await);
    let flash = slot.take().and_then(|outcome| flash_of(endpoint, outcome));
    if let (Some(ctx), Some(flash)) = (ctx, flash) {
        append_flash(&ctx, &flash, &mut response).await;
    }
    response
}

/// What a page says of an outcome; none when there is nothing to say.
fn flash_of(endpoint: String, outcome: Outcome) -> Option<Flash> {
    outcome.event.map(|event| Flash {
        endpoint,
        event: Some(event.into()),
        ..Flash::default()
    })
}

/// Arguments that cannot be read never reach a command; the framework answers 500 for them, but the
/// mistake is the sender's.
fn told_as_bad_request(mut response: Response) -> Response {
    let by_framework = response.headers().contains_key(SERVER_FN_ERROR_HEADER);
    if by_framework && response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

async fn after_success(
    ctx: &Ctx,
    endpoint: String,
    page: Option<String>,
    outcome: Outcome,
    response: Response,
) -> Response {
    let target = match (&outcome.goto, page) {
        (Some(goto), _) => goto.clone(),
        (None, Some(page)) => page,
        (None, None) => "/".to_owned(),
    };
    let flash = flash_of(endpoint, outcome);
    redirect(ctx, &target, flash, Some(response)).await
}

async fn after_failure(
    ctx: &Ctx,
    endpoint: String,
    page: Option<String>,
    form: &Bytes,
    response: Response,
) -> Response {
    let (_, body) = response.into_parts();
    let bytes = to_bytes(body, FORM_LIMIT).await.unwrap_or_default();
    let error = serde_json::from_slice(&bytes).unwrap_or(AppError::Transport);
    let target = match (&error, page) {
        // Not a chain of redirects to another host: `form-action 'self'` would stop it.
        (AppError::SignInRequired, page) => {
            format!(
                "/sign-in?form=1&return={}",
                encode_query(&page.unwrap_or_default())
            )
        }
        (_, Some(page)) => page,
        (_, None) => "/".to_owned(),
    };
    let flash = Flash {
        endpoint,
        fields: kept_fields(form),
        error: Some(error),
        event: None,
    };
    redirect(ctx, &target, Some(flash), None).await
}

/// The page that the form asks to be shown after success: its hidden field `goto`.
fn wanted_page(form: &[u8]) -> Option<String> {
    let (_, path) = form_fields(form)
        .into_iter()
        .find(|(name, _)| name == "goto")?;
    local_path(&path).map(ToOwned::to_owned)
}

/// What was typed, secrets apart.
fn kept_fields(form: &Bytes) -> Vec<(String, String)> {
    if form.len() > KEPT_LIMIT {
        return Vec::new();
    }
    form_fields(form)
        .into_iter()
        .filter(|(name, _)| !name.contains("password"))
        .collect()
}

/// The fields of an `application/x-www-form-urlencoded` body.
fn form_fields(form: &[u8]) -> Vec<(String, String)> {
    let plain = |part: &[u8]| {
        let mut bytes = Vec::with_capacity(part.len());
        let mut rest = part.iter().copied();
        while let Some(byte) = rest.next() {
            match byte {
                b'+' => bytes.push(b' '),
                b'%' => {
                    let digits = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                    let text = std::str::from_utf8(&digits).unwrap_or("3f");
                    bytes.push(u8::from_str_radix(text, 16).unwrap_or(b'?'));
                }
                other => bytes.push(other),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    form.split(|b| *b == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.iter().position(|b| *b == b'=') {
            Some(at) => (plain(&pair[..at]), plain(&pair[at + 1..])),
            None => (plain(pair), String::new()),
        })
        .collect()
}

async fn redirect(
    ctx: &Ctx,
    target: &str,
    flash: Option<Flash>,
    earlier: Option<Response>,
) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let location = HeaderValue::from_str(target).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, location);
    if let Some(earlier) = earlier {
        for cookie in earlier.headers().get_all(header::SET_COOKIE) {
            response
                .headers_mut()
                .append(header::SET_COOKIE, cookie.clone());
        }
    }
    if let Some(flash) = flash {
        append_flash(ctx, &flash, &mut response).await;
    }
    response
}

/// Keeps a flash for the page that is loaded next.
async fn append_flash(ctx: &Ctx, flash: &Flash, response: &mut Response) {
    match keep(ctx, flash).await {
        Ok(cookie) => {
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
        }
        Err(failure) => {
            tracing::warn!(%failure, request_id = ctx.request_id, "could not keep a form's result");
        }
    }
}

async fn keep(ctx: &Ctx, flash: &Flash) -> Result<String> {
    let secret = token::fresh();
    let payload = serde_json::to_string(flash).unwrap_or_default();
    let expires = ctx.now + chrono::Duration::seconds(SECONDS);
    let mut tx = ctx.state.db.system().await?;
    tx.run("delete from flash where expires_at < $1", (ctx.now,))
        .await?;
    tx.run(
        "insert into flash (token_hash, payload, expires_at) values ($1, $2, $3)",
        (token::hash(&secret), payload, expires),
    )
    .await?;
    tx.commit().await?;
    Ok(ctx.state.config.set_cookie("flash", &secret, SECONDS))
}

/// Takes the flash of this cookie: each is shown once.
///
/// # Errors
/// When the database fails.
pub async fn take(db: &super::db::Db, secret: &str, now: Instant) -> Result<Option<Flash>> {
    let mut tx = db.system().await?;
    let row: Option<(String, Instant)> = tx
        .optional(
            "delete from flash where token_hash = $1 returning payload, expires_at",
            (token::hash(secret),),
        )
        .await?;
    tx.commit().await?;
    Ok(row
        .filter(|(_, expires)| *expires > now)
        .and_then(|(payload, _)| serde_json::from_str(&payload).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_host_are_followed() {
        for good in ["/", "/roster?view=tree", "/groups/1#x"] {
            assert_eq!(local_path(good), Some(good));
        }
        for bad in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "/a\r\nX: y",
            "/ä",
        ] {
            assert_eq!(local_path(bad), None, "{bad:?} must not be followed");
        }
    }

    #[test]
    fn the_referer_counts_only_from_the_same_host() {
        let headers = |referer: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(
                header::REFERER,
                HeaderValue::from_str(referer).expect("plain text"),
            );
            headers
        };
        let page = |referer| page_of(&headers(referer), "apple.example.org");
        assert_eq!(
            page("https://apple.example.org:3000/a?b=c").as_deref(),
            Some("/a?b=c")
        );
        assert_eq!(page("https://evil.example/a"), None);
        assert_eq!(page("https://apple.example.org.evil.example/a"), None);
        assert_eq!(page("https://apple.example.org@evil.example/a"), None);
    }

    #[test]
    fn secrets_are_not_kept() {
        let kept = kept_fields(&Bytes::from(
            "name=A+b%26c&password=x&new_password=y&empty=",
        ));
        assert_eq!(
            kept,
            [
                ("name".into(), "A b&c".into()),
                ("empty".into(), String::new())
            ]
        );
    }
}
