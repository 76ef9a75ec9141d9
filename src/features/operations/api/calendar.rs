//! The calendar (§9.2).

#[cfg(feature = "ssr")]
use crate::features::operations::service;
use crate::{
    domain::{AppError, OperationId, event::Outcome},
    features::operations::model::calendar::{CalendarAsked, CalendarPage, MovePage},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// A span of days with its operations.
#[server(endpoint = "operations/read_calendar", input = GetUrl)]
pub async fn read_calendar(
    /// What is asked for.
    #[server(default)]
    asked: CalendarAsked,
) -> Result<CalendarPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("operations/read_calendar", move |ctx| async move {
        service::read_calendar(&ctx, asked).await
    })
    .await
}

/// The page on which an operation is moved.
#[server(endpoint = "operations/read_move", input = GetUrl)]
pub async fn read_move(
    /// Which.
    id: OperationId,
    /// Where it was dragged from.
    #[server(default)]
    from: String,
    /// Where it was dragged to.
    #[server(default)]
    to: String,
) -> Result<MovePage, AppError> {
    use crate::server::rpc::rpc;
    rpc("operations/read_move", move |ctx| async move {
        service::read_move(&ctx, id, &from, &to).await
    })
    .await
}

/// Moves an operation to another day and time.
#[server(endpoint = "operations/move_operation")]
pub async fn move_operation(
    /// Which.
    operation_id: OperationId,
    /// The version that was read.
    version: i64,
    /// The day in the organiser's zone.
    date: String,
    /// The time there.
    time: String,
    /// `this` or, of a series, `following`; empty is `this`.
    #[server(default)]
    scope: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let scope = service::Scope::read(&scope)?;
    command("operations/move_operation", move |ctx| async move {
        service::move_operation(&ctx, operation_id, version, &date, &time, scope).await
    })
    .await
}

/// Moves an operation as it was dragged in the calendar.
#[server(endpoint = "operations/drop_operation")]
pub async fn drop_operation(
    /// Which.
    operation_id: OperationId,
    /// The version that was read.
    version: i64,
    /// The day, or the day and hour, from which it was dragged.
    from: String,
    /// And to which.
    to: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/drop_operation", move |ctx| async move {
        service::drop_operation(&ctx, operation_id, version, &from, &to).await
    })
    .await
}
