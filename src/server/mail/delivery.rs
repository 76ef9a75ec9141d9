//! The queue worker: takes due mails by lease, sends them, and marks what became of them.
//!
//! A lease is a claim that ends by itself. No send begins in the lease's second half, so that each
//! ends before another process may take the mail.

use super::{
    Postman,
    smtp::{Mail, Sent},
};
use crate::{
    domain::time::Instant,
    server::{db::Db, error::Result, state::State},
};
use chrono::Duration;
use std::time::{Duration as Pause, Instant as Stopwatch};
use uuid::Uuid;

/// Mails taken at once.
const BATCH: i64 = 20;
/// How often the queue is looked at when it was empty.
const LOOK_EVERY: Pause = Pause::from_secs(5);
/// How long the whole queue rests when the server cannot be reached: first, and at most.
const REST: (Pause, Pause) = (Pause::from_secs(5), Pause::from_secs(300));
/// Minutes until the next try of a mail after its first, second … failure; the last holds on.
const AGAIN_AFTER: [i64; 5] = [1, 5, 30, 120, 360];
/// Tries in all, which is some two days.
const TRIES: i64 = 12;

/// How one look at the queue went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// Nothing was due.
    Idle,
    /// So many mails were tried, whatever became of them.
    Tried(usize),
    /// The mail server cannot be reached; no mail was harmed.
    Down,
}

/// Delivers until the server stops. Without a mail server it ends at once.
pub async fn run(state: State) {
    let postman = match Postman::new(&state.config.mail) {
        Ok(postman) if postman.has_server() => postman,
        _ => return,
    };
    let mut closing = state.closing();
    let mut rest = REST.0;
    while !*closing.borrow() {
        let pause = match deliver_due(&state, &postman).await {
            Ok(Round::Tried(_)) => {
                rest = REST.0;
                continue;
            }
            Ok(Round::Idle) => {
                rest = REST.0;
                LOOK_EVERY
            }
            Ok(Round::Down) => {
                let now = rest;
                rest = (rest * 2).min(REST.1);
                now
            }
            Err(failure) => {
                tracing::warn!(%failure, "could not deliver mails");
                LOOK_EVERY
            }
        };
        tokio::select! {
            _ = closing.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Takes a batch of due mails and sends it.
///
/// # Errors
/// When the database fails; then what was taken is free again when its lease has run out.
pub async fn deliver_due(state: &State, postman: &Postman) -> Result<Round> {
    if !is_due(&state.db, state.clock.now()).await? {
        return Ok(Round::Idle);
    }
    let visit = match postman.visit().await {
        Ok(visit) => visit,
        Err(problem) => {
            tracing::warn!(problem, "the mail server cannot be reached, mails wait");
            return Ok(Round::Down);
        }
    };
    let lease = Uuid::now_v7();
    let length = state.config.mail.lease;
    let taken = Stopwatch::now();
    let mails = take(&state.db, lease, state.clock.now(), length).await?;
    let closing = state.closing();
    let mut tried = 0;
    let mut is_down = false;
    // One after the other: who is killed leaves at most one mail of which nobody knows whether the
    // server took it.
    for mail in mails {
        if taken.elapsed() > length / 2 || *closing.borrow() {
            break;
        }
        let sent = visit.send(&mail).await;
        is_down = sent == Sent::Down;
        if is_down {
            break;
        }
        let is_last = sent == Sent::TooSlow;
        conclude(&state.db, &mail, lease, sent, state.clock.now()).await?;
        tried += 1;
        if is_last {
            break;
        }
    }
    release(&state.db, lease).await?;
    Ok(if is_down {
        Round::Down
    } else {
        Round::Tried(tried)
    })
}

/// Is any mail due? Looking takes no lock.
async fn is_due(db: &Db, now: Instant) -> Result<bool> {
    let due: Option<(Uuid,)> = db
        .system_row(
            "select mail_id from outbox_mail
              where sent_at is null and failed_at is null
                and (next_try_at is null or next_try_at <= $1)
                and (leased_until is null or leased_until <= $1)
              limit 1",
            (now,),
        )
        .await?;
    Ok(due.is_some())
}

/// Takes a batch. Of two processes that choose the same mails, the second finds them leased: the
/// outer conditions are checked again on the row as it is then.
async fn take(db: &Db, lease: Uuid, now: Instant, length: Pause) -> Result<Vec<Mail>> {
    let until = now + Duration::from_std(length).unwrap_or_default();
    let mut tx = db.system().await?;
    let mails = tx
        .all(
            "update outbox_mail set lease = $1, leased_until = $2
              where mail_id in (
                    select mail_id from outbox_mail
                     where sent_at is null and failed_at is null
                       and (next_try_at is null or next_try_at <= $3)
                       and (leased_until is null or leased_until <= $3)
                     order by created_at, mail_id limit $4)
                and sent_at is null and failed_at is null
                and (leased_until is null or leased_until <= $3)
              returning mail_id, to_address, subject, body, created_at, attempts",
            (lease, until, now, BATCH),
        )
        .await?;
    tx.commit().await?;
    Ok(mails)
}

/// Writes down what became of a mail, unless another process has it meanwhile.
async fn conclude(db: &Db, mail: &Mail, lease: Uuid, sent: Sent, now: Instant) -> Result<()> {
    let attempts = mail.attempts + 1;
    let (sent_at, failed_at, next_try_at, error) = match sent {
        Sent::Taken => (Some(now), None, None, None),
        Sent::Never(error) => (None, Some(now), None, Some(error)),
        Sent::Down => return Ok(()),
        Sent::Later(_) | Sent::TooSlow => {
            let error = match sent {
                Sent::Later(error) => error,
                _ => "the mail server took too long".to_owned(),
            };
            let again = now + pause_after(attempts);
            let gave_up = attempts >= TRIES;
            (
                None,
                gave_up.then_some(now),
                (!gave_up).then_some(again),
                Some(error),
            )
        }
    };
    if let Some(error) = &error {
        let gave_up = failed_at.is_some();
        tracing::warn!(mail = %mail.mail_id, attempts, gave_up, error, "a mail was not taken");
    }
    let mut tx = db.system().await?;
    let rows = tx
        .run(
            "update outbox_mail
                set sent_at = $3, failed_at = $4, next_try_at = $5, last_error = $6, attempts = $7,
                    lease = null, leased_until = null
              where mail_id = $1 and lease = $2 and sent_at is null",
            (
                mail.mail_id,
                lease,
                sent_at,
                failed_at,
                next_try_at,
                error,
                attempts,
            ),
        )
        .await?;
    tx.commit().await?;
    if rows == 0 {
        tracing::warn!(mail = %mail.mail_id, "a lease ran out while its mail was sent");
    }
    Ok(())
}

/// How long a mail waits after so many failures.
fn pause_after(attempts: i64) -> Duration {
    let last = AGAIN_AFTER.len() - 1;
    let at = usize::try_from(attempts - 1).unwrap_or(0).min(last);
    Duration::minutes(AGAIN_AFTER[at])
}

/// Gives back what was taken and not tried.
async fn release(db: &Db, lease: Uuid) -> Result<()> {
    let mut tx = db.system().await?;
    tx.run(
        "update outbox_mail set lease = null, leased_until = null
          where lease = $1 and sent_at is null",
        (lease,),
    )
    .await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_the_tries_take_some_two_days() {
        let minutes = |attempts| pause_after(attempts).num_minutes();
        assert_eq!([1, 2, 3, 4, 5, 6].map(minutes), [1, 5, 30, 120, 360, 360]);
        let hours: i64 = (1..TRIES).map(minutes).sum::<i64>() / 60;
        assert!(
            (40..60).contains(&hours),
            "a mail is tried for {hours} hours"
        );
    }
}
