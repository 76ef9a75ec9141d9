//! Commands on players, and the invitation by which a User claims one.

use crate::domain::{AppError, PlayerId, event::Outcome};
#[cfg(feature = "ssr")]
use crate::features::roster::{input, service};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// Creates a player.
#[server(endpoint = "roster/create_player")]
pub async fn create_player(
    /// The name used in history.
    common_name: String,
    /// Which group.
    #[server(default)]
    group_id: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::CreatePlayer {
        common_name,
        group_id: input::optional_id("group_id", &group_id)?,
    };
    command("roster/create_player", |ctx| async move {
        service::create_player(&ctx, input).await
    })
    .await
}

/// Renames a player.
#[server(endpoint = "roster/rename_player")]
pub async fn rename_player(
    /// Which player.
    player_id: PlayerId,
    /// The version that was read.
    version: i64,
    /// The name used in history.
    common_name: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::RenamePlayer {
        player_id,
        version,
        common_name,
    };
    command("roster/rename_player", |ctx| async move {
        service::rename_player(&ctx, input).await
    })
    .await
}

/// Removes a player from the organisation.
#[server(endpoint = "roster/kick_player")]
pub async fn kick_player(
    /// Which player.
    player_id: PlayerId,
    /// Why.
    #[server(default)]
    reason: String,
    /// They may not come back by themself.
    #[server(default)]
    ban: bool,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("roster/kick_player", move |ctx| async move {
        service::kick_player(&ctx, player_id, ban, &reason).await
    })
    .await
}

/// Takes back a player who is gone.
#[server(endpoint = "roster/reinstate_player")]
pub async fn reinstate_player(
    /// Which player.
    player_id: PlayerId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("roster/reinstate_player", move |ctx| async move {
        service::reinstate_player(&ctx, player_id).await
    })
    .await
}

/// Makes an invitation; the outcome leads to the page that shows its link once.
#[server(endpoint = "roster/invite_player")]
pub async fn invite_player(
    /// Which player.
    player_id: PlayerId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("roster/invite_player", move |ctx| async move {
        let secret = service::invite_player(&ctx, player_id).await?;
        Ok(Outcome::goto(format!(
            "/players/{player_id}?invitation={secret}"
        )))
    })
    .await
}

/// Claims the player of an invitation.
#[server(endpoint = "roster/accept_invitation")]
pub async fn accept_invitation(
    /// The invitation's secret.
    token: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("roster/accept_invitation", |ctx| async move {
        service::accept_invitation(&ctx, &token).await
    })
    .await
}

/// The name of the player that an invitation is for.
#[server(endpoint = "roster/read_invitation", input = GetUrl)]
pub async fn read_invitation(
    /// The invitation's secret.
    token: String,
) -> Result<String, AppError> {
    use crate::server::rpc::rpc;
    rpc("roster/read_invitation", move |ctx| async move {
        service::invitation_name(&ctx, &token).await
    })
    .await
}
