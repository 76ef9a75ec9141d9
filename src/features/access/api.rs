//! Server functions of access.

use super::model::{AccessPage, PersonAccess};
use crate::domain::{AppError, PlayerId, event::Outcome};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// Who can do what.
#[server(endpoint = "access/list_access", input = GetUrl)]
pub async fn list_access(
    /// In which group; empty means the whole organisation.
    #[server(default)]
    group: String,
    /// How many people to leave out at the beginning.
    #[server(default)]
    before: u32,
) -> Result<AccessPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("access/list_access", move |ctx| async move {
        super::service::list_access(&ctx, &group, before).await
    })
    .await
}

/// What one person can do and why.
#[server(endpoint = "access/read_access", input = GetUrl)]
pub async fn read_access(
    /// Who.
    id: PlayerId,
) -> Result<PersonAccess, AppError> {
    use crate::server::rpc::rpc;
    rpc("access/read_access", move |ctx| async move {
        super::service::read_access(&ctx, id).await
    })
    .await
}

/// From now on the session sees the organisation as this member.
#[server(endpoint = "access/see_as")]
pub async fn see_as(
    /// As whom.
    player_id: PlayerId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("access/see_as", move |ctx| async move {
        super::service::see_as(&ctx, player_id).await
    })
    .await
}

/// The session sees the organisation as oneself again.
#[server(endpoint = "access/stop_seeing_as")]
pub async fn stop_seeing_as() -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("access/stop_seeing_as", move |ctx| async move {
        super::service::stop_seeing_as(&ctx).await
    })
    .await
}
