//! Recording attendance, and choosing what it can be.

#[cfg(feature = "ssr")]
use crate::features::attendance::{input::SheetFields, service};
use crate::{
    domain::{AppError, AttendanceStateId, OperationId, event::Outcome},
    features::attendance::input::StateFields,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Records what was changed on the sheet.
#[server(endpoint = "attendance/record_sheet")]
pub async fn record_sheet(
    /// Of which operation.
    operation_id: OperationId,
    /// The chosen state by `input::row_key`; empty for none.
    #[server(default)]
    marks: BTreeMap<String, String>,
    /// What each row showed.
    #[server(default)]
    seen: BTreeMap<String, String>,
    /// Why entries are corrected.
    #[server(default)]
    reason: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let fields = SheetFields { marks, seen };
    command("attendance/record_sheet", move |ctx| async move {
        service::record_sheet(&ctx, operation_id, fields, &reason).await
    })
    .await
}

/// Whom a sheet is filled in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// Those who answered that they attend were present.
    Attending,
    /// All others were absent, or on leave.
    Others,
}

/// Fills in those of whom nothing is recorded.
#[server(endpoint = "attendance/fill_sheet")]
pub async fn fill_sheet(
    /// Of which operation.
    operation_id: OperationId,
    /// Whom.
    who: Fill,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let rest = match who {
        Fill::Attending => service::Rest::Attending,
        Fill::Others => service::Rest::Others,
    };
    command("attendance/fill_sheet", move |ctx| async move {
        service::fill_sheet(&ctx, operation_id, rest).await
    })
    .await
}

/// Records everybody on a pasted list.
#[server(endpoint = "attendance/record_list")]
pub async fn record_list(
    /// Of which operation.
    operation_id: OperationId,
    /// The list.
    text: String,
    /// The state that they get.
    state_id: AttendanceStateId,
    /// Names that nobody has are left out.
    #[server(default)]
    leave_out: bool,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("attendance/record_list", move |ctx| async move {
        service::record_list(&ctx, operation_id, &text, state_id, leave_out).await
    })
    .await
}

/// Files the after-action report, or changes it, with attendance.
#[server(endpoint = "attendance/file_report")]
pub async fn file_report(
    /// Of which operation.
    operation_id: OperationId,
    /// The version that was read; 0 for none.
    version: i64,
    /// What became of it.
    text: String,
    /// The chosen state by `input::row_key`; empty for none.
    #[server(default)]
    marks: BTreeMap<String, String>,
    /// What each row showed.
    #[server(default)]
    seen: BTreeMap<String, String>,
    /// Why entries are corrected.
    #[server(default)]
    reason: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let fields = SheetFields { marks, seen };
    command("attendance/file_report", move |ctx| async move {
        service::file_report(&ctx, operation_id, version, &text, fields, &reason).await
    })
    .await
}

/// Adds a state.
#[server(endpoint = "attendance/create_state")]
pub async fn create_state(
    /// What it is.
    state: StateFields,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("attendance/create_state", move |ctx| async move {
        service::create_state(&ctx, state).await
    })
    .await
}

/// Changes a state.
#[server(endpoint = "attendance/edit_state")]
pub async fn edit_state(
    /// Which.
    state_id: AttendanceStateId,
    /// The version that was read.
    version: i64,
    /// What it is.
    state: StateFields,
    /// Recorded entries may get another value.
    #[server(default)]
    agreed: bool,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("attendance/edit_state", move |ctx| async move {
        service::edit_state(&ctx, state_id, version, state, agreed).await
    })
    .await
}

/// Takes a state out of those to choose.
#[server(endpoint = "attendance/delete_state")]
pub async fn delete_state(
    /// Which.
    state_id: AttendanceStateId,
    /// The version that was read.
    version: i64,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("attendance/delete_state", move |ctx| async move {
        service::delete_state(&ctx, state_id, version).await
    })
    .await
}
