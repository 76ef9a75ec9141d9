//! Suggesting who should be in which billet (§9.5).

#[cfg(feature = "ssr")]
use crate::features::operations::service;
use crate::{
    domain::{AppError, OperationId, event::Outcome},
    features::operations::model::answers::SuggestionPage,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// What would be suggested, with the reasons.
#[server(endpoint = "operations/read_suggestion", input = GetUrl)]
pub async fn read_suggestion(
    /// For which operation.
    id: OperationId,
    /// How much preferences count.
    preference: u8,
    /// How much qualification counts.
    qualification: u8,
    /// How much it counts to have been left out.
    fairness: u8,
) -> Result<SuggestionPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("operations/read_suggestion", move |ctx| async move {
        let weights = service::weights(preference, qualification, fairness)?;
        service::read_suggestion(&ctx, id, weights).await
    })
    .await
}

/// Fills the billets as it was suggested.
#[server(endpoint = "operations/apply_suggestion")]
pub async fn apply_suggestion(
    /// Of which operation.
    operation_id: OperationId,
    /// How much preferences count.
    preference: u8,
    /// How much qualification counts.
    qualification: u8,
    /// How much it counts to have been left out.
    fairness: u8,
    /// What the suggestion that was looked at is known by.
    mark: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/apply_suggestion", move |ctx| async move {
        let weights = service::weights(preference, qualification, fairness)?;
        service::apply_suggestion(&ctx, operation_id, weights, &mark).await
    })
    .await
}
