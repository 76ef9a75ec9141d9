//! Server functions of ranks.

#[cfg(feature = "ssr")]
use super::{
    input::{self, RankDetails},
    service,
};
use super::{
    input::{Standard, Title, TypedCeilings},
    model::{ChangePage, GroupSetPage, LadderPage, RankPage, SetPage},
};
use crate::domain::{
    AppError, GroupId, PlayerId, RankId, RankSetId, access::Action, event::Outcome,
};
#[cfg(feature = "ssr")]
use crate::features::roster::input::optional_id;
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// The ladder.
#[server(endpoint = "ranks/read_ladder", input = GetUrl)]
pub async fn read_ladder() -> Result<LadderPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("ranks/read_ladder", |ctx| async move {
        service::ladder_page(&ctx).await
    })
    .await
}

/// What the form of a rank needs; without an id, of a new one.
#[server(endpoint = "ranks/read_rank", input = GetUrl)]
pub async fn read_rank(
    /// Which; empty for a new one.
    #[server(default)]
    id: String,
) -> Result<RankPage, AppError> {
    use crate::server::rpc::rpc;
    let id = optional_id("id", &id)?;
    rpc("ranks/read_rank", move |ctx| async move {
        service::rank_page(&ctx, id).await
    })
    .await
}

/// Adds a rank to the ladder.
#[server(endpoint = "ranks/create_rank")]
pub async fn create_rank(
    /// Its name.
    name: String,
    /// Its short form.
    #[server(default)]
    abbreviation: String,
    /// Its symbol; empty for none.
    #[server(default)]
    insignia: String,
    /// Its level, 0 to 1000.
    level: String,
    /// What it grants.
    #[server(default)]
    access: Vec<Action>,
    /// Up to which levels it acts.
    #[server(default)]
    ceilings: TypedCeilings,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let details = RankDetails {
        name,
        abbreviation,
        insignia,
        level,
        access,
        ceilings,
    };
    command("ranks/create_rank", |ctx| async move {
        service::create_rank(&ctx, details).await
    })
    .await
}

/// Changes a rank.
#[server(endpoint = "ranks/edit_rank")]
pub async fn edit_rank(
    /// Which.
    rank_id: RankId,
    /// The version that was read.
    version: i64,
    /// Its name.
    name: String,
    /// Its short form.
    #[server(default)]
    abbreviation: String,
    /// Its symbol; empty for none.
    #[server(default)]
    insignia: String,
    /// Its level, 0 to 1000.
    level: String,
    /// What it grants.
    #[server(default)]
    access: Vec<Action>,
    /// Up to which levels it acts.
    #[server(default)]
    ceilings: TypedCeilings,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let details = RankDetails {
        name,
        abbreviation,
        insignia,
        level,
        access,
        ceilings,
    };
    command("ranks/edit_rank", move |ctx| async move {
        service::edit_rank(&ctx, rank_id, version, details).await
    })
    .await
}

/// Deletes a rank; those who hold it get another one.
#[server(endpoint = "ranks/delete_rank")]
pub async fn delete_rank(
    /// Which.
    rank_id: RankId,
    /// The version that was read.
    version: i64,
    /// The rank that its holders get; empty: nobody holds it.
    #[server(default)]
    move_to: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::DeleteRank {
        rank_id,
        version: Some(version),
        move_to: optional_id("move_to", &move_to)?,
    };
    command("ranks/delete_rank", |ctx| async move {
        service::delete_rank(&ctx, input).await
    })
    .await
}

/// Makes a rank the default or the guest rank.
#[server(endpoint = "ranks/appoint_rank")]
pub async fn appoint_rank(
    /// Which.
    rank_id: RankId,
    /// The version that was read.
    version: i64,
    /// As what.
    standard: Standard,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("ranks/appoint_rank", move |ctx| async move {
        service::appoint(&ctx, rank_id, version, standard).await
    })
    .await
}

/// Spreads a ready-made set of insignia over the whole ladder, or over a rank set.
#[server(endpoint = "ranks/apply_insignia")]
pub async fn apply_insignia(
    /// Id of the ready-made set.
    set: String,
    /// Over this rank set; empty: over the ladder.
    #[server(default)]
    rank_set_id: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let rank_set = optional_id("rank_set_id", &rank_set_id)?;
    command("ranks/apply_insignia", move |ctx| async move {
        service::apply_insignia(&ctx, &set, rank_set).await
    })
    .await
}

/// The page of a rank set.
#[server(endpoint = "ranks/read_rank_set", input = GetUrl)]
pub async fn read_rank_set(
    /// Which.
    id: RankSetId,
) -> Result<SetPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("ranks/read_rank_set", move |ctx| async move {
        service::set_page(&ctx, id).await
    })
    .await
}

/// Adds a rank set.
#[server(endpoint = "ranks/create_rank_set")]
pub async fn create_rank_set(
    /// Its name.
    name: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("ranks/create_rank_set", |ctx| async move {
        service::create_set(&ctx, &name).await
    })
    .await
}

/// Changes the name of a rank set and all its titles.
#[server(endpoint = "ranks/edit_rank_set")]
pub async fn edit_rank_set(
    /// Which.
    rank_set_id: RankSetId,
    /// The version that was read.
    version: i64,
    /// Its name.
    name: String,
    /// How each rank is called in it.
    #[server(default)]
    titles: Vec<Title>,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("ranks/edit_rank_set", move |ctx| async move {
        service::edit_set(&ctx, rank_set_id, version, &name, &titles).await
    })
    .await
}

/// Deletes a rank set.
#[server(endpoint = "ranks/delete_rank_set")]
pub async fn delete_rank_set(
    /// Which.
    rank_set_id: RankSetId,
    /// The version that was read.
    version: i64,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("ranks/delete_rank_set", move |ctx| async move {
        service::delete_set(&ctx, rank_set_id, version).await
    })
    .await
}

/// The rank set of a group, and those to choose from.
#[server(endpoint = "ranks/read_group_rank_set", input = GetUrl)]
pub async fn read_group_rank_set(
    /// Which group.
    id: GroupId,
) -> Result<GroupSetPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("ranks/read_group_rank_set", move |ctx| async move {
        service::group_set_page(&ctx, id).await
    })
    .await
}

/// Lets a group use a rank set.
#[server(endpoint = "ranks/choose_rank_set")]
pub async fn choose_rank_set(
    /// Which group.
    group_id: GroupId,
    /// Which set; empty: that of the group above.
    #[server(default)]
    rank_set_id: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let set = optional_id("rank_set_id", &rank_set_id)?;
    command("ranks/choose_rank_set", move |ctx| async move {
        service::choose_set(&ctx, group_id, set).await
    })
    .await
}

/// What the page that promotes and demotes needs.
#[server(endpoint = "ranks/read_player_rank", input = GetUrl)]
pub async fn read_player_rank(
    /// Which player.
    id: PlayerId,
) -> Result<ChangePage, AppError> {
    use crate::server::rpc::rpc;
    rpc("ranks/read_player_rank", move |ctx| async move {
        service::player_rank_page(&ctx, id).await
    })
    .await
}

/// Gives a player a higher rank.
#[server(endpoint = "ranks/promote_player")]
pub async fn promote_player(
    /// Who.
    player_id: PlayerId,
    /// Which rank.
    rank_id: RankId,
    /// Why, if that is to be said.
    #[server(default)]
    reason: String,
    /// The holding that was seen.
    #[server(default)]
    expected: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::ChangeRank {
        player_id,
        rank_id,
        reason,
        expected: optional_id("expected", &expected)?,
    };
    command("ranks/promote_player", |ctx| async move {
        service::change_rank(&ctx, service::Direction::Up, input).await
    })
    .await
}

/// Gives a player a lower rank, or another one of the same level.
#[server(endpoint = "ranks/demote_player")]
pub async fn demote_player(
    /// Who.
    player_id: PlayerId,
    /// Which rank.
    rank_id: RankId,
    /// Why.
    #[server(default)]
    reason: String,
    /// The holding that was seen.
    #[server(default)]
    expected: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::ChangeRank {
        player_id,
        rank_id,
        reason,
        expected: optional_id("expected", &expected)?,
    };
    command("ranks/demote_player", |ctx| async move {
        service::change_rank(&ctx, service::Direction::Down, input).await
    })
    .await
}
