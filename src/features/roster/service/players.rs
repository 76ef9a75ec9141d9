//! Players: creating, renaming, and the invitation by which a user claims one (§2.2).

use super::{finish, members, undo_with};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, InvitationId, PlayerId, UserId,
        access::Action,
        event::{EventData, EventKind, EventLine, Outcome},
        name,
        time::Instant,
    },
    features::{
        ranks,
        roster::{
            access::{authorise, authorise_player},
            input::{Command, CreatePlayer, PlacePlayer, RenamePlayer},
            model::{is_gone, limits},
            store,
        },
        tenants,
    },
    server::{Ctx, Failure, Result, db::Write, events, events::NewEvent, token},
};
use chrono::Duration;
use uuid::Uuid;

/// How long an invitation can be used.
const INVITATION_DAYS: i64 = 14;

/// Creates a player, and puts them into a group if one is given. Leaders may do so for the groups
/// they lead; founders also without a group.
///
/// # Errors
/// An invalid or taken name, or a missing grant.
pub async fn create_player(ctx: &Ctx, input: CreatePlayer) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let scope = input.group_id.unwrap_or(tx.org().root_group());
    authorise(&mut tx, ctx, Action::ManagePlayers, scope).await?;
    let common_name = free_name(&mut tx, &input.common_name, None).await?;
    let player = PlayerId(Uuid::now_v7());
    insert_player(&mut tx, player, None, &common_name, ctx.now).await?;
    let data = EventData {
        player: Some(common_name),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::PlayerCreated, data).player(player);
    let mut line = events::append(&mut tx, ctx, event).await?;
    if let Some(group_id) = input.group_id {
        let place = PlacePlayer {
            player_id: player,
            group_id,
            role_id: None,
            position_id: None,
            expected: None,
        };
        line = members::place(&mut tx, ctx, place, None).await?;
    }
    Ok(finish(ctx, tx, line)
        .await?
        .and_goto(format!("/players/{player}")))
}

/// A checked name that no other player of the Org has, ignoring case. Imports may keep handles that
/// differ only in case; people who type a name get told.
pub(super) async fn free_name(
    tx: &mut Write,
    text: &str,
    except: Option<PlayerId>,
) -> Result<String> {
    let common_name = name::plain(text, limits::COMMON_NAME)
        .map_err(|problem| AppError::field("common_name", problem))?;
    if store::players::name_taken(tx, &common_name, except).await? {
        return Err(AppError::field("common_name", FieldProblem::Taken).into());
    }
    Ok(common_name)
}

/// Renames a player. History keeps the name of then.
///
/// # Errors
/// An invalid or taken name, a missing grant, or somebody was faster.
pub async fn rename_player(ctx: &Ctx, input: RenamePlayer) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let line = rename(&mut tx, ctx, input, None).await?;
    finish(ctx, tx, line).await
}

pub(super) async fn rename(
    tx: &mut Write,
    ctx: &Ctx,
    input: RenamePlayer,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let (before, _) = authorise_player(tx, ctx, Action::ManagePlayers, input.player_id).await?;
    let common_name = free_name(tx, &input.common_name, Some(input.player_id)).await?;
    if !store::players::rename(tx, input.player_id, input.version, &common_name).await? {
        return Err(ConflictCode::Stale.into());
    }
    let undo = RenamePlayer {
        player_id: input.player_id,
        version: input.version + 1,
        common_name: before.common_name.clone(),
    };
    let data = EventData {
        player: Some(common_name.clone()),
        before: Some(before.common_name),
        after: Some(common_name),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::PlayerRenamed, data)
        .player(input.player_id)
        .undo(undo_with(&[Command::RenamePlayer(undo)]))
        .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// Inserts a player with the default rank (§3.2).
///
/// # Errors
/// A taken name, or the database fails.
pub(super) async fn insert_player(
    tx: &mut Write,
    player: PlayerId,
    user: Option<UserId>,
    common_name: &str,
    at: Instant,
) -> Result<()> {
    store::players::insert(tx, player, user, common_name, at).await?;
    ranks::service::give_default_rank(tx, player, at).await
}

/// Makes an invitation by which a user claims this player. Answers the link's token; it is shown
/// once and stored only as a hash.
///
/// # Errors
/// A missing grant, or the player is claimed already or gone.
pub async fn invite_player(ctx: &Ctx, player: PlayerId) -> Result<String> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (row, _) = authorise_player(&mut tx, ctx, Action::ManagePlayers, player).await?;
    if row.user.is_some() {
        return Err(ConflictCode::AlreadyClaimed.into());
    }
    if is_gone(&row.standing) {
        return Err(ConflictCode::PlayerGone.into());
    }
    let secret = token::fresh();
    let invitation = InvitationId(Uuid::now_v7());
    let expires = ctx.now + Duration::days(INVITATION_DAYS);
    let hash = token::hash(&secret);
    store::players::invite(&mut tx, invitation, player, hash, ctx.now, expires).await?;
    let data = EventData {
        player: Some(row.common_name),
        ..EventData::default()
    };
    events::append(
        &mut tx,
        ctx,
        NewEvent::new(EventKind::PlayerInvited, data).player(player),
    )
    .await?;
    events::commit(tx, &ctx.state.hub).await?;
    Ok(secret)
}

/// The name of the player that an invitation is for.
///
/// # Errors
/// `NotFound` when the invitation was used, ran out, or is of another Org.
pub async fn invitation_name(ctx: &Ctx, secret: &str) -> Result<String> {
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let player = store::players::invited(&mut tx, token::hash(secret), ctx.now).await?;
    tx.done().await?;
    player
        .map(|player| player.common_name)
        .ok_or(Failure::App(AppError::NotFound))
}

/// The signed-in user claims the player of an invitation.
///
/// # Errors
/// Not signed in, no such invitation, the user is a player here already, or somebody was faster.
pub async fn accept_invitation(ctx: &Ctx, secret: &str) -> Result<Outcome> {
    let user = ctx.user()?.id;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let hash = token::hash(secret);
    let player = store::players::invited(&mut tx, hash.clone(), ctx.now)
        .await?
        .ok_or(Failure::App(AppError::NotFound))?;
    if ctx.actor.player.is_some() {
        return Err(ConflictCode::AlreadyPlayer.into());
    }
    if !store::players::claim(&mut tx, player.player_id, user, hash, ctx.now).await? {
        return Err(ConflictCode::AlreadyClaimed.into());
    }
    tenants::service::claim_seat(&mut tx, user).await?;
    let data = EventData {
        player: Some(player.common_name),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::PlayerClaimed, data).player(player.player_id);
    let line = events::append(&mut tx, ctx, event).await?;
    Ok(finish(ctx, tx, line)
        .await?
        .and_goto(format!("/players/{}", player.player_id))
        .and_leave())
}
