//! Co-founders (§3.1): only the founder chooses them.

use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, PlayerId,
        access::Action,
        event::{EventData, EventKind, Outcome},
    },
    features::tenants::{access::authorise, store},
    server::{
        Ctx, Failure, Result,
        db::Write,
        events::{self, NewEvent},
    },
};

/// Makes a player a co-founder. A player without a user could not act, so there must be one.
///
/// # Errors
/// Not the founder, no such player, the founder themself, somebody who is gone, or a co-founder
/// already.
pub async fn add_co_founder(ctx: &Ctx, player: PlayerId) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    authorise(&mut tx, ctx, Action::ManageFounders).await?;
    let (name, user) = store::seats::player(&mut tx, player).await?;
    let founder = store::settings(&mut tx).await?.founder_id;
    if user == Some(founder) {
        return Err(ConflictCode::FounderProtected.into());
    }
    if user.is_none() {
        return Err(AppError::field("player_id", FieldProblem::Unknown).into());
    }
    if !store::seats::is_here(&mut tx, player).await? {
        return Err(ConflictCode::PlayerGone.into());
    }
    store::seats::insert_co_founder(&mut tx, player, ctx.now).await?;
    tell(tx, ctx, EventKind::CoFounderAdded, player, name).await
}

/// Ends a player's being a co-founder.
///
/// # Errors
/// Not the founder, or the player is no co-founder.
pub async fn remove_co_founder(ctx: &Ctx, player: PlayerId) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    authorise(&mut tx, ctx, Action::ManageFounders).await?;
    let (name, _) = store::seats::player(&mut tx, player).await?;
    if !store::seats::delete_co_founder(&mut tx, player).await? {
        return Err(Failure::App(AppError::NotFound));
    }
    tell(tx, ctx, EventKind::CoFounderRemoved, player, name).await
}

/// Writes the event about a player and ends the command.
pub(super) async fn tell(
    mut tx: Write,
    ctx: &Ctx,
    kind: EventKind,
    player: PlayerId,
    name: String,
) -> Result<Outcome> {
    let data = EventData {
        player: Some(name),
        ..EventData::default()
    };
    let event = events::append(&mut tx, ctx, NewEvent::new(kind, data).player(player)).await?;
    events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome {
        event: Some(event),
        ..Outcome::default()
    })
}
