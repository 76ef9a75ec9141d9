//! Server functions of the guard.

use super::model::{Candidates, PlanPage};
use crate::domain::{AppError, GroupId, MembershipId, PlanId, PlayerId, RankId, event::Outcome};
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

/// People of a group who could get another rank, and the ranks.
#[server(endpoint = "guard/read_candidates", input = GetUrl)]
pub async fn read_candidates(
    /// Which group.
    group: GroupId,
    /// With those of the groups below it.
    #[server(default)]
    below: bool,
    /// Only people with this text in their name, rank or group.
    #[server(default)]
    filter: String,
) -> Result<Candidates, AppError> {
    use crate::server::rpc::rpc;
    rpc("guard/read_candidates", move |ctx| async move {
        super::service::read_candidates(&ctx, group, below, &filter).await
    })
    .await
}

/// Plans that people get a rank, and leads to the preview.
#[server(endpoint = "guard/plan_rank_change")]
pub async fn plan_rank_change(
    /// The group they were chosen in.
    group_id: GroupId,
    /// Who.
    #[server(default)]
    players: Vec<PlayerId>,
    /// Which rank.
    rank_id: RankId,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("guard/plan_rank_change", move |ctx| async move {
        super::service::plan_rank_change(&ctx, group_id, players, rank_id, &reason).await
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
