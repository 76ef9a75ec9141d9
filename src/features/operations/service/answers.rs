//! Answering an operation (§9.3): one's own answer, a leader's word over it, guests, places.
//!
//! Every command here runs behind the row lock of the Org, so that who is placed and who waits is
//! decided by one after the other; the unique keys hold even so. Whoever comes goes through the
//! waitlist, and [`settle_in`] gives out what is free: each move up or back is one event, which is
//! one notice.

use super::{billets, event_of, finish, not_in_this_state};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, OperationId, PlayerId, RsvpId,
        access::{Action, Missing},
        event::{EventData, EventKind, EventLine, Outcome},
        name,
    },
    features::{
        operations::{
            access::{Eyes, operation_for_write, visible_operation},
            model::{
                Answer, Confirmed, OperationState, limits,
                places::{self, Signed},
            },
            store::{
                absence::{self, Changed},
                answers::{self, NewRsvp, Rsvp},
                operations::Operation,
            },
        },
        roster::{self, model::is_gone},
    },
    server::{Ctx, Failure, Result, db::Write, events},
};
use uuid::Uuid;

/// Says whether the actor comes.
///
/// # Errors
/// No such operation for the actor, they are no player in good standing, it is not open for answers,
/// or it is too late for anything but signing off.
pub async fn answer_operation(
    ctx: &Ctx,
    id: OperationId,
    answer: Answer,
    note: &str,
) -> Result<Outcome> {
    let note = checked_note(note)?;
    if answer == Answer::None {
        return Err(AppError::field("answer", FieldProblem::Unknown).into());
    }
    ctx.user()?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let operation = visible_operation(&mut tx, ctx, id).await?;
    let player = own_player(&mut tx, ctx).await?;
    takes_answers(&operation)?;
    if ctx.now >= operation.answers_end() && answer != Answer::Declined {
        return Err(ConflictCode::AnswersClosed.into());
    }
    let line = answer_in(&mut tx, ctx, &operation, player, answer, &note).await?;
    finish(ctx, tx, line).await
}

/// Says for somebody else whether they come; also after the deadline.
///
/// # Errors
/// A missing grant, nobody who sees the operation, or it is not open for answers.
pub async fn answer_for(
    ctx: &Ctx,
    id: OperationId,
    player: PlayerId,
    answer: Answer,
    note: &str,
) -> Result<Outcome> {
    let note = checked_note(note)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let action = Action::FillBillets;
    let (operation, _) = operation_for_write(&mut tx, ctx, id, action).await?;
    takes_answers(&operation)?;
    let roster = roster::service::roster_in(&mut tx, ctx).await?;
    let known = roster.player(player);
    let is_here = known.is_some_and(|known| !is_gone(&known.standing));
    if !is_here || !Eyes::of_player(roster, player).sees_operation(&operation) {
        return Err(AppError::field("player_id", FieldProblem::Unknown).into());
    }
    let line = answer_in(&mut tx, ctx, &operation, player, answer, &note).await?;
    finish(ctx, tx, line).await
}

/// Adds a guest without account, who comes.
///
/// # Errors
/// A missing grant, a name that is none or that another guest has, or no answers are taken.
pub async fn add_guest(ctx: &Ctx, id: OperationId, guest: &str) -> Result<Outcome> {
    let guest = name::plain(guest, limits::TITLE)
        .map_err(|problem| AppError::field("guest_name", problem))?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let action = Action::FillBillets;
    let (operation, _) = operation_for_write(&mut tx, ctx, id, action).await?;
    takes_answers(&operation)?;
    let data = EventData {
        player: Some(guest.clone()),
        ..EventData::default()
    };
    let event = event_of(&operation, EventKind::GuestAdded, data);
    let line = events::append(&mut tx, ctx, event).await?;
    let key = name::key(&guest);
    let new = NewRsvp {
        id: RsvpId(Uuid::now_v7()),
        player: None,
        guest: Some((guest, key)),
        answer: Answer::Attending,
        note: String::new(),
    };
    let before = begin(&mut tx, &operation).await?;
    if before.people.len() as i64 >= limits::ANSWERS {
        return Err(ConflictCode::AnswersClosed.into());
    }
    answers::insert(&mut tx, id, &new, ctx.now).await?;
    queue(&mut tx, new.id, line.seq).await?;
    settle(&mut tx, ctx, &operation, before, Some(new.id)).await?;
    finish(ctx, tx, line).await
}

/// Removes a guest; whoever waits first gets their place.
///
/// # Errors
/// No such guest for the actor, a missing grant, or no answers are taken.
pub async fn remove_guest(ctx: &Ctx, rsvp: RsvpId) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (operation, row) = answer_for_write(&mut tx, ctx, rsvp).await?;
    if row.player_id.is_some() {
        return Err(Failure::App(AppError::NotFound));
    }
    takes_answers(&operation)?;
    let event = event_about(
        &operation,
        EventKind::GuestRemoved,
        &row,
        EventData::default(),
    );
    let line = events::append(&mut tx, ctx, event).await?;
    let before = begin(&mut tx, &operation).await?;
    billets::vacate(&mut tx, ctx, &operation, rsvp).await?;
    answers::delete(&mut tx, rsvp).await?;
    settle(&mut tx, ctx, &operation, before, None).await?;
    finish(ctx, tx, line).await
}

/// Confirms an answer, puts it on standby, or neither.
///
/// # Errors
/// No such answer for the actor, a missing grant, somebody who does not come, or no answers are
/// taken.
pub async fn confirm_answer(ctx: &Ctx, rsvp: RsvpId, confirmed: Confirmed) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (operation, row) = answer_for_write(&mut tx, ctx, rsvp).await?;
    takes_answers(&operation)?;
    if !row.answer.comes() {
        return Err(ConflictCode::NotComing.into());
    }
    let data = EventData {
        after: Some(confirmed.label().to_lowercase()),
        ..EventData::default()
    };
    let event = event_about(&operation, EventKind::AnswerConfirmed, &row, data);
    let line = events::append(&mut tx, ctx, event).await?;
    let before = begin(&mut tx, &operation).await?;
    let mut signed = row.signed();
    let stands_by = confirmed == Confirmed::Standby;
    signed.confirmed = confirmed;
    let mut given_up = 0;
    if stands_by && signed.is_in() {
        // The place they give up is for who waits for one, not for themself.
        given_up = 1;
        signed.place = None;
        signed.waiting = Some(line.seq);
        billets::vacate(&mut tx, ctx, &operation, rsvp).await?;
    }
    answers::set_place(&mut tx, &signed).await?;
    let before = Before {
        free: before.free + given_up,
        ..before
    };
    settle(&mut tx, ctx, &operation, before, None).await?;
    finish(ctx, tx, line).await
}

/// Writes an answer, with the places and billets that follow from it.
async fn answer_in(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    player: PlayerId,
    answer: Answer,
    note: &str,
) -> Result<EventLine> {
    let id = operation.operation_id;
    let (player_name, _) = answers::player(tx, player).await?;
    let known = answers::of_player(tx, id, player).await?;
    let before = begin(tx, operation).await?;
    if known.is_none() && before.people.len() as i64 >= limits::ANSWERS {
        return Err(ConflictCode::AnswersClosed.into());
    }
    let data = EventData {
        player: Some(player_name),
        after: Some(answer.label().to_lowercase()),
        ..EventData::default()
    };
    let event = event_of(operation, EventKind::Answered, data).player(player);
    let line = events::append(tx, ctx, event).await?;
    let rsvp = match &known {
        Some(known) => {
            answers::update(tx, known.rsvp_id, answer, note, ctx.now).await?;
            known.rsvp_id
        }
        None => {
            let new = NewRsvp {
                id: RsvpId(Uuid::now_v7()),
                player: Some(player),
                guest: None,
                answer,
                note: note.to_owned(),
            };
            answers::insert(tx, id, &new, ctx.now).await?;
            new.id
        }
    };
    let came = known.as_ref().is_some_and(|known| known.answer.comes());
    if answer.comes() && !came {
        queue(tx, rsvp, line.seq).await?;
    }
    if answer == Answer::Declined || (came && !answer.comes()) {
        billets::vacate(tx, ctx, operation, rsvp).await?;
    }
    settle(tx, ctx, operation, before, Some(rsvp)).await?;
    if answers::get(tx, rsvp).await?.waiting_since.is_some() {
        // A leader put them there while they did not know whether they come.
        billets::vacate(tx, ctx, operation, rsvp).await?;
    }
    Ok(line)
}

/// Puts an answer at the end of the waitlist.
async fn queue(tx: &mut Write, rsvp: RsvpId, seq: i64) -> Result<()> {
    let signed = Signed {
        waiting: Some(seq),
        place: None,
        confirmed: Confirmed::Open,
        ..answers::get(tx, rsvp).await?.signed()
    };
    answers::set_place(tx, &signed).await
}

/// The places as they were before a command.
struct Before {
    free: i64,
    people: Vec<Rsvp>,
}

async fn begin(tx: &mut Write, operation: &Operation) -> Result<Before> {
    let people = answers::of_operation(tx, operation.operation_id).await?;
    let signed: Vec<Signed> = people.iter().map(Rsvp::signed).collect();
    Ok(Before {
        free: places::free(operation.capacity, &signed),
        people,
    })
}

/// Gives out the places of an operation whose capacity was changed from `before`.
///
/// # Errors
/// When the database fails.
pub(super) async fn settle_in(
    tx: &mut Write,
    ctx: &Ctx,
    before: &Operation,
    after: &Operation,
) -> Result<()> {
    if before.capacity == after.capacity {
        return Ok(());
    }
    let before = begin(tx, before).await?;
    settle(tx, ctx, after, before, None).await
}

/// Signs somebody off who is on leave: their billet and place go to those who wait.
///
/// # Errors
/// When the database fails.
pub(super) async fn decline_in(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    changed: &Changed,
) -> Result<()> {
    let before = begin(tx, operation).await?;
    absence::decline(tx, ctx, changed).await?;
    billets::vacate(tx, ctx, operation, changed.rsvp).await?;
    settle(tx, ctx, operation, before, None).await
}

/// Gives out places and tells whoever moved, but not `newcomer`, who asked for it just now.
async fn settle(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    before: Before,
    newcomer: Option<RsvpId>,
) -> Result<()> {
    let rows = answers::of_operation(tx, operation.operation_id).await?;
    let mut people: Vec<Signed> = rows.iter().map(Rsvp::signed).collect();
    places::settle(operation.capacity, before.free, &mut people);
    let changes: Vec<(&Rsvp, &Signed)> = rows
        .iter()
        .zip(&people)
        .filter(|(row, signed)| row.signed() != **signed)
        .collect();
    // Places that are given up first: each number has one holder at any moment.
    for (row, signed) in &changes {
        if row.place.is_some() {
            let without = Signed {
                place: None,
                ..(*signed).clone()
            };
            answers::set_place(tx, &without).await?;
        }
    }
    for (row, signed) in &changes {
        if row.place.is_none() || signed.place.is_some() {
            answers::set_place(tx, signed).await?;
        }
    }
    for (row, signed) in changes {
        if Some(row.rsvp_id) == newcomer || !signed.answer.comes() {
            continue;
        }
        let was_in = before
            .people
            .iter()
            .any(|known| known.rsvp_id == row.rsvp_id && known.is_in());
        let kind = match (was_in, signed.is_in()) {
            (false, true) => EventKind::PlaceGiven,
            (true, false) => EventKind::PlaceLost,
            _ => continue,
        };
        let event = event_about(operation, kind, row, EventData::default());
        events::append(tx, ctx, event).await?;
        if kind == EventKind::PlaceLost {
            billets::vacate(tx, ctx, operation, row.rsvp_id).await?;
        }
    }
    Ok(())
}

/// An answer with its operation, of which the actor may fill the billets.
///
/// # Errors
/// `NotFound` when there is none or the actor does not see it; else what is missing.
pub(super) async fn answer_for_write(
    tx: &mut Write,
    ctx: &Ctx,
    rsvp: RsvpId,
) -> Result<(Operation, Rsvp)> {
    let row = answers::get(tx, rsvp).await?;
    let action = Action::FillBillets;
    let (operation, _) = operation_for_write(tx, ctx, row.operation_id, action).await?;
    Ok((operation, row))
}

/// An event about somebody's answer.
pub(super) fn event_about(
    operation: &Operation,
    kind: EventKind,
    row: &Rsvp,
    data: EventData,
) -> events::NewEvent {
    let data = EventData {
        player: Some(row.name.clone()),
        ..data
    };
    let event = event_of(operation, kind, data);
    match row.player_id {
        Some(player) => event.player(player),
        None => event,
    }
}

/// The actor's player, in good standing.
pub(super) async fn own_player(tx: &mut Write, ctx: &Ctx) -> Result<PlayerId> {
    let missing = || ctx.refuse(Missing::Membership);
    let (player, _) = ctx.actor.player.as_ref().ok_or_else(missing)?;
    let (_, standing) = answers::player(tx, *player).await?;
    if is_gone(&standing) {
        return Err(missing());
    }
    Ok(*player)
}

/// Answers are taken while it is published; what is over or cancelled stays as it was.
pub(super) fn takes_answers(operation: &Operation) -> Result<()> {
    match operation.state {
        OperationState::Published => Ok(()),
        _ => Err(not_in_this_state(operation)),
    }
}

fn checked_note(note: &str) -> Result<String> {
    name::text(note.trim(), 0, limits::NOTE)
        .map_err(|problem| AppError::field("note", problem).into())
}
