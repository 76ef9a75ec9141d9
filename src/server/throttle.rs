//! Slowing down guesses (security.md §2.3): failures are counted by subject in the database, and
//! each delays the next try a little longer. Nobody is locked out for good.

use super::{
    db::Db,
    error::{Failure, Result},
};
use crate::domain::{AppError, time::Instant};
use chrono::Duration;

/// Failures are forgotten after a quiet day.
const FORGET_HOURS: i64 = 24;

/// Seconds to wait after so many failures.
fn delay(failures: i64) -> i64 {
    match failures {
        ..=2 => 0,
        3..=8 => 3,
        9..=24 => 10,
        25..=99 => 60,
        _ => 600,
    }
}

/// Refuses while the subject has to wait.
///
/// # Errors
/// `TooMany` with the seconds to wait.
pub async fn check(db: &Db, subject: &str, now: Instant) -> Result<()> {
    let row: Option<(Instant,)> = db
        .system_row(
            "select blocked_until from sign_in_failure where subject = $1",
            (subject.to_owned(),),
        )
        .await?;
    match row {
        Some((until,)) if until > now => {
            let seconds = (until - now).num_seconds().max(0) + 1;
            let retry_after = u32::try_from(seconds).unwrap_or(u32::MAX);
            Err(Failure::App(AppError::TooMany { retry_after }))
        }
        _ => Ok(()),
    }
}

/// Notes a failure.
///
/// # Errors
/// When the database fails.
pub async fn failed(db: &Db, subject: &str, now: Instant) -> Result<()> {
    let mut tx = db.system().await?;
    let (failures,): (i64,) = tx
        .one(
            "insert into sign_in_failure (subject, failures, last_at, blocked_until)
             values ($1, 1, $2, $2)
             on conflict (subject) do update set
                 failures = case when sign_in_failure.last_at < $3 then 1
                                 else sign_in_failure.failures + 1 end,
                 last_at = excluded.last_at
             returning failures",
            (subject.to_owned(), now, now - Duration::hours(FORGET_HOURS)),
        )
        .await?;
    tx.run(
        "update sign_in_failure set blocked_until = $2 where subject = $1",
        (subject.to_owned(), now + Duration::seconds(delay(failures))),
    )
    .await?;
    tx.commit().await
}

/// Forgets a subject's failures after a success.
///
/// # Errors
/// When the database fails.
pub async fn succeeded(db: &Db, subject: &str) -> Result<()> {
    let mut tx = db.system().await?;
    tx.run(
        "delete from sign_in_failure where subject = $1",
        (subject.to_owned(),),
    )
    .await?;
    tx.commit().await
}
