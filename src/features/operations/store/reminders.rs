//! Reminders: what is to be sent, and what was.

use crate::{
    domain::{OperationId, PlayerId, time::Instant},
    server::{
        Result,
        db::{Read, System, Write},
    },
};

/// The reminders of an operation, sent or not: minutes before the start, and when that is.
pub(in crate::features::operations) async fn of(
    tx: &mut Read,
    operation: OperationId,
) -> Result<Vec<(i64, Instant)>> {
    let args = (tx.org(), operation);
    tx.all(
        "select minutes_before, due_at from operation_reminder
          where org_id = $1 and operation_id = $2",
        args,
    )
    .await
}

/// Takes a reminder away.
pub(in crate::features::operations) async fn delete(
    tx: &mut Write,
    operation: OperationId,
    minutes: i64,
) -> Result<()> {
    let args = (tx.org(), operation, minutes);
    tx.run(
        "delete from operation_reminder
          where org_id = $1 and operation_id = $2 and minutes_before = $3",
        args,
    )
    .await?;
    Ok(())
}

/// Adds a reminder.
pub(in crate::features::operations) async fn insert(
    tx: &mut Write,
    operation: OperationId,
    (minutes, due): (i64, Instant),
) -> Result<()> {
    let args = (tx.org(), operation, minutes, due);
    tx.run(
        "insert into operation_reminder (org_id, operation_id, minutes_before, due_at)
         values ($1, $2, $3, $4)",
        args,
    )
    .await?;
    Ok(())
}

/// Marks a reminder that is due as sent and answers when it was due; none when it was sent before,
/// or is not due any more.
pub(in crate::features::operations) async fn claim(
    tx: &mut Write,
    operation: OperationId,
    minutes: i64,
    now: Instant,
) -> Result<Option<Instant>> {
    let args = (tx.org(), operation, minutes, now);
    let row: Option<(Instant,)> = tx
        .optional(
            "update operation_reminder set sent_at = $4
              where org_id = $1 and operation_id = $2 and minutes_before = $3
                and sent_at is null and due_at <= $4
             returning due_at",
            args,
        )
        .await?;
    Ok(row.map(|(due,)| due))
}

/// Players who answered, or waited for a place, whatever they said.
pub(in crate::features::operations) async fn answered(
    tx: &mut Read,
    operation: OperationId,
) -> Result<Vec<(PlayerId,)>> {
    let args = (tx.org(), operation);
    tx.all(
        "select player_id from rsvp
          where org_id = $1 and operation_id = $2 and player_id is not null and answer <> 'none'",
        args,
    )
    .await
}

/// Reminders that are due, with the slugs of their Orgs, the first due first.
pub(in crate::features::operations) async fn due(
    tx: &mut System,
    now: Instant,
    count: i64,
) -> Result<Vec<(String, OperationId, i64)>> {
    tx.all(
        "select g.slug, r.operation_id, r.minutes_before
           from operation_reminder r join org g on g.org_id = r.org_id
          where r.sent_at is null and r.due_at <= $1 order by r.due_at limit $2",
        (now, count),
    )
    .await
}
