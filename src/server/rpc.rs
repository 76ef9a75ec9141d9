//! The one wrapper around every server function: context, span, error mapping, status.

use super::{ctx::Ctx, error::Failure};
use crate::domain::{AppError, event::Outcome};
use axum::http::{HeaderValue, StatusCode, header, request::Parts};
use futures::FutureExt;
use leptos::prelude::{expect_context, use_context, with_context};
use leptos_axum::ResponseOptions;
use std::{future::Future, panic::AssertUnwindSafe};
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
    F: Future<Output = Result<T, Failure>> + Send,
{
    let Some(ctx) = request_ctx() else {
        return Err(AppError::Transport);
    };
    let trace_id = ctx.request_id.clone();
    let body = body(ctx).instrument(span(name, &trace_id));
    let result = AssertUnwindSafe(body).catch_unwind().await;
    conclude(name, trace_id, result.map_err(|_| ()))
}

/// What can be done while looking through another member's eyes (§3.6): stopping, and signing out.
const FOR_ANY_EYES: [&str; 2] = ["access/stop_seeing_as", "accounts/sign_out"];

/// Runs the body of a server function that writes, on a task of its own, so that it runs to its end
/// when the client goes away.
async fn write<T, F>(name: &'static str, body: impl FnOnce(Ctx) -> F) -> Result<T, AppError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    let Some(ctx) = request_ctx() else {
        return Err(AppError::Transport);
    };
    let trace_id = ctx.request_id.clone();
    if !FOR_ANY_EYES.contains(&name)
        && let Err(refused) = ctx.own_eyes()
    {
        return conclude(name, trace_id, Ok(Err(refused)));
    }
    let body = body(ctx).instrument(span(name, &trace_id));
    let result = tokio::spawn(body).await;
    conclude(name, trace_id, result.map_err(|_| ()))
}

fn span(name: &'static str, request_id: &str) -> tracing::Span {
    tracing::info_span!("rpc", name, request_id)
}

/// What the caller gets: `Err(())` is a panic, whose words the panic hook has logged.
fn conclude<T>(
    name: &'static str,
    trace_id: String,
    result: Result<Result<T, Failure>, ()>,
) -> Result<T, AppError> {
    let result = match result {
        Ok(result) => result.map_err(|failure| failure.into_app(&trace_id)),
        Err(()) => {
            tracing::error!(name, trace_id, "a server function panicked");
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
    let outcome = write(name, body).await?;
    keep_for_page(&outcome);
    Ok(outcome)
}

/// Leaves the outcome to the middleware of `server::flash` when a page is loaded next: after a plain
/// form, and where the browser's program has to load one.
fn keep_for_page(outcome: &Outcome) {
    if (wants_page() || outcome.leave)
        && let Some(slot) = extension::<super::flash::Slot>()
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
    let (outcome, cookie) = write(name, body).await?;
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

/// What middleware left in the running request; the request itself is too large to be copied.
fn extension<T: Clone + Send + Sync + 'static>() -> Option<T> {
    with_context(|parts: &Parts| parts.extensions.get::<T>().cloned()).flatten()
}

fn request_ctx() -> Option<Ctx> {
    extension()
}

fn wants_page() -> bool {
    extension().is_some_and(|WantsPage(wants)| wants)
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
