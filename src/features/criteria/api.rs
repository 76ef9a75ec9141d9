//! Server functions of criteria: each one call of the service.

#[cfg(feature = "ssr")]
use crate::features::criteria::service;
use crate::{
    domain::AppError,
    features::criteria::model::{PreviewPage, RuleRow},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// Who would pass a rule, and who would not.
#[server(endpoint = "criteria/read_preview", input = GetUrl)]
pub async fn read_preview(
    /// The rule as JSON; empty is no condition.
    #[server(default)]
    rule: String,
    /// Instead of it, what a form holds.
    #[server(default)]
    rows: Vec<RuleRow>,
    /// Show those who pass.
    #[server(default)]
    met: bool,
    /// Which page of them.
    #[server(default)]
    page: u32,
) -> Result<PreviewPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("criteria/read_preview", move |ctx| async move {
        service::read_preview(&ctx, &rule, rows, met, page).await
    })
    .await
}
