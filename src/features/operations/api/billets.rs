//! Filling and planning billets (§9.4).

#[cfg(feature = "ssr")]
use crate::features::operations::service;
use crate::{
    domain::{AppError, BilletId, OperationId, RsvpId, event::Outcome},
    features::{
        criteria::model::RuleRow,
        operations::{
            input::{BilletFields, stages::StageRow},
            model::answers::{BilletPage, BilletsPage, BoardPage, PlanPage},
        },
    },
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// The billets of an operation.
#[server(endpoint = "operations/read_billets", input = GetUrl)]
pub async fn read_billets(
    /// Which.
    id: OperationId,
) -> Result<BilletsPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("operations/read_billets", move |ctx| async move {
        service::read_billets(&ctx, id).await
    })
    .await
}

/// One billet, for those who fill or plan it.
#[server(endpoint = "operations/read_billet", input = GetUrl)]
pub async fn read_billet(
    /// Which.
    id: BilletId,
) -> Result<BilletPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("operations/read_billet", move |ctx| async move {
        service::read_billet(&ctx, id).await
    })
    .await
}

/// The billet board, with what speaks for and against whom is chosen.
#[server(endpoint = "operations/read_board", input = GetUrl)]
pub async fn read_board(
    /// Of which operation.
    id: OperationId,
    /// Whose answer is chosen.
    #[server(default)]
    who: Option<RsvpId>,
) -> Result<BoardPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("operations/read_board", move |ctx| async move {
        service::read_board(&ctx, id, who).await
    })
    .await
}

/// The text of all billets, for planners.
#[server(endpoint = "operations/read_plan", input = GetUrl)]
pub async fn read_plan(
    /// Of which operation.
    id: OperationId,
) -> Result<PlanPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("operations/read_plan", move |ctx| async move {
        service::read_plan(&ctx, id).await
    })
    .await
}

/// Takes a free billet.
#[server(endpoint = "operations/take_billet")]
pub async fn take_billet(
    /// Which.
    billet_id: BilletId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/take_billet", move |ctx| async move {
        service::take_billet(&ctx, billet_id).await
    })
    .await
}

/// Leaves one's own billet.
#[server(endpoint = "operations/leave_billet")]
pub async fn leave_billet(
    /// Which.
    billet_id: BilletId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/leave_billet", move |ctx| async move {
        service::leave_billet(&ctx, billet_id).await
    })
    .await
}

/// Waits for a billet that somebody has, or no longer.
#[server(endpoint = "operations/await_billet")]
pub async fn await_billet(
    /// Which.
    billet_id: BilletId,
    /// Waits; without it, no longer.
    #[server(default)]
    waits: bool,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/await_billet", move |ctx| async move {
        service::await_billet(&ctx, billet_id, waits).await
    })
    .await
}

/// Says which billets the actor would like, the dearest first.
#[server(endpoint = "operations/prefer_billets")]
pub async fn prefer_billets(
    /// Of which operation.
    operation_id: OperationId,
    /// Ids of billets, the dearest first; empty ones are passed over.
    #[server(default)]
    billets: Vec<String>,
) -> Result<Outcome, AppError> {
    use crate::{domain::FieldProblem, server::rpc::command};
    let chosen = billets.iter().filter(|id| !id.is_empty());
    let chosen: Result<Vec<BilletId>, _> = chosen.map(|id| id.parse()).collect();
    let chosen = chosen.map_err(|_| AppError::field("billets[]", FieldProblem::Unknown))?;
    command("operations/prefer_billets", move |ctx| async move {
        service::prefer_billets(&ctx, operation_id, chosen).await
    })
    .await
}

/// Puts somebody who answered into a billet.
#[server(endpoint = "operations/fill_billet")]
pub async fn fill_billet(
    /// Which.
    billet_id: BilletId,
    /// The version that was read; without it, whatever it is.
    #[server(default)]
    version: Option<i64>,
    /// Whose answer.
    rsvp_id: RsvpId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/fill_billet", move |ctx| async move {
        service::fill_billet(&ctx, billet_id, version, rsvp_id).await
    })
    .await
}

/// Empties a billet.
#[server(endpoint = "operations/empty_billet")]
pub async fn empty_billet(
    /// Which.
    billet_id: BilletId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/empty_billet", move |ctx| async move {
        service::empty_billet(&ctx, billet_id).await
    })
    .await
}

/// Changes one billet.
#[server(endpoint = "operations/edit_billet")]
pub async fn edit_billet(
    /// Which.
    billet_id: BilletId,
    /// The version that was read.
    version: i64,
    /// What it is to be.
    billet: BilletFields,
    /// What it needs.
    #[server(default)]
    needs: Vec<RuleRow>,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/edit_billet", move |ctx| async move {
        service::edit_billet(&ctx, billet_id, version, billet, needs).await
    })
    .await
}

/// Changes all sections and billets by their text.
#[server(endpoint = "operations/edit_billets")]
pub async fn edit_billets(
    /// Of which operation.
    operation_id: OperationId,
    /// What the text was that was read.
    was: String,
    /// The text.
    #[server(default)]
    billets: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/edit_billets", move |ctx| async move {
        service::edit_billets(&ctx, operation_id, &was, &billets).await
    })
    .await
}

/// Says who takes billets themselves, and from when.
#[server(endpoint = "operations/set_release")]
pub async fn set_release(
    /// Of which operation.
    operation_id: OperationId,
    /// The version that was read.
    version: i64,
    /// Members take free billets themselves.
    #[server(default)]
    self_service: bool,
    /// The stages; none for everybody at once.
    #[server(default)]
    stages: Vec<StageRow>,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/set_release", move |ctx| async move {
        service::set_release(&ctx, operation_id, version, self_service, &stages).await
    })
    .await
}
