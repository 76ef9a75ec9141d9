//! Server functions of leave: each one call of the service.

use super::model::LeavePage;
#[cfg(feature = "ssr")]
use super::{input, service};
use crate::domain::{AppError, LeaveId, event::Outcome};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// The page of leave.
#[server(endpoint = "leave/read_leave", input = GetUrl)]
pub async fn read_leave() -> Result<LeavePage, AppError> {
    use crate::server::rpc::rpc;
    rpc("leave/read_leave", |ctx| async move {
        service::read_leave(&ctx).await
    })
    .await
}

/// Asks for leave.
#[server(endpoint = "leave/ask_leave")]
pub async fn ask_leave(
    /// The first day.
    from: String,
    /// The last day; empty while nobody knows.
    #[server(default)]
    until: String,
    /// Why.
    #[server(default)]
    reason: String,
    /// `planned`, `late` or `emergency`.
    kind: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::AskLeave {
        from,
        until,
        reason,
        kind,
    };
    command("leave/ask_leave", |ctx| async move {
        service::ask_leave(&ctx, input).await
    })
    .await
}

/// The two answers: the buttons of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveVerdict {
    /// They may go.
    Approve,
    /// They may not.
    Decline,
}

/// Approves or declines a request; to decline takes a note.
#[server(endpoint = "leave/answer_leave")]
pub async fn answer_leave(
    /// Which.
    leave_id: LeaveId,
    /// How.
    verdict: LeaveVerdict,
    /// A word to who asked.
    #[server(default)]
    note: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("leave/answer_leave", move |ctx| async move {
        match verdict {
            LeaveVerdict::Approve => service::approve_leave(&ctx, leave_id, &note).await,
            LeaveVerdict::Decline => service::decline_leave(&ctx, leave_id, &note).await,
        }
    })
    .await
}

/// Takes a request back, or ends a leave now.
#[server(endpoint = "leave/end_leave")]
pub async fn end_leave(
    /// Which.
    leave_id: LeaveId,
    /// The version that was read.
    version: i64,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("leave/end_leave", move |ctx| async move {
        service::end_leave(&ctx, leave_id, version).await
    })
    .await
}
