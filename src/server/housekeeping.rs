//! Clearing away what has expired: sessions, hand-over codes, results of forms, old failures, mails
//! and notices. Expired rows are never believed anyway; this only keeps the tables small. Any node
//! may do it.

use super::{db::Db, error::Result, state::State};
use crate::domain::time::Instant;
use chrono::Duration;

/// How often a server cleans.
const EVERY: std::time::Duration = std::time::Duration::from_secs(3600);

/// Failed sign-ins are forgotten after this many days without another.
const FAILURES_DAYS: i64 = 2;

/// Mails are kept for this many days, sent or not: what could not be sent by then is no news.
const MAIL_DAYS: i64 = 30;

/// Notices are kept for this many days after they were read.
const NOTICE_DAYS: i64 = 180;

/// Cleans once an hour, starting now, until the task is dropped.
pub async fn run(state: State) {
    let mut hourly = tokio::time::interval(EVERY);
    loop {
        hourly.tick().await;
        match clean(&state.db, state.clock.now()).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "cleared expired rows away"),
            Err(failure) => tracing::warn!(%failure, "could not clear expired rows away"),
        }
    }
}

/// Deletes what has expired and answers how many rows that were.
///
/// # Errors
/// When the database fails.
pub async fn clean(db: &Db, now: Instant) -> Result<u64> {
    let mut tx = db.system().await?;
    let mut rows = 0;
    for statement in [
        "delete from session where expires_at <= $1",
        "delete from handover_code where expires_at <= $1",
        "delete from flash where expires_at <= $1",
    ] {
        rows += tx.run(statement, (now,)).await?;
    }
    let quiet_since = now - Duration::days(FAILURES_DAYS);
    rows += tx
        .run(
            "delete from sign_in_failure where last_at < $1 and blocked_until < $2",
            (quiet_since, now),
        )
        .await?;
    rows += tx
        .run(
            "delete from outbox_mail where created_at < $1",
            (now - Duration::days(MAIL_DAYS),),
        )
        .await?;
    rows += tx
        .run(
            "delete from notice where read_at < $1",
            (now - Duration::days(NOTICE_DAYS),),
        )
        .await?;
    tx.commit().await?;
    Ok(rows)
}
