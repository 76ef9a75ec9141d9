//! Moving an operation to another time (§9.2), without opening all of it: typed as day and time in
//! the organiser's zone, or dragged in the calendar. Whatever is dragged by days keeps the local time
//! of day in the organiser's zone, also over a change of clocks.

use super::{
    calendar::can_be_moved,
    finish, not_in_this_state,
    planning::change_in,
    reading::{eyes, seen},
    recurrence::instant_of,
    series::{Scope, edit_series},
    setup::read_operation_form,
    times,
};
use crate::{
    domain::{
        AppError, FieldErrors, FieldProblem, OperationId,
        access::{Action, Missing},
        event::Outcome,
        time::parse_date,
    },
    features::operations::{
        access::operation_for_write,
        input,
        model::{calendar::MovePage, limits},
        store::operations::{Change, Operation},
    },
    server::{Ctx, Result, db::Write},
};
use chrono::{Duration, NaiveDate, NaiveDateTime};

/// The page on which an operation is moved; `from` and `to` are where it was dragged.
///
/// # Errors
/// `NotFound` when there is none or the actor does not see it; a missing grant.
pub async fn read_move(ctx: &Ctx, id: OperationId, from: &str, to: &str) -> Result<MovePage> {
    let eyes = eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let operation = seen(&mut tx, &eyes, id).await?;
    tx.done().await?;
    ctx.own_eyes()?;
    let action = Action::PlanOperations;
    if !eyes.may(action, operation.group_id) {
        return Err(ctx.refuse(Missing::AccessHere(action)));
    }
    let zone = times::zone(&operation.zone);
    let local = times::local_of(operation.starts_at, zone);
    let local = local + dragged(from, to).unwrap_or_default();
    Ok(MovePage {
        id,
        version: operation.version,
        title: operation.title.clone(),
        date: local.date().to_string(),
        time: local.format("%H:%M").to_string(),
        zone: times::zone_words(zone),
        now: times::minute_in(operation.starts_at, zone),
        in_series: operation.series_id.is_some(),
        state: operation.state,
        possible: can_be_moved(&operation, ctx.now),
    })
}

/// Moves an operation to a day and time in the organiser's zone; of a series, this one alone or those
/// that follow too.
///
/// # Errors
/// A wrong day, time or scope, a missing grant, one that is over or cancelled, or somebody was faster.
pub async fn move_operation(
    ctx: &Ctx,
    id: OperationId,
    version: i64,
    date: &str,
    time: &str,
    scope: Scope,
) -> Result<Outcome> {
    let mut errors = FieldErrors::default();
    let day = errors.check("date", input::date(date));
    let clock = errors.check("time", input::time(time));
    let (Some(day), Some(clock)) = (day, clock) else {
        return Err(AppError::Invalid(errors).into());
    };
    let (tx, operation) = begin(ctx, id).await?;
    if scope != Scope::This {
        drop(tx);
        let mut form = read_operation_form(ctx, Some(id), "").await?;
        (form.fields.date, form.fields.time) = (date.to_owned(), time.to_owned());
        return edit_series(ctx, id, version, scope, form.fields, form.repeat).await;
    }
    let outcome = to_local(tx, ctx, &operation, version, day.and_time(clock)).await?;
    Ok(outcome.and_goto(format!("/operations/{id}")))
}

/// Moves an operation as it was dragged: from a day and hour of the calendar to another, or to
/// another day alone.
///
/// # Errors
/// No such places, a missing grant, one that is over or cancelled, or somebody was faster.
pub async fn drop_operation(
    ctx: &Ctx,
    id: OperationId,
    version: i64,
    from: &str,
    to: &str,
) -> Result<Outcome> {
    let by = dragged(from, to).ok_or(AppError::field("to", FieldProblem::Malformed))?;
    let (tx, operation) = begin(ctx, id).await?;
    let local = times::local_of(operation.starts_at, times::zone(&operation.zone));
    to_local(tx, ctx, &operation, version, local + by).await
}

async fn begin(ctx: &Ctx, id: OperationId) -> Result<(Write, Operation)> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let action = Action::PlanOperations;
    let (operation, _) = operation_for_write(&mut tx, ctx, id, action).await?;
    if !can_be_moved(&operation, ctx.now) {
        return Err(not_in_this_state(&operation));
    }
    Ok((tx, operation))
}

async fn to_local(
    mut tx: Write,
    ctx: &Ctx,
    operation: &Operation,
    version: i64,
    local: NaiveDateTime,
) -> Result<Outcome> {
    let starts_at = instant_of(times::zone(&operation.zone), local);
    if starts_at > ctx.now + Duration::days(limits::DAYS_AHEAD) || starts_at < ctx.now {
        return Err(AppError::field("date", FieldProblem::OutOfRange).into());
    }
    let shape = operation.shape();
    let change = Change {
        zone: &operation.zone,
        starts_at,
        shape: &shape,
        detached: operation.series_id.is_some(),
    };
    let line = change_in(&mut tx, ctx, operation, version, &change, None).await?;
    finish(ctx, tx, line).await
}

/// How far something was dragged, in local time: by days, and by hours when both places are hours.
fn dragged(from: &str, to: &str) -> Option<Duration> {
    let ((from, from_hour), (to, to_hour)) = (place(from)?, place(to)?);
    let hours = from_hour.zip(to_hour).map_or(0, |(from, to)| to - from);
    let days = (to - from).num_days();
    (days.abs() <= limits::DAYS_AHEAD).then(|| Duration::days(days) + Duration::hours(hours))
}

/// A place of the calendar: `2026-03-06` or `2026-03-06T20`.
fn place(text: &str) -> Option<(NaiveDate, Option<i64>)> {
    match text.split_once('T') {
        None => Some((parse_date(text)?, None)),
        Some((day, hour)) => {
            let hour = hour.parse().ok().filter(|hour| (0..24).contains(hour))?;
            Some((parse_date(day)?, Some(hour)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dragging_is_by_days_and_hours() {
        let by = |days, hours| Some(Duration::days(days) + Duration::hours(hours));
        assert_eq!(dragged("2026-03-06T20", "2026-03-09"), by(3, 0));
        assert_eq!(dragged("2026-03-06", "2026-03-01T20"), by(-5, 0));
        assert_eq!(dragged("2026-03-06T20", "2026-03-07T18"), by(1, -2));
        for (from, to) in [
            ("", "2026-03-06"),
            ("2026-03-06", "soon"),
            ("2026-03-06T24", "2026-03-06T20"),
            ("1900-01-01", "2200-01-01"),
        ] {
            assert_eq!(dragged(from, to), None, "{from} {to}");
        }
    }
}
