//! Looking at the Org as another member sees it: read only, bound to the session, logged (§3.6).

use crate::{
    domain::{
        AppError, ConflictCode, PlayerId,
        access::Action,
        event::{EventData, EventKind, Outcome},
    },
    features::{
        access::{model::SEE_AS_MINUTES, store},
        roster::{access::authorise_player, model::is_gone},
    },
    server::{
        Ctx, Failure, Result,
        events::{self, NewEvent},
    },
};
use chrono::Duration;

/// Begins to look through somebody's eyes, for an hour at most.
///
/// # Errors
/// Nobody to look as, they are not below the actor, or they belong to the Org no more.
pub async fn see_as(ctx: &Ctx, player: PlayerId) -> Result<Outcome> {
    let tenant = ctx.tenant()?;
    let mut tx = ctx.state.db.write(tenant).await?;
    let (subject, _) = authorise_player(&mut tx, ctx, Action::SeeAs, player).await?;
    let session = ctx.user()?.session;
    let session = session.ok_or(Failure::App(AppError::SignInRequired))?;
    if is_gone(&subject.standing) {
        return Err(ConflictCode::PlayerGone.into());
    }
    let data = EventData {
        player: Some(subject.common_name),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::SeenAs, data).player(player);
    let line = events::append(&mut tx, ctx, event).await?;
    let until = ctx.now + Duration::minutes(SEE_AS_MINUTES);
    store::begin(&mut tx, session, player, until).await?;
    events::commit(tx, &ctx.state.hub).await?;
    tracing::info!(%player, request_id = ctx.request_id, "looks through another's eyes");
    Ok(Outcome {
        event: Some(line),
        ..Outcome::leave("/roster")
    })
}

/// Looks through the user's own eyes again.
///
/// # Errors
/// Not signed in, or the database fails.
pub async fn stop_seeing_as(ctx: &Ctx) -> Result<Outcome> {
    ctx.tenant()?;
    let session = ctx.user()?.session;
    let session = session.ok_or(Failure::App(AppError::SignInRequired))?;
    let mut tx = ctx.state.db.system().await?;
    store::end(&mut tx, session).await?;
    tx.commit().await?;
    let seen = ctx
        .actor
        .player
        .as_ref()
        .filter(|_| ctx.actor.looker.is_some());
    Ok(match seen {
        Some((player, _)) => Outcome::leave(format!("/players/{player}")),
        None => Outcome::leave("/roster"),
    })
}
