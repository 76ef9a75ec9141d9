//! The hand-over of a sign-in between hosts, as the browser walks it (§2.3):
//!
//! 1. Org: `/sign-in?return=/roster` keeps a nonce in a short-lived cookie and goes to the apex.
//! 2. Apex: `/handover?host=…&nonce=<hash>&return=…`: not signed in there, the log-in page comes
//!    first. Only hosts of Orgs are accepted. Goes back with a code that works once.
//! 3. Org: `/session?code=…` compares host, nonce and time, and begins a session.
//!
//! `/handover` without a nonce begins at step 1, for whoever is sent to an Org by a form: a chain of
//! redirects that starts with a form may not leave the host (`form-action 'self'`), so there the
//! browser is moved on by a small page instead. `form=1` asks for that page.

use super::service;
use crate::server::{
    Ctx, Result,
    flash::{encode_query, local_path},
    request::cookie,
    state::State,
    tenancy::plain_host,
    token,
};
use axum::{
    Extension, Router,
    extract::{Query, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;

/// Seconds that the browser has for the whole walk, the log-in page included.
const NONCE_SECONDS: i64 = 600;

/// The plain routes of accounts.
pub fn handlers() -> Router<State> {
    Router::new()
        .route("/handover", get(handover))
        .route("/session", get(accept))
}

/// Middleware around pages: `/sign-in` is a page at the apex and step 1 on an Org's host.
pub async fn org_sign_in(request: Request, next: Next) -> Response {
    let is_sign_in = request.uri().path() == "/sign-in"
        && matches!(*request.method(), Method::GET | Method::HEAD);
    let ctx = request.extensions().get::<Ctx>().filter(|_| is_sign_in);
    let Some(ctx) = ctx.filter(|ctx| ctx.maybe_tenant().is_some()) else {
        return next.run(request).await;
    };
    let asked = Query::<Walk>::try_from_uri(request.uri()).map(|Query(walk)| walk);
    begin(ctx, &asked.unwrap_or_default())
}

/// What the steps carry.
#[derive(Default, Deserialize)]
struct Walk {
    #[serde(default, rename = "return")]
    return_path: String,
    #[serde(default)]
    host: String,
    #[serde(default)]
    nonce: String,
    #[serde(default)]
    form: String,
}

impl Walk {
    fn path(&self) -> &str {
        local_path(&self.return_path).unwrap_or("/")
    }

    fn by_form(&self) -> bool {
        self.form == "1"
    }
}

fn begin(ctx: &Ctx, walk: &Walk) -> Response {
    if ctx.actor.user.is_some() {
        return go(walk.path(), false);
    }
    let config = &ctx.state.config;
    let nonce = token::fresh();
    let address = format!(
        "{}/handover?host={}&nonce={}&return={}",
        config.apex.url(),
        ctx.client.host,
        token::hash(&nonce),
        encode_query(walk.path())
    );
    with_cookie(
        go(&address, walk.by_form()),
        &config.set_cookie("handover", &nonce, NONCE_SECONDS),
    )
}

async fn handover(Extension(ctx): Extension<Ctx>, Query(walk): Query<Walk>) -> Response {
    answer(&ctx, at_apex(&ctx, &walk).await)
}

async fn at_apex(ctx: &Ctx, walk: &Walk) -> Result<Response> {
    ctx.at_apex()?;
    let host = plain_host(&walk.host).unwrap_or_default();
    if !service::is_org_host(ctx, &host).await? {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    let there = ctx.state.config.apex.url_of(&host);
    let path = encode_query(walk.path());
    if walk.nonce.is_empty() {
        return Ok(go(&format!("{there}/sign-in?return={path}"), true));
    }
    if walk.nonce.len() != token::hash("").len() {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    if ctx.actor.user.is_none() {
        let nonce = encode_query(&walk.nonce);
        let again = format!("/handover?host={host}&nonce={nonce}&return={path}&form=1");
        return Ok(go(
            &format!("/sign-in?return={}", encode_query(&again)),
            false,
        ));
    }
    let code = service::begin_handover(ctx, &host, &walk.nonce, walk.path()).await?;
    Ok(match code {
        Some(code) => go(&format!("{there}/session?code={code}"), walk.by_form()),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

/// The query of step 3.
#[derive(Deserialize)]
struct Code {
    #[serde(default)]
    code: String,
}

async fn accept(
    Extension(ctx): Extension<Ctx>,
    Query(Code { code }): Query<Code>,
    headers: HeaderMap,
) -> Response {
    answer(&ctx, at_org(&ctx, &code, &headers).await)
}

async fn at_org(ctx: &Ctx, code: &str, headers: &HeaderMap) -> Result<Response> {
    ctx.tenant()?;
    let config = &ctx.state.config;
    let nonce = cookie(headers, &config.cookie("handover")).unwrap_or_default();
    let accepted = service::accept_handover(ctx, code, nonce).await?;
    let response = match accepted {
        Some((path, session)) => with_cookie(go(&path, false), &session),
        None => refused(),
    };
    Ok(with_cookie(response, &config.set_cookie("handover", "", 0)))
}

fn answer(ctx: &Ctx, result: Result<Response>) -> Response {
    result.unwrap_or_else(|failure| {
        let error = failure.into_app(&ctx.request_id);
        let status = StatusCode::from_u16(error.status());
        status
            .unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
            .into_response()
    })
}

/// Sends the browser on: by a redirect, or by a page that moves it.
fn go(address: &str, by_page: bool) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    let response = if by_page {
        let address = address
            .replace('&', "&amp;")
            .replace('"', "&quot;")
            .replace('<', "&lt;");
        page(
            StatusCode::OK,
            &format!("<meta http-equiv=\"refresh\" content=\"0;url={address}\">"),
            &format!("<a href=\"{address}\">Go on</a>"),
        )
    } else {
        let mut response = StatusCode::SEE_OTHER.into_response();
        response.headers_mut().insert(header::LOCATION, location);
        response
    };
    keep_secret(response)
}

/// The addresses of these steps are nobody else's business.
fn keep_secret(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn refused() -> Response {
    keep_secret(page(
        StatusCode::BAD_REQUEST,
        "",
        "This log-in link was used already, or it is too old. <a href=\"/sign-in\">Log in again</a>",
    ))
}

fn page(status: StatusCode, head: &str, text: &str) -> Response {
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">{head}<title>Log in</title>\
         </head><body><main><p>{text}</p></main></body></html>"
    );
    (
        status,
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        html,
    )
        .into_response()
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
