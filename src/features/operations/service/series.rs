//! Operations that come again (§9.1): making occurrences ahead, and changing those that follow.
//!
//! A series keeps a rule, a start and a shape; its occurrences are ordinary operations, made up to
//! [`HORIZON`] ahead and known by their **slot**, the instant that the rule names. A slot is made
//! once: an occurrence that was moved keeps it, and one that was deleted stays as a cancelled row.
//!
//! Changing those that follow always begins another series and ends the old one, so that what was is
//! told as it was. The occurrences go over by their day: who answered one has answered it still.
//! Those that were changed by themselves go over with their slot and stay as they are; those that
//! the new rule has no day for are deleted, or cancelled if they were published.

use super::{
    event_of, finish, not_in_this_state,
    planning::{Plan, change_in, kept_of_billets, plan_in, read_fields},
    recurrence::{Occurrence, Rule, RuleProblem, instant_of},
    states, times,
};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, OperationId, SeriesId,
        access::Action,
        event::{EventData, EventKind, EventLine, Outcome},
        time::Instant,
    },
    features::operations::{
        access::operation_for_write,
        input::{self, OperationFields, RepeatFields},
        model::{
            OperationShape, OperationState,
            recurrence::{limits, told_text},
        },
        store::{
            self,
            operations::{Change, Operation, StateChange},
            series::{NewSeries, Series},
        },
    },
    server::{Ctx, Failure, Result, db::Write, events},
};
use chrono::{Duration, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use std::collections::HashMap;
use uuid::Uuid;

/// How far ahead occurrences are made.
pub const HORIZON: Duration = Duration::weeks(26);

/// What a series is to be, checked.
#[derive(Clone, Debug)]
pub(super) struct NewRule {
    pub(super) rule: Rule,
    pub(super) zone: Tz,
    pub(super) starts_local: NaiveDateTime,
}

impl NewRule {
    /// Reads the rule of a form for a start.
    pub(super) fn read(text: &str, zone: Tz, starts_local: NaiveDateTime) -> Result<Self> {
        let rule = Rule::parse(text, zone, starts_local).map_err(problem)?;
        Ok(Self {
            rule,
            zone,
            starts_local,
        })
    }

    /// The rule in words: `Every Friday at 20:00, Berlin time`.
    pub(super) fn told(&self) -> String {
        let zone = times::zone_words(self.zone);
        told_text(&self.rule.text(), self.starts_local.time(), &zone)
    }
}

/// What is wrong with a rule, at its field.
fn problem(problem: RuleProblem) -> Failure {
    let (field, problem) = match problem {
        RuleProblem::StartsOff(_) => ("operation[date]", FieldProblem::NotInRule),
        RuleProblem::EndsBeforeStart => ("repeat[until]", FieldProblem::OutOfRange),
        RuleProblem::TooOften | RuleProblem::TooSeldom => {
            ("repeat[rule]", FieldProblem::OutOfRange)
        }
        _ => ("repeat[rule]", FieldProblem::Malformed),
    };
    AppError::field(field, problem).into()
}

/// Plans a series by the text of a rule, and its occurrences up to the horizon; answers the first.
/// Whether the actor may is decided by whoever calls.
///
/// # Errors
/// The text is no rule for the start of the plan.
pub async fn plan_series(
    tx: &mut Write,
    ctx: &Ctx,
    plan: Plan,
    rule: &str,
) -> Result<(Operation, EventLine)> {
    let starts_local = times::local_of(plan.starts_at, plan.zone);
    let rule = NewRule::read(rule, plan.zone, starts_local)?;
    begin_in(tx, ctx, plan, &rule).await
}

/// Begins a series and makes its occurrences up to the horizon; answers the first.
pub(super) async fn begin_in(
    tx: &mut Write,
    ctx: &Ctx,
    plan: Plan,
    rule: &NewRule,
) -> Result<(Operation, EventLine)> {
    let until = (ctx.now + HORIZON).max(plan.starts_at);
    let series = insert(tx, ctx, &plan, rule, until).await?;
    let data = EventData {
        after: Some(rule.told()),
        ..EventData::default()
    };
    let first = Plan {
        series: Some((series, plan.starts_at)),
        ..plan.clone()
    };
    let (operation, line) = plan_in(tx, ctx, first, data).await?;
    let comings = rule.rule.occurrences(plan.starts_at, ctx.now + HORIZON);
    let kept = store::series::get(tx, series).await?;
    make(tx, ctx, &kept, &comings).await?;
    Ok((operation, line))
}

/// Inserts a series whose occurrences are about to be made up to an instant.
async fn insert(
    tx: &mut Write,
    ctx: &Ctx,
    plan: &Plan,
    rule: &NewRule,
    made_until: Instant,
) -> Result<SeriesId> {
    let id = SeriesId(Uuid::now_v7());
    let text = rule.rule.text();
    let new = NewSeries {
        id,
        group: plan.group,
        rule: &text,
        zone: rule.zone.name(),
        starts_local: rule.starts_local,
        shape: &plan.shape,
        made_until,
    };
    let by = ctx.actor.user.as_ref().map(|user| user.id);
    store::series::insert(tx, &new, by).await?;
    Ok(id)
}

/// Makes occurrences of a series, those whose slot is free; answers how many.
async fn make(tx: &mut Write, ctx: &Ctx, series: &Series, comings: &[Occurrence]) -> Result<usize> {
    let zone = times::zone(&series.zone);
    let shape = series.shape();
    let mut made = 0;
    for coming in comings {
        let publish_at = shape.publish_before.map(|minutes| {
            // In local time, so that the hour of publication stays over a change of clocks.
            instant_of(zone, coming.slot - Duration::minutes(minutes))
        });
        let plan = Plan {
            group: series.group_id,
            zone,
            starts_at: coming.starts_at,
            shape: shape.clone(),
            publish_at,
            series: Some((series.series_id, coming.starts_at)),
        };
        if super::planning::insert(tx, ctx, &plan).await?.is_some() {
            made += 1;
        }
    }
    Ok(made)
}

/// Makes the occurrences of a series that have come within the horizon; answers how many. A series
/// whose rule is at its end is ended.
pub(super) async fn extend(tx: &mut Write, ctx: &Ctx, id: SeriesId) -> Result<usize> {
    let series = store::series::get(tx, id).await?;
    let until = ctx.now + HORIZON;
    if series.ends_before.is_some() || series.made_until >= until {
        return Ok(0);
    }
    let zone = times::zone(&series.zone);
    let rule = Rule::parse(&series.rule, zone, series.starts_local()).map_err(problem)?;
    let comings = rule.occurrences(series.made_until, until);
    // What lies behind is made up for no more: nobody can come to what was.
    let to_come: Vec<Occurrence> = comings
        .into_iter()
        .filter(|coming| coming.starts_at > ctx.now)
        .collect();
    if !store::series::advance(tx, id, series.made_until, until).await? {
        return Ok(0);
    }
    let far = until + Duration::days(366 * i64::from(limits::FARTHEST_YEARS));
    if to_come.is_empty() && rule.occurrences(until, far).is_empty() {
        store::series::end(tx, id, until).await?;
    }
    make(tx, ctx, &series, &to_come).await
}

/// Which occurrences a change is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// This one alone.
    This,
    /// This one and those that follow.
    Following,
    /// All that have not begun.
    All,
}

impl Scope {
    /// Reads `this`, `following` or `all`; nothing is `this`.
    ///
    /// # Errors
    /// Any other word.
    pub fn read(word: &str) -> std::result::Result<Self, AppError> {
        match word {
            "" | "this" => Ok(Self::This),
            "following" => Ok(Self::Following),
            "all" => Ok(Self::All),
            _ => Err(AppError::field("scope", FieldProblem::Unknown)),
        }
    }
}

/// Changes an operation of a series and those that follow, or all that have not begun: their rule,
/// their time of day and everything else of their shape.
///
/// # Errors
/// Invalid fields, a missing grant, no series, or somebody was faster.
pub async fn edit_series(
    ctx: &Ctx,
    id: OperationId,
    version: i64,
    scope: Scope,
    fields: OperationFields,
    repeat: RepeatFields,
) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let action = Action::PlanOperations;
    let (operation, _) = operation_for_write(&mut tx, ctx, id, action).await?;
    let (Some(old), Some(slot)) = (operation.series_id, operation.slot) else {
        return Err(AppError::field("scope", FieldProblem::Unknown).into());
    };
    if operation.version != version {
        return Err(ConflictCode::Stale.into());
    }
    let (zone, starts_at, shape) = read_fields(&mut tx, ctx, &fields, Some(&operation)).await?;
    let old = store::series::get(&mut tx, old).await?;
    let starts_local = times::local_of(starts_at, zone);
    let text = repeat.rule(fields.validate()?.starts_local)?;
    let Some(text) = text else {
        return Err(AppError::field("repeat[every]", FieldProblem::Required).into());
    };
    let from = match scope {
        Scope::All => first_to_come(&mut tx, ctx, &old).await?.unwrap_or(slot),
        Scope::This | Scope::Following => slot,
    };
    // The first of the new series is as many days from the first of the old ones as this one moved.
    let old_zone = times::zone(&old.zone);
    let days = starts_local.date() - times::local_of(slot, old_zone).date();
    let first_day = times::local_of(from, old_zone).date() + days;
    let start = first_day.and_time(starts_local.time());
    let rule = NewRule::read(&text, zone, start)?;
    let shape = OperationShape {
        publish_before: old.shape().publish_before,
        sections: store::shapes::sections_of(&mut tx, id).await?,
        ..kept_of_billets(shape, &operation)
    };
    let line = go_over(&mut tx, ctx, &old, &operation, from, days, &rule, shape).await?;
    let path = format!("/operations/{id}");
    Ok(finish(ctx, tx, line).await?.and_goto(path))
}

/// The slot of the first occurrence that has not begun.
async fn first_to_come(tx: &mut Write, ctx: &Ctx, series: &Series) -> Result<Option<Instant>> {
    let begin = Instant::UNIX_EPOCH;
    let rows = store::series::from_slot(tx, series.series_id, begin).await?;
    let first = rows.into_iter().find(|row| row.starts_at > ctx.now);
    Ok(first.and_then(|row| row.slot))
}

/// Lets the occurrences from a slot on go over to a new series.
#[expect(
    clippy::too_many_arguments,
    reason = "one step of one command, which has read all of it"
)]
async fn go_over(
    tx: &mut Write,
    ctx: &Ctx,
    old: &Series,
    edited: &Operation,
    from: Instant,
    days: Duration,
    rule: &NewRule,
    shape: OperationShape,
) -> Result<EventLine> {
    let starts_at = instant_of(rule.zone, rule.starts_local);
    let plan = Plan {
        group: old.group_id,
        zone: rule.zone,
        starts_at,
        shape: shape.clone(),
        publish_at: None,
        series: None,
    };
    // As far as the old ones reach, and as much farther as they move, so that none is dropped.
    let made = old.made_until.max(ctx.now + HORIZON).max(starts_at);
    let until = made + days.max(Duration::zero()) + Duration::days(1);
    let new = insert(tx, ctx, &plan, rule, until).await?;
    let series = store::series::get(tx, new).await?;
    let comings = rule.rule.occurrences(starts_at, series.made_until);
    let by_day: HashMap<NaiveDate, Occurrence> = comings
        .iter()
        .map(|coming| (coming.slot.date(), *coming))
        .collect();
    let old_zone = times::zone(&old.zone);
    let new_sections = shape.sections != old.shape().sections;
    for row in store::series::from_slot(tx, old.series_id, from).await? {
        let day = row
            .slot
            .map(|slot| times::local_of(slot, old_zone).date() + days);
        let coming = day.and_then(|day| by_day.get(&day));
        let is_edited = row.operation_id == edited.operation_id;
        let stays = (row.detached && !is_edited)
            || row.state == OperationState::Cancelled
            || row.starts_at <= ctx.now;
        match coming {
            Some(coming) => {
                let id = row.operation_id;
                store::series::put_in(tx, id, new, coming.starts_at).await?;
                if !stays {
                    let change = Change {
                        zone: rule.zone.name(),
                        starts_at: coming.starts_at,
                        shape: &shape,
                        detached: false,
                    };
                    change_quietly(tx, ctx, &row, &change, new_sections).await?;
                }
            }
            None if stays => {}
            None => drop_one(tx, ctx, &row, "The series has other days now.").await?,
        }
    }
    make(tx, ctx, &series, &comings).await?;
    let begin = Instant::UNIX_EPOCH;
    if store::series::from_slot(tx, old.series_id, begin)
        .await?
        .is_empty()
    {
        store::series::delete(tx, old.series_id).await?;
    } else {
        store::series::end(tx, old.series_id, from).await?;
    }
    let after = store::operations::get(tx, edited.operation_id).await?;
    let data = EventData {
        after: Some(rule.told()),
        ..EventData::default()
    };
    let event = event_of(&after, EventKind::SeriesEdited, data);
    events::append(tx, ctx, event).await
}

/// Changes one of many. Whoever comes to it hears of its new time; of the rest the event of the whole
/// change tells.
async fn change_quietly(
    tx: &mut Write,
    ctx: &Ctx,
    row: &Operation,
    change: &Change<'_>,
    new_sections: bool,
) -> Result<()> {
    let ends_at = change.starts_at + Duration::minutes(change.shape.minutes);
    let moved = row.starts_at != change.starts_at || row.ends_at != ends_at;
    let told = moved
        && !store::operations::coming_players(tx, row.operation_id)
            .await?
            .is_empty();
    if told {
        change_in(tx, ctx, row, row.version, change, None).await?;
    } else if !store::operations::update(tx, row.operation_id, row.version, change, ctx.now).await?
    {
        return Err(ConflictCode::Stale.into());
    }
    if row.state == OperationState::Scheduled && moved {
        let after = store::operations::get(tx, row.operation_id).await?;
        states::publish_with_series(tx, ctx, &after, change.shape.publish_before).await?;
    }
    let id = row.operation_id;
    if new_sections && !store::series::billets_in_use(tx, id).await? {
        store::series::clear_sections(tx, id).await?;
        store::shapes::put_sections(tx, id, &change.shape.sections).await?;
    }
    Ok(())
}

/// Takes one occurrence away: cancelled if it was published, else deleted.
async fn drop_one(tx: &mut Write, ctx: &Ctx, row: &Operation, why: &str) -> Result<()> {
    if row.published_at.is_none() {
        store::operations::delete(tx, row.operation_id, row.version).await?;
        return Ok(());
    }
    let change = StateChange {
        state: OperationState::Cancelled,
        publish_at: None,
        published_at: row.published_at,
        reason: why.to_owned(),
    };
    let kind = EventKind::OperationCancelled;
    states::set(tx, ctx, row, row.version, change, (kind, None)).await?;
    Ok(())
}

/// Ends a series with an operation: it and those that follow do not take place.
///
/// # Errors
/// No reason, a missing grant, no series, one that has begun, or somebody was faster.
pub async fn end_series(ctx: &Ctx, id: OperationId, version: i64, reason: &str) -> Result<Outcome> {
    let reason = input::reason(reason)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let action = Action::PlanOperations;
    let (operation, _) = operation_for_write(&mut tx, ctx, id, action).await?;
    let (Some(series), Some(slot)) = (operation.series_id, operation.slot) else {
        return Err(not_in_this_state(&operation));
    };
    if operation.version != version {
        return Err(ConflictCode::Stale.into());
    }
    store::series::end(&mut tx, series, slot).await?;
    for row in store::series::from_slot(&mut tx, series, slot).await? {
        if row.state != OperationState::Cancelled && row.starts_at > ctx.now {
            drop_one(&mut tx, ctx, &row, &reason).await?;
        }
    }
    let data = EventData {
        reason: Some(reason),
        ..EventData::default()
    };
    let event = event_of(&operation, EventKind::SeriesEnded, data);
    let line = events::append(&mut tx, ctx, event).await?;
    Ok(finish(ctx, tx, line).await?.and_goto("/operations"))
}
