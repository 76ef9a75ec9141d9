//! The one wrapper around every server function: context, span, error mapping, status.

use super::{ctx::Ctx, error::Failure};
use crate::domain::{AppError, event::Outcome};
use axum::http::{HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;
use std::future::Future;
use tracing::Instrument;

/// Set by the request middleware for callers that want a page back, not data: plain forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantsPage(pub bool);

/// Runs the body of a server function that reads.
///
/// # Errors
/// What the caller may know of the failure.
pub async fn rpc<T, F>(name: &'static str, body: impl FnOnce(Ctx) -> F) -> Result<T, AppError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    let Some(ctx) = request_ctx() else {
        return Err(AppError::Transport);
    };
    let span = tracing::info_span!("rpc", name, request_id = %ctx.request_id);
    let trace_id = ctx.request_id.clone();
    // On a task of its own, so that a write runs to its end when the client goes away.
    let running = tokio::spawn(body(ctx).instrument(span));
    let result = match running.await {
        Ok(result) => result.map_err(|failure| failure.into_app(&trace_id)),
        Err(panic) => {
            tracing::error!(%panic, trace_id, "a server function panicked");
            Err(AppError::Unavailable { trace_id })
        }
    };
    if let Err(error) = &result {
        log_refusal(name, error);
        if !wants_page()
            && let Some(response) = use_context::<ResponseOptions>()
        {
            response.set_status(
                StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST),
            );
        }
    }
    result
}

/// Runs the body of a server function that writes. A plain form is sent on to where the outcome
/// says; the middleware of `server::flash` keeps what happened for the page that follows.
///
/// # Errors
/// What the caller may know of the failure.
pub async fn command<F>(
    name: &'static str,
    body: impl FnOnce(Ctx) -> F,
) -> Result<Outcome, AppError>
where
    F: Future<Output = Result<Outcome, Failure>> + Send + 'static,
{
    let outcome = rpc(name, body).await?;
    keep_for_page(&outcome);
    Ok(outcome)
}

/// Leaves the outcome of a plain form to the middleware of `server::flash`.
fn keep_for_page(outcome: &Outcome) {
    if wants_page()
        && let Some(parts) = use_context::<Parts>()
        && let Some(slot) = parts.extensions.get::<super::flash::Slot>()
    {
        slot.put(outcome.clone());
    }
}

/// Like [`command`], for commands that also answer a cookie.
///
/// # Errors
/// What the caller may know of the failure.
pub async fn command_with_cookie<F>(
    name: &'static str,
    body: impl FnOnce(Ctx) -> F,
) -> Result<Outcome, AppError>
where
    F: Future<Output = Result<(Outcome, String), Failure>> + Send + 'static,
{
    let (outcome, cookie) = rpc(name, body).await?;
    append_cookie(&cookie);
    keep_for_page(&outcome);
    Ok(outcome)
}

/// Adds a cookie to the response of the running server function.
pub fn append_cookie(value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        expect_context::<ResponseOptions>().append_header(header::SET_COOKIE, value);
    }
}

fn request_ctx() -> Option<Ctx> {
    use_context::<Parts>()?.extensions.get::<Ctx>().cloned()
}

fn wants_page() -> bool {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<WantsPage>().copied())
        .is_some_and(|wants| wants.0)
}

/// Refused authorisation and throttling are logged (ASVS 16.3.2); bad input is not news.
fn log_refusal(name: &'static str, error: &AppError) {
    match error {
        AppError::Forbidden(_) | AppError::TooMany { .. } => {
            tracing::warn!(name, ?error, "refused");
        }
        _ => tracing::debug!(name, ?error, "answered with an error"),
    }
}
