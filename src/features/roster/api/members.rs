//! Commands on memberships: who is where, in which role.

use crate::domain::{AppError, GroupId, MembershipId, PlayerId, event::Outcome};
#[cfg(feature = "ssr")]
use crate::features::roster::{input, service};
use leptos::prelude::*;

/// Puts a player into a group: adds or transfers.
#[server(endpoint = "roster/place_player")]
pub async fn place_player(
    /// Which player.
    player_id: PlayerId,
    /// Which group.
    group_id: GroupId,
    /// Which role.
    #[server(default)]
    role_id: String,
    /// Which position.
    #[server(default)]
    position_id: String,
    /// The exclusive membership the sender saw; empty means none.
    #[server(default)]
    expected: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::PlacePlayer {
        player_id,
        group_id,
        role_id: input::optional_id("role_id", &role_id)?,
        position_id: input::optional_id("position_id", &position_id)?,
        expected: input::optional_id("expected", &expected)?,
    };
    command("roster/place_player", |ctx| async move {
        service::place_player(&ctx, input).await
    })
    .await
}

/// Puts several players into a group. Each is sent as the player's id, or as `id.membership` with
/// the exclusive membership in which the sender saw them.
#[server(endpoint = "roster/place_players")]
pub async fn place_players(
    /// Which group.
    group_id: GroupId,
    /// Who, each as `id` or `id.membership`.
    #[server(default)]
    players: Vec<String>,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let inputs = players
        .iter()
        .map(|text| {
            let (player, expected) = text.split_once('.').unwrap_or((text, ""));
            let malformed = AppError::field("players", crate::domain::FieldProblem::Malformed);
            Ok(input::PlacePlayer {
                player_id: player.parse().map_err(|_| malformed)?,
                group_id,
                role_id: None,
                position_id: None,
                expected: input::optional_id("players", expected)?,
            })
        })
        .collect::<Result<Vec<_>, AppError>>()?;
    command("roster/place_players", |ctx| async move {
        service::place_players(&ctx, inputs).await
    })
    .await
}

/// Gives a member another role or position in the same group.
#[server(endpoint = "roster/post_member")]
pub async fn post_member(
    /// Which membership.
    membership_id: MembershipId,
    /// Which role.
    #[server(default)]
    role_id: String,
    /// Which position.
    #[server(default)]
    position_id: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::PostMember {
        membership_id,
        role_id: input::optional_id("role_id", &role_id)?,
        position_id: input::optional_id("position_id", &position_id)?,
    };
    command("roster/post_member", |ctx| async move {
        service::post_member(&ctx, input).await
    })
    .await
}

/// Ends a membership.
#[server(endpoint = "roster/remove_member")]
pub async fn remove_member(
    /// Which membership.
    membership_id: MembershipId,
    /// Why.
    reason: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::RemoveMember {
        membership_id,
        reason,
    };
    command("roster/remove_member", |ctx| async move {
        service::remove_member(&ctx, input).await
    })
    .await
}
