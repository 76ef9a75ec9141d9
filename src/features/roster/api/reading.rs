//! What pages of the roster read.

#[cfg(feature = "ssr")]
use crate::features::roster::{service, view};
use crate::{
    domain::{AppError, GroupId, PlayerId},
    features::roster::{
        model::RosterView,
        model::pages::{Choices, GroupPage, PlayerPage, RosterPage, SearchPage},
    },
};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// The roster page.
#[server(endpoint = "roster/read_roster", input = GetUrl)]
pub async fn read_roster(
    /// How to look at it.
    view: RosterView,
    /// As of this date, `2026-06-06`; empty means now.
    #[server(default)]
    as_of: String,
    /// Only rows with this text.
    #[server(default)]
    filter: String,
    /// With handles for rearranging.
    #[server(default)]
    edit: bool,
) -> Result<RosterPage, AppError> {
    use crate::server::rpc::rpc;
    let query = crate::features::roster::model::pages::RosterQuery {
        view,
        as_of,
        filter,
        edit,
    };
    rpc("roster/read_roster", move |ctx| async move {
        view::drawing::read_roster(&ctx, &query).await
    })
    .await
}

/// The page of a group.
#[server(endpoint = "roster/read_group", input = GetUrl)]
pub async fn read_group(
    /// Which.
    id: GroupId,
) -> Result<GroupPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("roster/read_group", move |ctx| async move {
        service::read_group(&ctx, id).await
    })
    .await
}

/// The page of a player.
#[server(endpoint = "roster/read_player", input = GetUrl)]
pub async fn read_player(
    /// Which.
    id: PlayerId,
) -> Result<PlayerPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("roster/read_player", move |ctx| async move {
        service::read_player(&ctx, id).await
    })
    .await
}

/// What forms that place people offer.
#[server(endpoint = "roster/read_choices", input = GetUrl)]
pub async fn read_choices() -> Result<Choices, AppError> {
    use crate::server::rpc::rpc;
    rpc("roster/read_choices", |ctx| async move {
        service::read_choices(&ctx).await
    })
    .await
}

/// Groups and players by name.
#[server(endpoint = "roster/search", input = GetUrl)]
pub async fn search(
    /// What to look for.
    #[server(default)]
    text: String,
) -> Result<SearchPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("roster/search", move |ctx| async move {
        service::search(&ctx, &text).await
    })
    .await
}
