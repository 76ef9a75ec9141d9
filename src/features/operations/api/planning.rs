//! Reading, planning and changing operations (§9.1).

#[cfg(feature = "ssr")]
use crate::features::{
    operations::{
        input::{Publishing, Source},
        service,
    },
    roster::input::optional_id,
};
use crate::{
    domain::{AppError, GroupId, OperationId, event::Outcome},
    features::operations::{
        input::{OperationFields, RepeatFields},
        model::pages::{AgendaPage, HistoryPage, OperationFormPage, OperationPage},
    },
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// What is coming, or what was.
#[server(endpoint = "operations/read_agenda", input = GetUrl)]
pub async fn read_agenda(
    /// Those that were.
    #[server(default)]
    past: bool,
    /// Where the page begins; empty for the first.
    #[server(default)]
    from: String,
) -> Result<AgendaPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("operations/read_agenda", move |ctx| async move {
        service::read_agenda(&ctx, past, &from).await
    })
    .await
}

/// The page of an operation.
#[server(endpoint = "operations/read_operation", input = GetUrl)]
pub async fn read_operation(
    /// Which.
    id: OperationId,
) -> Result<OperationPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("operations/read_operation", move |ctx| async move {
        service::read_operation(&ctx, id).await
    })
    .await
}

/// Plans an operation.
#[server(endpoint = "operations/plan_operation")]
pub async fn plan_operation(
    /// The organising group.
    group_id: GroupId,
    /// What it is, and when.
    operation: OperationFields,
    /// How it comes again.
    #[server(default)]
    repeat: RepeatFields,
    /// `draft`, `now` or `at`.
    publish: String,
    /// The day of its publication in its zone.
    #[server(default)]
    publish_date: String,
    /// The time of its publication there.
    #[server(default)]
    publish_time: String,
    /// Where its billets come from: `operation:…`, `template:…` or nothing.
    #[server(default)]
    source: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let asked = service::Asked {
        group: group_id,
        fields: operation,
        repeat,
        publishing: Publishing::read(&publish, &publish_date, &publish_time)?,
        source: Source::read(&source)?,
    };
    command("operations/plan_operation", move |ctx| async move {
        service::plan_operation(&ctx, asked).await
    })
    .await
}

/// Changes an operation.
#[server(endpoint = "operations/edit_operation")]
pub async fn edit_operation(
    /// Which.
    operation_id: OperationId,
    /// The version that was read.
    version: i64,
    /// What it is, and when.
    operation: OperationFields,
    /// Of a series: `this`, `following` or `all`.
    #[server(default)]
    scope: String,
    /// How those that follow come again.
    #[server(default)]
    repeat: RepeatFields,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let scope = service::Scope::read(&scope)?;
    command("operations/edit_operation", move |ctx| async move {
        let (id, fields) = (operation_id, operation);
        match scope {
            service::Scope::This => service::edit_operation(&ctx, id, version, fields).await,
            _ => service::edit_series(&ctx, id, version, scope, fields, repeat).await,
        }
    })
    .await
}

/// Ends a series: this operation and those that follow do not take place.
#[server(endpoint = "operations/end_series")]
pub async fn end_series(
    /// The first that does not.
    operation_id: OperationId,
    /// The version that was read.
    version: i64,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/end_series", move |ctx| async move {
        service::end_series(&ctx, operation_id, version, &reason).await
    })
    .await
}

/// What the form of an operation needs.
#[server(endpoint = "operations/read_operation_form", input = GetUrl)]
pub async fn read_operation_form(
    /// The one to change; empty for a new one.
    #[server(default)]
    id: String,
    /// What a new one begins from: `operation:…`, `template:…`, `last` or nothing.
    #[server(default)]
    source: String,
) -> Result<OperationFormPage, AppError> {
    use crate::server::rpc::rpc;
    let id = optional_id("id", &id)?;
    rpc("operations/read_operation_form", move |ctx| async move {
        service::read_operation_form(&ctx, id, &source).await
    })
    .await
}

/// What happened to an operation.
#[server(endpoint = "operations/read_history", input = GetUrl)]
pub async fn read_history(
    /// Which.
    id: OperationId,
) -> Result<HistoryPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("operations/read_history", move |ctx| async move {
        service::read_history(&ctx, id).await
    })
    .await
}

/// Publishes an operation now.
#[server(endpoint = "operations/publish_operation")]
pub async fn publish_operation(
    /// Which.
    operation_id: OperationId,
    /// The version that was read.
    version: i64,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/publish_operation", move |ctx| async move {
        service::publish_operation(&ctx, operation_id, version).await
    })
    .await
}

/// Chooses when an operation is published.
#[server(endpoint = "operations/schedule_operation")]
pub async fn schedule_operation(
    /// Which.
    operation_id: OperationId,
    /// The version that was read.
    version: i64,
    /// `draft`, `now` or `at`.
    publish: String,
    /// The day of its publication in its zone.
    #[server(default)]
    publish_date: String,
    /// The time of its publication there.
    #[server(default)]
    publish_time: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let publishing = Publishing::read(&publish, &publish_date, &publish_time)?;
    command("operations/schedule_operation", move |ctx| async move {
        service::schedule_operation(&ctx, operation_id, version, publishing).await
    })
    .await
}

/// Cancels an operation.
#[server(endpoint = "operations/cancel_operation")]
pub async fn cancel_operation(
    /// Which.
    operation_id: OperationId,
    /// The version that was read.
    version: i64,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/cancel_operation", move |ctx| async move {
        service::cancel_operation(&ctx, operation_id, version, &reason).await
    })
    .await
}

/// Lets a cancelled operation take place after all.
#[server(endpoint = "operations/revive_operation")]
pub async fn revive_operation(
    /// Which.
    operation_id: OperationId,
    /// The version that was read.
    version: i64,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/revive_operation", move |ctx| async move {
        service::revive_operation(&ctx, operation_id, version).await
    })
    .await
}

/// Puts an operation that is over away.
#[server(endpoint = "operations/archive_operation")]
pub async fn archive_operation(
    /// Which.
    operation_id: OperationId,
    /// The version that was read.
    version: i64,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/archive_operation", move |ctx| async move {
        service::archive_operation(&ctx, operation_id, version).await
    })
    .await
}

/// Deletes an operation that was never published.
#[server(endpoint = "operations/delete_operation")]
pub async fn delete_operation(
    /// Which.
    operation_id: OperationId,
    /// The version that was read.
    version: i64,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/delete_operation", move |ctx| async move {
        service::delete_operation(&ctx, operation_id, version).await
    })
    .await
}
