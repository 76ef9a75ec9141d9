//! Answering operations (§9.3).

#[cfg(feature = "ssr")]
use crate::features::operations::{model::Confirmed, service};
use crate::{
    domain::{AppError, OperationId, PlayerId, RsvpId, event::Outcome},
    features::operations::model::{Answer, answers::AnswersPage},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// Everybody who answered an operation.
#[server(endpoint = "operations/read_answers", input = GetUrl)]
pub async fn read_answers(
    /// Which.
    id: OperationId,
) -> Result<AnswersPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("operations/read_answers", move |ctx| async move {
        service::read_answers(&ctx, id).await
    })
    .await
}

/// Says whether the actor comes.
#[server(endpoint = "operations/answer_operation")]
pub async fn answer_operation(
    /// Which.
    operation_id: OperationId,
    /// What they say.
    answer: Answer,
    /// In their words.
    #[server(default)]
    note: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/answer_operation", move |ctx| async move {
        service::answer_operation(&ctx, operation_id, answer, &note).await
    })
    .await
}

/// Says for somebody else whether they come.
#[server(endpoint = "operations/answer_for")]
pub async fn answer_for(
    /// Which.
    operation_id: OperationId,
    /// For whom.
    player_id: PlayerId,
    /// What they say.
    answer: Answer,
    /// In their words.
    #[server(default)]
    note: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/answer_for", move |ctx| async move {
        service::answer_for(&ctx, operation_id, player_id, answer, &note).await
    })
    .await
}

/// Confirms an answer, puts it on standby, or neither.
#[server(endpoint = "operations/confirm_answer")]
pub async fn confirm_answer(
    /// Which.
    rsvp_id: RsvpId,
    /// `confirmed`, `standby` or nothing.
    #[server(default)]
    confirmed: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let confirmed = Confirmed::from(confirmed);
    command("operations/confirm_answer", move |ctx| async move {
        service::confirm_answer(&ctx, rsvp_id, confirmed).await
    })
    .await
}

/// Adds a guest without account.
#[server(endpoint = "operations/add_guest")]
pub async fn add_guest(
    /// To which operation.
    operation_id: OperationId,
    /// Their name.
    guest_name: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/add_guest", move |ctx| async move {
        service::add_guest(&ctx, operation_id, &guest_name).await
    })
    .await
}

/// Removes a guest.
#[server(endpoint = "operations/remove_guest")]
pub async fn remove_guest(
    /// Whose answer.
    rsvp_id: RsvpId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/remove_guest", move |ctx| async move {
        service::remove_guest(&ctx, rsvp_id).await
    })
    .await
}
