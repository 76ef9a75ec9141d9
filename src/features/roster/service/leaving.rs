//! Going out of a group by one's own wish (§5.1). Out of the organisation: `standing`.

use crate::{
    domain::{
        AppError, MembershipId, PlayerId,
        event::{EventData, EventKind, EventLine},
    },
    features::roster::{model::Visibility, store},
    server::{
        Ctx, Failure, Result,
        db::Write,
        events::{self, NewEvent},
    },
};

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
