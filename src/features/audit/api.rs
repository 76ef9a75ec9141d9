//! Server functions of the event log.

use super::model::LogPage;
use crate::domain::{AppError, event::Outcome};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// A page of the log, newest first, before a number and of one kind if given.
#[server(endpoint = "audit/list_events", input = GetUrl)]
pub async fn list_events(
    /// Events before this number.
    #[server(default)]
    before: Option<i64>,
    /// Only events of this kind; empty means all.
    #[server(default)]
    kind: String,
) -> Result<LogPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("audit/list_events", move |ctx| async move {
        super::service::list_events(&ctx, before, &kind).await
    })
    .await
}

/// Takes an event back.
#[server(endpoint = "audit/undo_event")]
pub async fn undo_event(
    /// Number of the event.
    seq: i64,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("audit/undo_event", move |ctx| async move {
        super::service::undo_event(&ctx, seq).await
    })
    .await
}
