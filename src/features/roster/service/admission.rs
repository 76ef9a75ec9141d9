//! Becoming a player and a member by one's own wish (§5.1). Who may let whom in is decided by
//! `joining`; here the rows and their events are written.

use super::{
    members::{self, Entry},
    players::{free_name, insert_player},
};
use crate::{
    domain::{
        AppError, ConflictCode, GroupId, PlayerId, UserId,
        access::Missing,
        event::{EventData, EventKind, EventLine},
    },
    features::{
        ranks,
        roster::{
            model::is_gone,
            store::{self, players::UserPlayer},
        },
        tenants,
    },
    server::{
        Ctx, Failure, Result,
        db::{Read, Write},
        events::{self, NewEvent},
    },
};
use uuid::Uuid;

/// The player of a user in this Org, whatever their standing.
///
/// # Errors
/// When the database fails.
pub async fn user_player(tx: &mut Read, user: UserId) -> Result<Option<UserPlayer>> {
    store::players::of_user(tx, user).await
}

/// A checked name that no player of the Org has.
///
/// # Errors
/// An invalid or taken name, at the field `common_name`.
pub async fn free_common_name(tx: &mut Write, text: &str) -> Result<String> {
    free_name(tx, text, None).await
}

/// The user's player, in good standing. Who has none gets one of this name; who had left or was
/// removed comes back to theirs. Both begin with the default rank.
///
/// # Errors
/// Banned; a taken name; the user belongs to another Org of a type that allows only one.
pub async fn become_player(
    tx: &mut Write,
    ctx: &Ctx,
    user: UserId,
    common_name: &str,
) -> Result<PlayerId> {
    let (player, common_name) = match user_player(tx, user).await? {
        Some(known) if known.standing == "banned" => return Err(Missing::NotBanned.into()),
        Some(known) if !is_gone(&known.standing) => return Ok(known.player_id),
        Some(known) => {
            store::standing::set(tx, known.player_id, "active").await?;
            ranks::service::end_rank(tx, known.player_id, ctx.now).await?;
            ranks::service::give_rank_again(tx, known.player_id, None, ctx.now).await?;
            (known.player_id, known.common_name)
        }
        None => {
            let common_name = free_common_name(tx, common_name).await?;
            let player = PlayerId(Uuid::now_v7());
            insert_player(tx, player, Some(user), &common_name, ctx.now).await?;
            (player, common_name)
        }
    };
    tenants::service::claim_seat(tx, user).await?;
    let data = EventData {
        player: Some(common_name),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::Joined, data).player(player);
    events::append(tx, ctx, event).await?;
    Ok(player)
}

/// Has the group a role for people who join by themselves?
///
/// # Errors
/// When the database fails.
pub async fn takes_members(tx: &mut Write, group: GroupId) -> Result<bool> {
    Ok(members::ordinary_post(tx, group).await?.is_some())
}

/// Makes a player an ordinary member of a group, at their own wish: into an exclusive group this
/// is a transfer when they are in another (§4.3).
///
/// # Errors
/// A retired group, one without an ordinary role, or the player is a member already.
pub async fn enter_group(
    tx: &mut Write,
    ctx: &Ctx,
    player: PlayerId,
    group: GroupId,
) -> Result<EventLine> {
    let path = store::groups::path(tx, group, None).await?;
    let target = path.into_iter().next();
    let target = target.ok_or(Failure::App(AppError::NotFound))?;
    if target.retired || group == tx.org().root_group() {
        return Err(ConflictCode::GroupRetired.into());
    }
    let post = members::ordinary_post(tx, group).await?;
    let post = post.ok_or(ConflictCode::GroupClosed)?;
    let open = store::members::open_of_player(tx, player, group).await?;
    if open.iter().any(|row| row.group_id == group) {
        return Err(ConflictCode::AlreadyMember.into());
    }
    let known = store::players::get(tx, player).await?;
    let entry = Entry {
        player,
        player_name: known.common_name,
        group,
        group_name: target.name,
        post,
        source: open
            .into_iter()
            .find(|row| row.exclusive && target.exclusive),
    };
    members::begin(tx, ctx, entry, None).await
}
