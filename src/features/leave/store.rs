//! SQL of leave, and nothing else. Days are texts like `2026-03-01`, which compare as days do.

use super::model::{Days, LeaveKind, LeaveState};
use crate::{
    domain::{
        LeaveId, PlayerId,
        time::{Instant, iso_date, parse_date},
    },
    server::{
        Ctx, Result,
        db::{Read, Write},
    },
};
use chrono::NaiveDate;

/// A leave as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct LeaveRow {
    pub(super) leave_id: LeaveId,
    pub(super) player_id: PlayerId,
    pub(super) common_name: String,
    from_day: String,
    until_day: Option<String>,
    pub(super) reason: String,
    #[sqlx(try_from = "String")]
    pub(super) kind: LeaveKind,
    #[sqlx(try_from = "String")]
    pub(super) state: LeaveState,
    pub(super) asked_at: Instant,
    pub(super) answer: String,
    pub(super) answered_name: String,
    pub(super) version: i64,
}

impl LeaveRow {
    pub(super) fn days(&self) -> Days {
        Days {
            from: parse_date(&self.from_day).unwrap_or_default(),
            until: self.until_day.as_deref().and_then(parse_date),
        }
    }
}

macro_rules! select_leaves {
    ($rest:literal) => {
        concat!(
            "select l.leave_id, l.player_id, p.common_name, l.from_day, l.until_day, l.reason, l.kind,
                    l.state, l.asked_at, l.answer, l.answered_name, l.version
               from leave_of_absence l
               join player p on p.org_id = l.org_id and p.player_id = l.player_id
              where l.org_id = $1 ",
            $rest
        )
    };
}

/// A leave; `NotFound` for one of another Org.
pub(super) async fn get(tx: &mut Read, id: LeaveId) -> Result<LeaveRow> {
    let args = (tx.org(), id);
    tx.one(select_leaves!("and l.leave_id = $2"), args).await
}

/// A player's, newest first.
pub(super) async fn of_player(tx: &mut Read, player: PlayerId) -> Result<Vec<LeaveRow>> {
    let args = (tx.org(), player);
    tx.all(
        select_leaves!("and l.player_id = $2 order by l.from_day desc, l.leave_id desc limit 100"),
        args,
    )
    .await
}

/// What waits for an answer, and what was approved and is not over; the next first.
pub(super) async fn open(tx: &mut Read, today: NaiveDate) -> Result<Vec<LeaveRow>> {
    let args = (tx.org(), iso_date(today));
    tx.all(
        select_leaves!(
            "and (l.state = 'pending'
                  or (l.state = 'approved' and (l.until_day is null or l.until_day >= $2)))
              order by l.from_day, l.leave_id limit 1000"
        ),
        args,
    )
    .await
}

/// Who is on approved leave on a day.
pub(super) async fn away_on(tx: &mut Read, day: NaiveDate) -> Result<Vec<(PlayerId,)>> {
    let args = (tx.org(), iso_date(day));
    tx.all(
        "select distinct player_id from leave_of_absence
          where org_id = $1 and state = 'approved' and from_day <= $2
            and (until_day is null or until_day >= $2)",
        args,
    )
    .await
}

/// Inserts a request.
pub(super) async fn insert(
    tx: &mut Write,
    id: LeaveId,
    player: PlayerId,
    leave: &super::input::CheckedLeave,
    now: Instant,
) -> Result<()> {
    let args = (
        tx.org(),
        id,
        player,
        iso_date(leave.days.from),
        leave.days.until.map(iso_date),
        leave.reason.clone(),
        leave.kind.as_str().to_owned(),
        now,
    );
    tx.run(
        "insert into leave_of_absence (org_id, leave_id, player_id, from_day, until_day, reason,
             kind, asked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args,
    )
    .await?;
    Ok(())
}

/// Ends the waiting of a request. False when it does not wait any more.
pub(super) async fn answer(
    tx: &mut Write,
    ctx: &Ctx,
    id: LeaveId,
    state: LeaveState,
    answer: &str,
) -> Result<bool> {
    let args = (
        tx.org(),
        id,
        state.as_str().to_owned(),
        answer.to_owned(),
        ctx.now,
        ctx.actor.user.as_ref().map(|user| user.id),
        ctx.actor.name(),
    );
    let rows = tx
        .run(
            "update leave_of_absence
                set state = $3, answer = $4, answered_at = $5, answered_by = $6, answered_name = $7,
                    version = version + 1
              where org_id = $1 and leave_id = $2 and state = 'pending'",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// Ends an approved leave with a day; one that never began is withdrawn. False when the version is
/// another.
pub(super) async fn end(
    tx: &mut Write,
    id: LeaveId,
    version: i64,
    last: Option<NaiveDate>,
) -> Result<bool> {
    let state = match last {
        Some(_) => LeaveState::Approved,
        None => LeaveState::Withdrawn,
    };
    let args = (
        tx.org(),
        id,
        version,
        state.as_str().to_owned(),
        last.map(iso_date),
    );
    let rows = tx
        .run(
            "update leave_of_absence
                set state = $4, until_day = coalesce($5, until_day), version = version + 1
              where org_id = $1 and leave_id = $2 and version = $3 and state = 'approved'",
            args,
        )
        .await?;
    Ok(rows == 1)
}
