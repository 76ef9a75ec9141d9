//! Commands and queries of leave: the feature's only door.

use super::{
    input::{self, AskLeave},
    model::{LeaveLine, LeavePage, LeaveState},
    store::{self, LeaveRow},
};
use crate::{
    domain::{
        AppError, ConflictCode, GroupId, LeaveId, PlayerId,
        access::{Action, Facts, Missing, Target, decide},
        event::{EventData, EventKind, EventLine, Outcome},
        module::Module,
        time::{Instant, iso_date},
    },
    features::{
        operations::service::{self as operations, recurrence::instant_of, times},
        roster::{self, read_model::Roster},
    },
    server::{
        Ctx, Failure, Result,
        db::{Read, Write},
        events::{self, NewEvent},
        tenancy,
    },
};
use chrono::{Days as ChronoDays, NaiveDate};
use std::{collections::HashSet, sync::Arc};
use uuid::Uuid;

fn module_is_on(ctx: &Ctx) -> Result<()> {
    if ctx.tenant()?.modules.has(Module::Operations) {
        Ok(())
    } else {
        Err(Failure::App(AppError::NotFound))
    }
}

/// The day of an instant in the Org's zone.
fn day_of(ctx: &Ctx, at: Instant) -> Result<NaiveDate> {
    let zone = times::zone(&ctx.tenant()?.time_zone);
    Ok(times::local_of(at, zone).date())
}

/// The instant at which a day begins in the Org's zone.
fn begin_of(ctx: &Ctx, day: NaiveDate) -> Result<Instant> {
    let zone = times::zone(&ctx.tenant()?.time_zone);
    Ok(instant_of(zone, day.and_time(chrono::NaiveTime::MIN)))
}

fn day_after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(ChronoDays::new(1)).unwrap_or(day)
}

fn day_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(ChronoDays::new(1)).unwrap_or(day)
}

/// Who is on approved leave at an instant.
///
/// # Errors
/// When the database fails.
pub async fn away_at(tx: &mut Read, ctx: &Ctx, at: Instant) -> Result<HashSet<PlayerId>> {
    let day = day_of(ctx, at)?;
    let away = store::away_on(tx, day).await?;
    Ok(away.into_iter().map(|(player,)| player).collect())
}

/// Who is on approved leave today, and until when that is known: until the day ends in the Org's zone.
///
/// # Errors
/// When the database fails.
pub async fn away_today(tx: &mut Read, ctx: &Ctx) -> Result<(HashSet<PlayerId>, Instant)> {
    let tomorrow = day_after(day_of(ctx, ctx.now)?);
    Ok((away_at(tx, ctx, ctx.now).await?, begin_of(ctx, tomorrow)?))
}

// --- who answers ---------------------------------------------------------------------------------

/// What the actor may answer.
struct Reviewer {
    facts: Facts,
    roster: Arc<Roster>,
}

impl Reviewer {
    async fn on_page(ctx: &Ctx) -> Result<Self> {
        let roster = roster::service::roster_now(ctx).await?;
        let facts = roster::service::facts(ctx, &roster);
        Ok(Self { facts, roster })
    }

    async fn in_tx(tx: &mut Read, ctx: &Ctx) -> Result<Self> {
        let roster = roster::service::roster_in(tx, ctx).await?;
        let mut facts = tenancy::facts(tx, ctx).await?;
        if let Some(player) = facts.player {
            facts.roles = roster.role_access_of(player);
            facts.manages = roster.managed_by(player).collect();
        }
        Ok(Self { facts, roster })
    }

    /// May they answer for this player? Never for themself.
    fn may(&self, player: PlayerId) -> std::result::Result<(), Missing> {
        if self.facts.player == Some(player) {
            return Err(Missing::Other);
        }
        let path = self.roster.scope_of(player);
        let target = Target::Group(&path);
        decide(&self.facts, Action::ReviewLeave, target).map(|_| ())
    }

    /// The group in which events about the player's leave stand.
    fn group(&self, player: PlayerId) -> Option<GroupId> {
        self.roster.exclusive_of(player).map(|(_, group)| group)
    }
}

/// A request that the actor may answer.
async fn answerable(tx: &mut Write, ctx: &Ctx, id: LeaveId) -> Result<(LeaveRow, Reviewer)> {
    module_is_on(ctx)?;
    if ctx.actor.player.is_none() && !ctx.actor.founder && !ctx.actor.co_founder {
        return Err(ctx.refuse(Missing::Membership));
    }
    let row = store::get(tx, id).await?;
    let reviewer = Reviewer::in_tx(tx, ctx).await?;
    reviewer
        .may(row.player_id)
        .map_err(|missing| ctx.refuse(missing))?;
    Ok((row, reviewer))
}

// --- commands ------------------------------------------------------------------------------------

/// Asks for leave.
///
/// # Errors
/// Not signed in, no player here, invalid fields, or days that overlap another leave of theirs.
pub async fn ask_leave(ctx: &Ctx, input: AskLeave) -> Result<Outcome> {
    module_is_on(ctx)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let reviewer = Reviewer::in_tx(&mut tx, ctx).await?;
    let player = reviewer.facts.player;
    let player = player.ok_or_else(|| ctx.refuse(Missing::Membership))?;
    let leave = input.validate(day_of(ctx, ctx.now)?)?;
    let live = [LeaveState::Pending, LeaveState::Approved];
    let own = store::of_player(&mut tx, player).await?;
    let mut own = own.iter().filter(|row| live.contains(&row.state));
    if own.any(|row| row.days().overlap(leave.days)) {
        return Err(ConflictCode::LeaveOverlaps.into());
    }
    let id = LeaveId(Uuid::now_v7());
    store::insert(&mut tx, id, player, &leave, ctx.now).await?;
    let row = store::get(&mut tx, id).await?;
    tell(tx, ctx, &reviewer, &row, EventKind::LeaveRequested).await
}

/// Approves a request: from now on the person is signed off from the operations of these days.
///
/// # Errors
/// No such request, no right to answer it, or it was answered meanwhile.
pub async fn approve_leave(ctx: &Ctx, id: LeaveId, note: &str) -> Result<Outcome> {
    let note = input::answer(note, false)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (row, reviewer) = answerable(&mut tx, ctx, id).await?;
    if !store::answer(&mut tx, ctx, id, LeaveState::Approved, &note).await? {
        return Err(ConflictCode::RequestActioned.into());
    }
    let days = row.days();
    let from = begin_of(ctx, days.from)?.max(ctx.now);
    let until = days
        .until
        .map(|until| begin_of(ctx, day_after(until)))
        .transpose()?;
    let away = operations::Away {
        leave: id,
        player: row.player_id,
        from,
        until,
    };
    operations::sign_off(&mut tx, ctx, reviewer.roster.clone(), away).await?;
    tell(tx, ctx, &reviewer, &row, EventKind::LeaveApproved).await
}

/// Declines a request and says why.
///
/// # Errors
/// No such request, no right to answer it, no reason, or it was answered meanwhile.
pub async fn decline_leave(ctx: &Ctx, id: LeaveId, note: &str) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (row, reviewer) = answerable(&mut tx, ctx, id).await?;
    let note = input::answer(note, true)?;
    if !store::answer(&mut tx, ctx, id, LeaveState::Declined, &note).await? {
        return Err(ConflictCode::RequestActioned.into());
    }
    tell(tx, ctx, &reviewer, &row, EventKind::LeaveDeclined).await
}

/// Takes a request back, or ends an approved leave with yesterday: by whoever is on it, or by those
/// who answer. Answers that leave changed come back, unless somebody changed them meanwhile.
///
/// # Errors
/// No such leave for the actor, one that is over, or somebody was faster.
pub async fn end_leave(ctx: &Ctx, id: LeaveId, version: i64) -> Result<Outcome> {
    module_is_on(ctx)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let reviewer = Reviewer::in_tx(&mut tx, ctx).await?;
    if reviewer.facts.player.is_none() && !reviewer.facts.founder {
        return Err(ctx.refuse(Missing::Membership));
    }
    let row = store::get(&mut tx, id).await?;
    let own = reviewer.facts.player == Some(row.player_id);
    if !own && reviewer.may(row.player_id).is_err() {
        return Err(Failure::App(AppError::NotFound));
    }
    let today = day_of(ctx, ctx.now)?;
    match row.state {
        LeaveState::Pending if own => {
            store::answer(&mut tx, ctx, id, LeaveState::Withdrawn, "").await?;
        }
        LeaveState::Approved if row.days().until.is_none_or(|until| until >= today) => {
            let last = (row.days().from < today).then(|| day_before(today));
            if !store::end(&mut tx, id, version, last).await? {
                return Err(ConflictCode::Stale.into());
            }
            operations::sign_on(&mut tx, ctx, id).await?;
        }
        _ => return Err(ConflictCode::RequestActioned.into()),
    }
    tell(tx, ctx, &reviewer, &row, EventKind::LeaveEnded).await
}

/// Tells of a leave and commits. Why somebody is away is not told.
async fn tell(
    mut tx: Write,
    ctx: &Ctx,
    reviewer: &Reviewer,
    row: &LeaveRow,
    kind: EventKind,
) -> Result<Outcome> {
    let data = EventData {
        player: Some(row.common_name.clone()),
        after: Some(row.days().in_words()),
        ..EventData::default()
    };
    let event = NewEvent {
        group: reviewer.group(row.player_id),
        ..NewEvent::new(kind, data).player(row.player_id)
    };
    let line: EventLine = events::append(&mut tx, ctx, event).await?;
    events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome {
        event: Some(line),
        ..Outcome::default()
    })
}

// --- pages ---------------------------------------------------------------------------------------

/// The page of leave: the viewer's own, what waits for them, and who is away.
///
/// # Errors
/// The Org has no operations, or the viewer is no member.
pub async fn read_leave(ctx: &Ctx) -> Result<LeavePage> {
    module_is_on(ctx)?;
    if ctx.actor.player.is_none() && !ctx.actor.founder && !ctx.actor.co_founder {
        return Err(ctx.refuse(Missing::Membership));
    }
    let reviewer = Reviewer::on_page(ctx).await?;
    let today = day_of(ctx, ctx.now)?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let open = store::open(&mut tx, today).await?;
    let own_eyes = ctx.actor.looker.is_none();
    // Why somebody is away is told to nobody who only looks through their eyes.
    let mine = match reviewer.facts.player.filter(|_| own_eyes) {
        Some(player) => store::of_player(&mut tx, player).await?,
        None => Vec::new(),
    };
    tx.done().await?;
    let (waiting, others): (Vec<LeaveRow>, Vec<LeaveRow>) = open
        .into_iter()
        .filter(|row| own_eyes && reviewer.may(row.player_id).is_ok())
        .partition(|row| row.state == LeaveState::Pending);
    let line = |row: LeaveRow| line(row, today, own_eyes);
    Ok(LeavePage {
        mine: mine.into_iter().map(line).collect(),
        waiting: waiting.into_iter().map(line).collect(),
        others: others.into_iter().map(line).collect(),
        today: iso_date(today),
        can_ask: own_eyes && reviewer.facts.player.is_some(),
    })
}

/// What waits for the viewer's answer, for the inbox.
///
/// # Errors
/// When the database fails.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<LeaveLine>> {
    if module_is_on(ctx).is_err() {
        return Ok(Vec::new());
    }
    Ok(read_leave(ctx).await?.waiting)
}

fn line(row: LeaveRow, today: NaiveDate, own_eyes: bool) -> LeaveLine {
    let days = row.days();
    let lasts = row.state == LeaveState::Approved;
    let over = days.until.is_some_and(|until| until < today);
    LeaveLine {
        id: row.leave_id,
        player: row.player_id,
        name: row.common_name,
        now: lasts && days.have(today),
        can_end: own_eyes && (row.state == LeaveState::Pending || (lasts && !over)),
        days,
        reason: row.reason,
        kind: row.kind,
        state: row.state,
        at: row.asked_at,
        answer: row.answer,
        by: row.answered_name,
        version: row.version,
    }
}
