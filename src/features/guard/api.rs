//! Server functions of the guard.

use super::model::PlanPage;
use crate::domain::{AppError, GroupId, MembershipId, PlanId, event::Outcome};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// Plans that members of a group leave it, and leads to the preview.
#[server(endpoint = "guard/plan_removal")]
pub async fn plan_removal(
    /// Which group.
    group_id: GroupId,
    /// Which memberships.
    #[server(default)]
    members: Vec<MembershipId>,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("guard/plan_removal", move |ctx| async move {
        super::service::plan_removal(&ctx, group_id, members, &reason).await
    })
    .await
}

/// What a plan would do now.
#[server(endpoint = "guard/read_plan", input = GetUrl)]
pub async fn read_plan(
    /// Which.
    id: PlanId,
) -> Result<PlanPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("guard/read_plan", move |ctx| async move {
        super::service::read_plan(&ctx, id).await
    })
    .await
}

/// Does what was planned, if it is still what was looked at.
#[server(endpoint = "guard/apply_plan")]
pub async fn apply_plan(
    /// Which.
    plan_id: PlanId,
    /// The digest of the plan that was looked at.
    #[server(default)]
    digest: String,
    /// How many people, typed; needed above the limit only.
    #[server(default)]
    count: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("guard/apply_plan", move |ctx| async move {
        super::service::apply_plan(&ctx, plan_id, &digest, &count).await
    })
    .await
}
