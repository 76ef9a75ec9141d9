//! Reading attendance.

#[cfg(feature = "ssr")]
use crate::features::attendance::{model::pages::By, service};
use crate::{
    domain::{AppError, OperationId},
    features::attendance::model::pages::{
        CheckInPage, CorrectionsPage, FiguresPage, ReportPage, SheetPage, StatesPage,
    },
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// The sheet of an operation.
#[server(endpoint = "attendance/read_sheet", input = GetUrl)]
pub async fn read_sheet(
    /// Of which operation.
    id: OperationId,
) -> Result<SheetPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("attendance/read_sheet", move |ctx| async move {
        service::read_sheet(&ctx, id).await
    })
    .await
}

/// The after-action report of an operation.
#[server(endpoint = "attendance/read_report", input = GetUrl)]
pub async fn read_report(
    /// Of which operation.
    id: OperationId,
) -> Result<ReportPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("attendance/read_report", move |ctx| async move {
        service::read_report(&ctx, id).await
    })
    .await
}

/// What attendance can be.
#[server(endpoint = "attendance/read_states", input = GetUrl)]
pub async fn read_states() -> Result<StatesPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("attendance/read_states", |ctx| async move {
        service::read_states(&ctx).await
    })
    .await
}

/// Figures of people, groups or categories.
#[server(endpoint = "attendance/read_figures", input = GetUrl)]
pub async fn read_figures(
    /// `people`, `groups` or `categories`.
    #[server(default)]
    by: String,
    /// Part of a name.
    #[server(default)]
    text: String,
    /// Those of this group; empty for all.
    #[server(default)]
    group: String,
    /// Lines before the first.
    #[server(default)]
    from: u32,
) -> Result<FiguresPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("attendance/read_figures", move |ctx| async move {
        let asked = service::Asked {
            by: By::parse(&by),
            text,
            group: group.parse().ok(),
            from,
        };
        service::read_figures(&ctx, asked).await
    })
    .await
}

/// What was corrected.
#[server(endpoint = "attendance/read_corrections", input = GetUrl)]
pub async fn read_corrections() -> Result<CorrectionsPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("attendance/read_corrections", |ctx| async move {
        service::read_corrections(&ctx).await
    })
    .await
}

/// The page behind a link for checking in.
#[server(endpoint = "attendance/read_check_in", input = GetUrl)]
pub async fn read_check_in(
    /// The link's secret.
    secret: String,
) -> Result<CheckInPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("attendance/read_check_in", move |ctx| async move {
        service::read_check_in(&ctx, &secret).await
    })
    .await
}
