//! Appeals, corrections and checking in.

use crate::domain::{AppError, AppealId, OperationId, event::Outcome};
#[cfg(feature = "ssr")]
use crate::features::attendance::service;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Says that one was there.
#[server(endpoint = "attendance/make_appeal")]
pub async fn make_appeal(
    /// At which operation.
    operation_id: OperationId,
    /// What happened.
    text: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("attendance/make_appeal", move |ctx| async move {
        service::make_appeal(&ctx, operation_id, &text).await
    })
    .await
}

/// Takes one's own appeal back.
#[server(endpoint = "attendance/withdraw_appeal")]
pub async fn withdraw_appeal(
    /// Which.
    appeal_id: AppealId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("attendance/withdraw_appeal", move |ctx| async move {
        service::withdraw_appeal(&ctx, appeal_id).await
    })
    .await
}

/// The two answers: the buttons of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppealVerdict {
    /// They were there.
    Grant,
    /// They were not.
    Decline,
}

/// Answers an appeal; to decline takes a note.
#[server(endpoint = "attendance/answer_appeal")]
pub async fn answer_appeal(
    /// Which.
    appeal_id: AppealId,
    /// How.
    verdict: AppealVerdict,
    /// A word to who made it.
    #[server(default)]
    note: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let granted = verdict == AppealVerdict::Grant;
    command("attendance/answer_appeal", move |ctx| async move {
        service::answer_appeal(&ctx, appeal_id, granted, &note).await
    })
    .await
}

/// Notes that somebody looked at what was corrected.
#[server(endpoint = "attendance/review_corrections")]
pub async fn review_corrections() -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("attendance/review_corrections", |ctx| async move {
        service::review_corrections(&ctx).await
    })
    .await
}

/// Opens the check-in of an operation.
#[server(endpoint = "attendance/open_check_in")]
pub async fn open_check_in(
    /// Of which operation.
    operation_id: OperationId,
    /// For how many minutes.
    minutes: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("attendance/open_check_in", move |ctx| async move {
        service::open_check_in(&ctx, operation_id, &minutes).await
    })
    .await
}

/// Checks the caller in.
#[server(endpoint = "attendance/check_in")]
pub async fn check_in(
    /// The link's secret.
    secret: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("attendance/check_in", move |ctx| async move {
        service::check_in(&ctx, &secret).await
    })
    .await
}
