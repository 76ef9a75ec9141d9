//! Checking in (§9.6): a link that is good for minutes, shown once, by which those who are there say
//! so themselves.

use super::{finish, register::Register, sheet::must_record_somebody};
use crate::{
    domain::{
        ConflictCode, OperationId,
        access::{Action, Missing},
        event::{EventData, EventKind, Outcome},
    },
    features::{
        attendance::{
            access::{Recorder, members_only},
            input,
            model::{Source, UsedFor, pages::CheckInPage},
            store,
        },
        operations,
    },
    server::{Ctx, Result, events, tenancy, token},
};
use chrono::Duration;

/// Opens the check-in; the address that the outcome leads to has the link, which is shown only there.
///
/// # Errors
/// No such operation for the actor, one that has not begun or does not take place, a missing grant,
/// or minutes outside of the limits.
pub async fn open_check_in(ctx: &Ctx, id: OperationId, minutes: &str) -> Result<Outcome> {
    let minutes = input::minutes(minutes)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let register = Register::for_write(&mut tx, ctx, id).await?;
    let roster = register.roster.clone();
    let recorder = Recorder::in_tx(&mut tx, ctx, &roster).await?;
    must_record_somebody(ctx, &register, &recorder)?;
    if !recorder.anybody() && recorder.of_group(register.operation.group_id).is_err() {
        return Err(ctx.refuse(Missing::AccessHere(Action::RecordAttendance)));
    }
    register.used_for(UsedFor::Present)?;
    let secret = token::fresh();
    let until = ctx.now + Duration::minutes(minutes);
    store::appeals::open(&mut tx, ctx, id, &token::hash(&secret), until).await?;
    let kind = EventKind::CheckInOpened;
    let event = operations::service::event_of(&register.operation, kind, EventData::default());
    let line = events::append(&mut tx, ctx, event).await?;
    let outcome = finish(ctx, tx, Some(line)).await?;
    Ok(outcome.and_goto(format!("/operations/{id}/attendance?check_in={secret}")))
}

/// The page behind a link.
///
/// # Errors
/// `NotFound` when the link is good no more or the actor does not see the operation; `Forbidden` to
/// visitors.
pub async fn read_check_in(ctx: &Ctx, secret: &str) -> Result<CheckInPage> {
    let eyes = operations::service::eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let hash = token::hash(secret);
    let (id, until) = store::appeals::behind(&mut tx, &hash, ctx.now).await?;
    let operation = operations::service::seen(&mut tx, &eyes, id).await?;
    members_only(ctx)?;
    let own = ctx.actor.player.as_ref().map(|(player, _)| *player);
    let entries = store::sheet::entries(&mut tx, id).await?;
    let states = store::states::all(&mut tx).await?;
    tx.done().await?;
    let entry = entries
        .into_iter()
        .find(|entry| Some(entry.player_id) == own);
    let state = entry.and_then(|entry| {
        let state = states
            .into_iter()
            .find(|state| state.state_id == entry.state_id);
        state.map(|state| state.name)
    });
    Ok(CheckInPage {
        operation: id,
        title: operation.title,
        until,
        state,
    })
}

/// Checks the actor in.
///
/// # Errors
/// The link is good no more, the actor does not see the operation or is no member, or something is
/// recorded of them already: nobody changes that themself.
pub async fn check_in(ctx: &Ctx, secret: &str) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let hash = token::hash(secret);
    let (id, _) = store::appeals::behind(&mut tx, &hash, ctx.now).await?;
    let register = Register::for_write(&mut tx, ctx, id).await?;
    let facts = tenancy::facts(&mut tx, ctx).await?;
    let player = facts
        .player
        .ok_or_else(|| ctx.refuse(Missing::Membership))?;
    if register.entries.contains_key(&player) {
        return Err(ConflictCode::AlreadyMember.into());
    }
    let present = register.used_for(UsedFor::Present)?;
    register
        .enter(&mut tx, ctx, player, present, Source::CheckIn)
        .await?;
    let data = EventData {
        player: register
            .person(player)
            .map(|person| person.common_name.clone()),
        ..EventData::default()
    };
    let kind = EventKind::CheckedIn;
    let event = operations::service::event_of(&register.operation, kind, data).player(player);
    let line = events::append(&mut tx, ctx, event).await?;
    let outcome = finish(ctx, tx, Some(line)).await?;
    Ok(outcome.and_goto(format!("/operations/{id}/attendance")))
}
