//! Filling billets (§9.4): by a leader, by oneself in stages, and from their waitlists.
//!
//! A billet has at most one person and a person at most one billet; both are unique keys. Whenever a
//! billet opens, the first who waits for it and may take it has it at once, in the same transaction;
//! if they had another, that one opens in turn.

use super::{
    answers::{answer_for_write, event_about, own_player, takes_answers},
    finish,
    needs::{Judge, Reads},
};
use crate::{
    domain::{
        BilletId, ConflictCode, FieldProblem, OperationId, PlayerId, RsvpId,
        access::Action,
        error::AppError,
        event::{EventData, EventKind, EventLine, Outcome},
    },
    features::{
        operations::{
            access::{operation_for_write, visible_operation},
            model::{
                Answer, FilledBy, Held, limits,
                release::{Release, Taking},
            },
            store::{
                answers::{self, Rsvp},
                billets::{self, Billet, Wish},
                operations::Operation,
            },
        },
        roster,
    },
    server::{Ctx, Failure, Result, db::Write, events},
};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};

/// Takes a free billet; whoever has another one changes over.
///
/// # Errors
/// No such billet for the actor, they do not come, or why they may not take it (yet).
pub async fn take_billet(ctx: &Ctx, id: BilletId) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (operation, billet, own) = own_billet(&mut tx, ctx, id).await?;
    serves_itself(&operation)?;
    if billet.rsvp_id == Some(own.rsvp_id) {
        return Err(ConflictCode::AlreadyMember.into());
    }
    comes(&own)?;
    may_take(&mut tx, ctx, &operation, &billet, &own).await?;
    if let Some(holder) = billet.rsvp_id {
        let holder = answers::get(&mut tx, holder).await?.name;
        return Err(ConflictCode::BilletTaken { holder }.into());
    }
    let by = FilledBy::Oneself;
    let line = fill_in(&mut tx, ctx, &operation, &billet, &own, by, None).await?;
    finish(ctx, tx, line).await
}

/// Leaves the billet that the actor has; they come to the operation still.
///
/// # Errors
/// No such billet of theirs, or no answers are taken.
pub async fn leave_billet(ctx: &Ctx, id: BilletId) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (operation, billet, own) = own_billet(&mut tx, ctx, id).await?;
    if billet.rsvp_id != Some(own.rsvp_id) {
        return Err(ConflictCode::Stale.into());
    }
    let line = empty_in(&mut tx, ctx, &operation, &billet, &own, None).await?;
    open_to_waiting(&mut tx, ctx, &operation, vec![billet.billet_id]).await?;
    finish(ctx, tx, line).await
}

/// Waits for a billet that somebody has, or no longer.
///
/// # Errors
/// No such billet for the actor, they do not come, or they may not take it.
pub async fn await_billet(ctx: &Ctx, id: BilletId, waits: bool) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (operation, billet, own) = own_billet(&mut tx, ctx, id).await?;
    let operation_id = operation.operation_id;
    let wishes = billets::wishes(&mut tx, operation_id).await?;
    let own_wishes = wishes.iter().filter(|wish| wish.rsvp_id == own.rsvp_id);
    let own_wishes: Vec<&Wish> = own_wishes.collect();
    let known = own_wishes.iter().find(|wish| wish.billet_id == id);
    if !waits {
        if let Some(wish) = known.filter(|wish| wish.waiting_since.is_some()) {
            let wish = Wish {
                waiting_since: None,
                ..**wish
            };
            billets::put_wish(&mut tx, operation_id, &wish).await?;
        }
        events::commit(tx, &ctx.state.hub).await?;
        return Ok(Outcome::default());
    }
    serves_itself(&operation)?;
    comes(&own)?;
    may_take(&mut tx, ctx, &operation, &billet, &own).await?;
    if billet.rsvp_id == Some(own.rsvp_id) {
        return Err(ConflictCode::AlreadyMember.into());
    }
    let waits = own_wishes
        .iter()
        .filter(|wish| wish.waiting_since.is_some());
    if waits.count() >= limits::WAITS {
        return Err(AppError::field("billet_id", FieldProblem::OutOfRange).into());
    }
    let data = EventData {
        role: Some(billet.title.clone()),
        ..EventData::default()
    };
    let event = event_about(&operation, EventKind::BilletAwaited, &own, data);
    let line = events::append(&mut tx, ctx, event).await?;
    let last = own_wishes.iter().map(|wish| wish.preference).max();
    let wish = Wish {
        rsvp_id: own.rsvp_id,
        billet_id: id,
        preference: known.map_or((last.unwrap_or(0) + 1).min(100), |wish| wish.preference),
        waiting_since: known.and_then(|wish| wish.waiting_since).or(Some(line.seq)),
    };
    billets::put_wish(&mut tx, operation_id, &wish).await?;
    if billet.rsvp_id.is_none() {
        // It opened a moment ago.
        open_to_waiting(&mut tx, ctx, &operation, vec![id]).await?;
    }
    finish(ctx, tx, line).await
}

/// Says which billets the actor would like, the dearest first. Whoever waits for one waits on.
///
/// # Errors
/// No such operation or billet, too many, they do not come, or no answers are taken.
pub async fn prefer_billets(
    ctx: &Ctx,
    id: OperationId,
    preferred: Vec<BilletId>,
) -> Result<Outcome> {
    let mut distinct: Vec<BilletId> = Vec::new();
    for billet in preferred {
        if !distinct.contains(&billet) {
            distinct.push(billet);
        }
    }
    if distinct.len() > limits::PREFERENCES {
        return Err(AppError::field("billets[]", FieldProblem::OutOfRange).into());
    }
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let operation = visible_operation(&mut tx, ctx, id).await?;
    let own = own_answer(&mut tx, ctx, &operation).await?;
    let known = billets::of_operation(&mut tx, id).await?;
    if !distinct
        .iter()
        .all(|one| known.iter().any(|b| b.billet_id == *one))
    {
        return Err(AppError::field("billets[]", FieldProblem::Unknown).into());
    }
    let wishes = billets::wishes(&mut tx, id).await?;
    let waits: HashMap<BilletId, i64> = wishes
        .iter()
        .filter(|wish| wish.rsvp_id == own.rsvp_id)
        .filter_map(|wish| Some((wish.billet_id, wish.waiting_since?)))
        .collect();
    billets::drop_wishes(&mut tx, id, own.rsvp_id).await?;
    let waited = waits.keys().filter(|billet| !distinct.contains(billet));
    let mut all = distinct.clone();
    all.extend(waited.copied());
    for (preference, billet_id) in (1..).zip(all) {
        let wish = Wish {
            rsvp_id: own.rsvp_id,
            billet_id,
            preference,
            waiting_since: waits.get(&billet_id).copied(),
        };
        billets::put_wish(&mut tx, id, &wish).await?;
    }
    events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome::goto(format!("/operations/{id}/billets")))
}

/// Puts somebody who answered into a billet. Needs do not bind a leader, who is shown what is
/// lacking.
///
/// # Errors
/// No such billet for the actor, a missing grant, somebody has it, it is blocked, who it is for said
/// that they do not come or waits for a place, or somebody was faster.
pub async fn fill_billet(
    ctx: &Ctx,
    id: BilletId,
    version: Option<i64>,
    rsvp: RsvpId,
) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (operation, billet) = billet_for_write(&mut tx, ctx, id, Action::FillBillets).await?;
    takes_answers(&operation)?;
    let row = answers::get(&mut tx, rsvp).await?;
    if row.operation_id != operation.operation_id {
        return Err(Failure::App(AppError::NotFound));
    }
    if let Some(holder) = billet.rsvp_id.filter(|holder| *holder != rsvp) {
        let holder = answers::get(&mut tx, holder).await?.name;
        return Err(ConflictCode::BilletTaken { holder }.into());
    }
    if version.is_some_and(|version| version != billet.version) {
        return Err(ConflictCode::Stale.into());
    }
    if billet.held == Held::Blocked {
        let note = billet.held_note.clone();
        return Err(ConflictCode::BilletHeld { note }.into());
    }
    can_be_put(&row)?;
    let by = FilledBy::Leader;
    let line = fill_in(&mut tx, ctx, &operation, &billet, &row, by, None).await?;
    finish(ctx, tx, line).await
}

/// Empties a billet; whoever waits for it first gets it.
///
/// # Errors
/// No such billet for the actor, a missing grant, it is empty, or no answers are taken.
pub async fn empty_billet(ctx: &Ctx, id: BilletId) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (operation, billet) = billet_for_write(&mut tx, ctx, id, Action::FillBillets).await?;
    takes_answers(&operation)?;
    let holder = billet.rsvp_id.ok_or(ConflictCode::Stale)?;
    let row = answers::get(&mut tx, holder).await?;
    let line = empty_in(&mut tx, ctx, &operation, &billet, &row, None).await?;
    // Whom a leader took out does not come back by waiting.
    billets::stop_waiting(&mut tx, operation.operation_id, holder).await?;
    open_to_waiting(&mut tx, ctx, &operation, vec![id]).await?;
    finish(ctx, tx, line).await
}

/// Whoever gives an answer up, or their place, gives up their billet and waits for none.
///
/// # Errors
/// When the database fails.
pub(super) async fn vacate(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    rsvp: RsvpId,
) -> Result<()> {
    billets::stop_waiting(tx, operation.operation_id, rsvp).await?;
    let Some(billet) = billets::held_by(tx, operation.operation_id, rsvp).await? else {
        return Ok(());
    };
    let row = answers::get(tx, rsvp).await?;
    empty_in(tx, ctx, operation, &billet, &row, None).await?;
    open_to_waiting(tx, ctx, operation, vec![billet.billet_id]).await
}

/// Fills a billet that is empty. Another one of the same person opens to those who wait for it.
pub(super) async fn fill_in(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    billet: &Billet,
    row: &Rsvp,
    by: FilledBy,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let (line, left) = put(tx, ctx, operation, billet, row, by, undoes).await?;
    if let Some(left) = left {
        open_to_waiting(tx, ctx, operation, vec![left]).await?;
    }
    Ok(line)
}

/// Fills a billet and answers which one its new holder left for it.
async fn put(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    billet: &Billet,
    row: &Rsvp,
    by: FilledBy,
    undoes: Option<i64>,
) -> Result<(EventLine, Option<BilletId>)> {
    let before = billets::held_by(tx, operation.operation_id, row.rsvp_id).await?;
    if let Some(before) = &before {
        billets::empty(tx, before.billet_id).await?;
    }
    if !billets::fill(tx, billet.billet_id, row.rsvp_id, by, ctx.now).await? {
        return Err(ConflictCode::Stale.into());
    }
    billets::stop_waiting(tx, operation.operation_id, row.rsvp_id).await?;
    let left = before.as_ref().map(|before| before.billet_id);
    let undo = Undo {
        empty: vec![(billet.billet_id, row.rsvp_id)],
        fill: left.map(|left| (left, row.rsvp_id)).into_iter().collect(),
    };
    let data = EventData {
        role: Some(billet.title.clone()),
        from: before.map(|before| before.title),
        after: Some(by.as_str().to_owned()),
        ..EventData::default()
    };
    let event = event_about(operation, EventKind::BilletFilled, row, data)
        .undo((by == FilledBy::Leader).then(|| undo.kept()))
        .undoes(undoes);
    Ok((events::append(tx, ctx, event).await?, left))
}

/// Empties a billet and tells of it; nobody moves up yet.
pub(super) async fn empty_in(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    billet: &Billet,
    row: &Rsvp,
    undoes: Option<i64>,
) -> Result<EventLine> {
    billets::empty(tx, billet.billet_id).await?;
    let undo = Undo {
        empty: Vec::new(),
        fill: vec![(billet.billet_id, row.rsvp_id)],
    };
    let by_leader = ctx.actor.facts().player != row.player_id;
    let data = EventData {
        role: Some(billet.title.clone()),
        ..EventData::default()
    };
    let event = event_about(operation, EventKind::BilletLeft, row, data)
        .undo(by_leader.then(|| undo.kept()))
        .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// Gives billets that opened to the first who wait for them and may have them.
pub(super) async fn open_to_waiting(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    opened: Vec<BilletId>,
) -> Result<()> {
    let id = operation.operation_id;
    let mut waiting = billets::wishes(tx, id).await?;
    waiting.retain(|wish| wish.waiting_since.is_some());
    if waiting.is_empty() || !operation.self_service || takes_answers(operation).is_err() {
        return Ok(());
    }
    waiting.sort_by_key(|wish| (wish.waiting_since, wish.rsvp_id));
    let all: HashMap<BilletId, Billet> = billets::of_operation(tx, id)
        .await?
        .into_iter()
        .map(|billet| (billet.billet_id, billet))
        .collect();
    let people: HashMap<RsvpId, Rsvp> = answers::of_operation(tx, id)
        .await?
        .into_iter()
        .map(|row| (row.rsvp_id, row))
        .collect();
    let release = read_release(operation);
    let roster = roster::service::roster_in(tx, ctx).await?;
    let rules = all.values().map(|billet| billet.needs.as_str());
    let waiters = waiting.iter().filter_map(|wish| people.get(&wish.rsvp_id));
    let waiters: Vec<PlayerId> = waiters.filter_map(|row| row.player_id).collect();
    let judge = Judge::read(tx, ctx, &roster, rules, &release, (&waiters, Reads::Nobody)).await?;
    let mut opened = VecDeque::from(opened);
    // Everybody moves once at most, so this ends.
    while let Some(billet) = opened.pop_front().and_then(|id| all.get(&id)) {
        if billet.held != Held::Open {
            continue;
        }
        let next = waiting
            .iter()
            .filter(|wish| wish.billet_id == billet.billet_id);
        let next = next.filter_map(|wish| people.get(&wish.rsvp_id));
        let next = next.filter(|row| row.is_in()).find(|row| {
            row.player_id.is_some_and(|player| {
                judge.meets(&billet.needs, player)
                    && release.taking(operation.published_at, ctx.now, judge.facts(player))
                        == Taking::Now
            })
        });
        let Some(row) = next else { continue };
        let by = FilledBy::Waitlist;
        let (_, left) = put(tx, ctx, operation, billet, row, by, None).await?;
        opened.extend(left);
        let moved = row.rsvp_id;
        waiting.retain(|wish| wish.rsvp_id != moved);
    }
    Ok(())
}

/// Why the actor may not take a billet, if it were empty.
async fn may_take(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    billet: &Billet,
    own: &Rsvp,
) -> Result<()> {
    if billet.held != Held::Open {
        let note = billet.held_note.clone();
        return Err(ConflictCode::BilletHeld { note }.into());
    }
    let player = own.player_id.ok_or(ConflictCode::NotComing)?;
    let release = read_release(operation);
    let roster = roster::service::roster_in(tx, ctx).await?;
    let rules = [billet.needs.as_str()];
    let judge = Judge::read(tx, ctx, &roster, rules, &release, (&[player], Reads::Actor)).await?;
    let explanation = judge.judge(&billet.needs, player);
    if !explanation.met() {
        let lacks = judge.lacks(&explanation);
        return Err(ConflictCode::BilletNeeds { lacks }.into());
    }
    match release.taking(operation.published_at, ctx.now, judge.facts(player)) {
        Taking::Now => Ok(()),
        Taking::From(opens) => Err(ConflictCode::BilletNotYet { opens }.into()),
        Taking::Unpublished => Err(ConflictCode::BilletByLeaders.into()),
        Taking::Never(explanation) => {
            let lacks = judge.lacks(&explanation);
            Err(ConflictCode::BilletNeeds { lacks }.into())
        }
    }
}

/// The stages of release. Stored ones were checked; what cannot be read lets nobody in, which leaves
/// the billets to leaders.
pub(super) fn read_release(operation: &Operation) -> Release {
    Release::parse(&operation.release).unwrap_or_default()
}

fn serves_itself(operation: &Operation) -> Result<()> {
    if operation.self_service {
        Ok(())
    } else {
        Err(ConflictCode::BilletByLeaders.into())
    }
}

/// They come and have a place.
fn comes(row: &Rsvp) -> Result<()> {
    if row.is_in() {
        Ok(())
    } else {
        Err(ConflictCode::NotComing.into())
    }
}

/// May a leader put them into a billet? Those who may come as well, but nobody who waits for a place.
pub(super) fn can_be_put(row: &Rsvp) -> Result<()> {
    let could = row.answer.comes() || row.answer == Answer::Maybe;
    if could && row.waiting_since.is_none() {
        Ok(())
    } else {
        Err(ConflictCode::NotComing.into())
    }
}

/// A billet of an operation that the actor sees, with their answer to it.
async fn own_billet(tx: &mut Write, ctx: &Ctx, id: BilletId) -> Result<(Operation, Billet, Rsvp)> {
    ctx.user()?;
    let billet = billets::get(tx, id).await?;
    let operation = visible_operation(tx, ctx, billet.operation_id).await?;
    let own = own_answer(tx, ctx, &operation).await?;
    Ok((operation, billet, own))
}

async fn own_answer(tx: &mut Write, ctx: &Ctx, operation: &Operation) -> Result<Rsvp> {
    ctx.user()?;
    takes_answers(operation)?;
    let player = own_player(tx, ctx).await?;
    let own = answers::of_player(tx, operation.operation_id, player).await?;
    own.ok_or_else(|| ConflictCode::NotComing.into())
}

/// A billet with its operation, with which the actor may do something.
///
/// # Errors
/// `NotFound` when there is none or the actor does not see it; else what is missing.
pub(super) async fn billet_for_write(
    tx: &mut Write,
    ctx: &Ctx,
    id: BilletId,
    action: Action,
) -> Result<(Operation, Billet)> {
    let billet = billets::get(tx, id).await?;
    let (operation, _) = operation_for_write(tx, ctx, billet.operation_id, action).await?;
    Ok((operation, billet))
}

/// What takes a change of billets back: whatever is still as it left it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Undo {
    /// Billets to empty, if these have them still.
    pub(super) empty: Vec<(BilletId, RsvpId)>,
    /// Billets to fill again, if they are empty still.
    pub(super) fill: Vec<(BilletId, RsvpId)>,
}

impl Undo {
    pub(super) fn kept(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Takes a change of billets back: empties those that are as it left them, and fills again what is
/// empty still with who can be put there.
///
/// # Errors
/// A missing grant, or nothing of it is as it was.
pub async fn undo_billets(tx: &mut Write, ctx: &Ctx, kept: &str, seq: i64) -> Result<EventLine> {
    let undo: Undo = serde_json::from_str(kept).map_err(|_| ConflictCode::NotUndoable)?;
    let any = undo.empty.iter().chain(&undo.fill).next();
    let (_, rsvp) = any.ok_or(ConflictCode::NotUndoable)?;
    let (operation, _) = answer_for_write(tx, ctx, *rsvp).await?;
    takes_answers(&operation)?;
    let (mut emptied, mut opened, mut line) = (0, Vec::new(), None);
    let several = undo.empty.len() > 1;
    for (billet, rsvp) in undo.empty {
        let Ok(billet) = billets::get(tx, billet).await else {
            continue;
        };
        if billet.rsvp_id != Some(rsvp) {
            continue;
        }
        emptied += 1;
        opened.push(billet.billet_id);
        if several {
            billets::empty(tx, billet.billet_id).await?;
        } else {
            let row = answers::get(tx, rsvp).await?;
            let own = empty_in(tx, ctx, &operation, &billet, &row, Some(seq)).await?;
            line = Some(own);
        }
    }
    for (billet, rsvp) in undo.fill {
        let (Ok(billet), Ok(row)) = (billets::get(tx, billet).await, answers::get(tx, rsvp).await)
        else {
            continue;
        };
        let free = billet.rsvp_id.is_none() && billet.held != Held::Blocked;
        let placed = billets::held_by(tx, operation.operation_id, rsvp).await?;
        if free && placed.is_none() && can_be_put(&row).is_ok() {
            let undoes = line.is_none().then_some(seq);
            let by = FilledBy::Leader;
            let (own, _) = put(tx, ctx, &operation, &billet, &row, by, undoes).await?;
            opened.retain(|opened| *opened != billet.billet_id);
            line.get_or_insert(own);
        }
    }
    if several && emptied > 0 {
        let data = EventData {
            after: Some(format!("{emptied} emptied again")),
            ..EventData::default()
        };
        let event = super::event_of(&operation, EventKind::BilletsSuggested, data);
        line = Some(events::append(tx, ctx, event.undoes(Some(seq))).await?);
    }
    open_to_waiting(tx, ctx, &operation, opened).await?;
    line.ok_or_else(|| ConflictCode::NotUndoable.into())
}
