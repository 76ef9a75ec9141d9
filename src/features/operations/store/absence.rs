//! Answers that leave changed.

use crate::{
    domain::{GroupId, LeaveId, OperationId, PlayerId, RsvpId, time::Instant},
    features::operations::{
        model::{Answer, Audience, OperationState, sight::Shown},
        service::Away,
    },
    server::{
        Ctx, Result,
        db::{Read, Write},
    },
};

/// The note of an answer that leave gave.
const NOTE: &str = "On leave";

/// An operation of the days, with the answer that there is.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::operations) struct AwayRow {
    pub(in crate::features::operations) operation_id: OperationId,
    pub(in crate::features::operations) group_id: GroupId,
    #[sqlx(try_from = "String")]
    audience: Audience,
    pub(in crate::features::operations) rsvp_id: Option<RsvpId>,
    answer: Option<String>,
}

impl AwayRow {
    pub(in crate::features::operations) fn shown(&self) -> Shown {
        Shown::new(OperationState::Published, true, self.audience)
    }

    pub(in crate::features::operations) fn answer(&self) -> Option<Answer> {
        Answer::parse(self.answer.as_deref()?)
    }
}

/// The published operations that begin within the days.
pub(in crate::features::operations) async fn published(
    tx: &mut Read,
    away: &Away,
) -> Result<Vec<AwayRow>> {
    let far = away.from + chrono::Duration::days(10_000);
    let args = (tx.org(), away.player, away.from, away.until.unwrap_or(far));
    tx.all(
        "select o.operation_id, o.group_id, o.audience, r.rsvp_id, r.answer
           from operation o
           left join rsvp r on r.org_id = o.org_id and r.operation_id = o.operation_id
                           and r.player_id = $2
          where o.org_id = $1 and o.state = 'published' and o.starts_at >= $3 and o.starts_at < $4
          order by o.starts_at, o.operation_id limit 1000",
        args,
    )
    .await
}

/// An answer about to be changed, with what it was: none when there was none.
pub(in crate::features::operations) struct Changed {
    pub(in crate::features::operations) leave: LeaveId,
    pub(in crate::features::operations) operation: OperationId,
    pub(in crate::features::operations) rsvp: RsvpId,
    pub(in crate::features::operations) before: Option<Answer>,
}

/// Signs off where nothing was answered.
pub(in crate::features::operations) async fn insert_declined(
    tx: &mut Write,
    ctx: &Ctx,
    player: PlayerId,
    changed: &Changed,
) -> Result<()> {
    let args = (
        tx.org(),
        changed.operation,
        changed.rsvp,
        player,
        NOTE.to_owned(),
        ctx.now,
    );
    tx.run(
        "insert into rsvp (org_id, operation_id, rsvp_id, player_id, answer, note, answered_at)
         values ($1, $2, $3, $4, 'declined', $5, $6)",
        args,
    )
    .await?;
    Ok(())
}

/// Signs off whoever had answered; their place is free.
pub(in crate::features::operations) async fn decline(
    tx: &mut Write,
    ctx: &Ctx,
    changed: &Changed,
) -> Result<()> {
    let args = (tx.org(), changed.rsvp, NOTE.to_owned(), ctx.now);
    tx.run(
        "update rsvp
            set answer = 'declined', note = $3, answered_at = $4, place = null,
                waiting_since = null, version = version + 1
          where org_id = $1 and rsvp_id = $2",
        args,
    )
    .await?;
    Ok(())
}

/// Remembers what an answer was, and the version that leave gave it.
pub(in crate::features::operations) async fn remember(
    tx: &mut Write,
    changed: &Changed,
) -> Result<()> {
    let before = changed.before.map_or("", Answer::as_str);
    let args = (
        tx.org(),
        changed.leave,
        changed.operation,
        changed.rsvp,
        before.to_owned(),
    );
    tx.run(
        "insert into leave_answer (org_id, leave_id, operation_id, rsvp_id, before, version)
         select r.org_id, $2, r.operation_id, r.rsvp_id, $5, r.version
           from rsvp r where r.org_id = $1 and r.operation_id = $3 and r.rsvp_id = $4",
        args,
    )
    .await?;
    Ok(())
}

/// An answer that stands as leave left it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::operations) struct UntouchedRow {
    pub(in crate::features::operations) rsvp_id: RsvpId,
    before: String,
    /// The operation has so many places only.
    pub(in crate::features::operations) limited: bool,
}

impl UntouchedRow {
    pub(in crate::features::operations) fn before(&self) -> Option<Answer> {
        Answer::parse(&self.before)
    }
}

/// Answers to operations still to come that nobody changed since.
pub(in crate::features::operations) async fn untouched(
    tx: &mut Read,
    leave: LeaveId,
    now: Instant,
) -> Result<Vec<UntouchedRow>> {
    let args = (tx.org(), leave, now);
    tx.all(
        "select r.rsvp_id, l.before, o.capacity is not null as limited
           from leave_answer l
           join rsvp r on r.org_id = l.org_id and r.rsvp_id = l.rsvp_id and r.version = l.version
           join operation o on o.org_id = l.org_id and o.operation_id = l.operation_id
          where l.org_id = $1 and l.leave_id = $2 and o.starts_at > $3",
        args,
    )
    .await
}

/// Gives an answer back.
pub(in crate::features::operations) async fn restore(
    tx: &mut Write,
    ctx: &Ctx,
    rsvp: RsvpId,
    answer: Answer,
) -> Result<()> {
    let args = (tx.org(), rsvp, answer.as_str().to_owned(), ctx.now);
    tx.run(
        "update rsvp set answer = $3, note = '', answered_at = $4, version = version + 1
          where org_id = $1 and rsvp_id = $2",
        args,
    )
    .await?;
    Ok(())
}

/// Takes an answer away that there was not before.
pub(in crate::features::operations) async fn forget(tx: &mut Write, rsvp: RsvpId) -> Result<()> {
    let args = (tx.org(), rsvp);
    tx.run("delete from rsvp where org_id = $1 and rsvp_id = $2", args)
        .await?;
    Ok(())
}

/// Forgets what a leave changed.
pub(in crate::features::operations) async fn end(tx: &mut Write, leave: LeaveId) -> Result<()> {
    let args = (tx.org(), leave);
    tx.run(
        "delete from leave_answer where org_id = $1 and leave_id = $2",
        args,
    )
    .await?;
    Ok(())
}
