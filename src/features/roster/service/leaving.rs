//! Going: out of one group by one's own wish, or out of the organisation (§5.1).

use crate::{
    domain::{
        AppError, MembershipId, PlayerId, UserId,
        event::{EventData, EventKind, EventLine},
    },
    features::{
        roster::{model::Visibility, store},
        tenants,
    },
    server::{
        Ctx, Failure, Result,
        db::Write,
        events::{self, NewEvent},
    },
};

/// Ends everything that a player holds in the organisation: memberships, managing, co-founding and
/// the seat of their user. Player, rank and history stay, under the new standing.
///
/// # Errors
/// When the database fails.
pub async fn end_belonging(
    tx: &mut Write,
    ctx: &Ctx,
    player: PlayerId,
    user: Option<UserId>,
    standing: &str,
    reason: Option<String>,
) -> Result<()> {
    store::members::end_all(tx, player, ctx.now, reason).await?;
    store::roles::end_managing(tx, player).await?;
    store::players::set_standing(tx, player, standing).await?;
    tenants::service::resign(tx, player).await?;
    if let Some(user) = user {
        tenants::service::free_seat(tx, user).await?;
    }
    Ok(())
}

/// Ends one's own membership. Answers whether the group still shows to everybody, too.
///
/// # Errors
/// `NotFound` when the membership is not this player's or has ended.
pub async fn leave_group(
    tx: &mut Write,
    ctx: &Ctx,
    player: PlayerId,
    membership: MembershipId,
    reason: Option<String>,
) -> Result<(EventLine, bool)> {
    let own = store::members::open(tx, membership).await?;
    let own = own.filter(|row| row.player_id == player);
    let own = own.ok_or(Failure::App(AppError::NotFound))?;
    store::members::end(tx, membership, ctx.now, reason.clone()).await?;
    let group = store::groups::get(tx, own.group_id).await?;
    let public = group.visibility == Visibility::Public.as_str();
    let data = EventData {
        player: Some(own.common_name),
        group: Some(own.group_name),
        role: Some(own.role_name),
        reason,
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::MemberLeft, data)
        .player(player)
        .group(own.group_id);
    Ok((events::append(tx, ctx, event).await?, public))
}
