//! Handing the founding over (§3.1): the founder offers it to one player with a user, who accepts by
//! typing the Org's name. Then the former founder is a co-founder.
//!
//! Commands of an Org run one after the other, so of accepting and taking back one wins: the other
//! finds no offer.

use super::founders::tell;
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, PlayerId,
        access::{Action, Missing},
        event::{EventData, EventKind, Outcome},
        name,
    },
    features::tenants::{access::authorise, model::FoundingOffer, store},
    server::{
        Ctx, Failure, Result,
        db::Write,
        events::{self, NewEvent},
    },
};

/// Offers the founding to a player.
///
/// # Errors
/// Not the founder, a player who cannot take it, an offer there is already, or an Org that may not
/// have its name under another founder.
pub async fn offer_founding(ctx: &Ctx, player: PlayerId) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    authorise(&mut tx, ctx, Action::ManageFounders).await?;
    let (common_name, user) = store::seats::player(&mut tx, player).await?;
    let org = store::settings(&mut tx).await?;
    let Some(user) = user.filter(|user| *user != org.founder_id) else {
        return Err(AppError::field("player_id", FieldProblem::Unknown).into());
    };
    if !store::seats::is_here(&mut tx, player).await? {
        return Err(ConflictCode::PlayerGone.into());
    }
    if store::is_other_users_name(&mut tx, &org.name, user).await? {
        return Err(ConflictCode::NamedAfterFounder.into());
    }
    if store::seats::founding_offer(&mut tx).await?.is_some() {
        return Err(ConflictCode::Stale.into());
    }
    store::seats::insert_founding_offer(&mut tx, player, ctx.now).await?;
    tell(tx, ctx, EventKind::FoundingOffered, player, common_name).await
}

/// Takes the offer back.
///
/// # Errors
/// Not the founder, or there is no offer (any more).
pub async fn take_founding_back(ctx: &Ctx) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    authorise(&mut tx, ctx, Action::ManageFounders).await?;
    let offer = store::seats::founding_offer(&mut tx).await?;
    let offer = offer.ok_or(ConflictCode::Stale)?;
    store::seats::delete_founding_offer(&mut tx, offer.player_id).await?;
    let (player, name) = (offer.player_id, offer.common_name);
    tell(tx, ctx, EventKind::FoundingOfferEnded, player, name).await
}

/// What is offered to the actor.
///
/// # Errors
/// `NotFound` for everybody to whom nothing is offered.
pub async fn read_founding_offer(ctx: &Ctx) -> Result<FoundingOffer> {
    ctx.own_eyes()?;
    let tenant = ctx.tenant()?;
    let mut tx = ctx.state.db.read(tenant).await?;
    let offer = store::seats::founding_offer(&mut tx).await?;
    let org = store::settings(&mut tx).await?;
    tx.done().await?;
    let own = ctx.actor.player.as_ref().map(|(player, _)| *player);
    match offer.filter(|offer| Some(offer.player_id) == own) {
        Some(offer) => Ok(FoundingOffer {
            org: org.name,
            founder: org.founder,
            offered_at: offer.offered_at,
        }),
        None => Err(Failure::App(AppError::NotFound)),
    }
}

/// Takes an offer off the table for the one it was made to, and answers who that is.
async fn answer(tx: &mut Write, ctx: &Ctx) -> Result<(PlayerId, String)> {
    ctx.user()?;
    let own = ctx.actor.player.as_ref().map(|(player, _)| *player);
    let player = own.ok_or_else(|| ctx.refuse(Missing::Membership))?;
    let offer = store::seats::founding_offer(tx).await?;
    let offer = offer.filter(|offer| offer.player_id == player);
    // Never offered, or taken back meanwhile: nobody is told which.
    let offer = offer.ok_or(Failure::App(AppError::NotFound))?;
    store::seats::delete_founding_offer(tx, player).await?;
    Ok((player, offer.common_name))
}

/// Declines what is offered to the actor.
///
/// # Errors
/// Nothing is offered to them (any more).
pub async fn decline_founding(ctx: &Ctx) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (player, name) = answer(&mut tx, ctx).await?;
    let outcome = tell(tx, ctx, EventKind::FoundingOfferEnded, player, name).await?;
    Ok(outcome.and_goto("/roster").and_leave())
}

/// Accepts what is offered to the actor: they are the founder from now on, and who was it is a
/// co-founder.
///
/// # Errors
/// Nothing is offered to them (any more), they did not type the Org's name, or the Org may not have
/// its name under them.
pub async fn accept_founding(ctx: &Ctx, typed: &str) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (player, common_name) = answer(&mut tx, ctx).await?;
    let user = ctx.user()?.id;
    let org = store::settings(&mut tx).await?;
    if name::key(typed.trim()) != name::key(&org.name) {
        let problem = if typed.trim().is_empty() {
            FieldProblem::Required
        } else {
            FieldProblem::Mismatch
        };
        return Err(AppError::field("name", problem).into());
    }
    if store::is_other_users_name(&mut tx, &org.name, user).await? {
        return Err(ConflictCode::NamedAfterFounder.into());
    }
    store::seats::set_founder(&mut tx, user).await?;
    let data = |name: &str| EventData {
        player: Some(name.to_owned()),
        ..EventData::default()
    };
    if store::seats::delete_co_founder(&mut tx, player).await? {
        let kind = EventKind::CoFounderRemoved;
        let event = NewEvent::new(kind, data(&common_name)).player(player);
        events::append(&mut tx, ctx, event).await?;
    }
    if let Some((former, name)) = store::seats::player_of(&mut tx, org.founder_id).await? {
        store::seats::insert_co_founder(&mut tx, former, ctx.now).await?;
        let kind = EventKind::CoFounderAdded;
        let event = NewEvent::new(kind, data(&name)).player(former);
        events::append(&mut tx, ctx, event).await?;
    }
    tracing::info!(org = %tx.org(), founder = %user, "founding handed over");
    let outcome = tell(tx, ctx, EventKind::FoundingHandedOver, player, common_name).await?;
    Ok(outcome.and_goto("/settings").and_leave())
}
