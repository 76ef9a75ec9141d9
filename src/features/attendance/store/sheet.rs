//! Entries of one operation, and what was there before them.

use crate::{
    domain::{AttendanceStateId, CorrectionId, GroupId, OperationId, PlayerId, time::Instant},
    features::{
        attendance::model::Source,
        operations::model::{Answer, Audience, OperationState, sight::Shown},
        roster::service::{MembershipThen, PersonThen},
    },
    server::{
        Ctx, Result,
        db::{Read, Write},
    },
};
use uuid::Uuid;

/// An entry.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::attendance) struct EntryRow {
    pub(in crate::features::attendance) player_id: PlayerId,
    pub(in crate::features::attendance) state_id: AttendanceStateId,
    pub(in crate::features::attendance) group_id: Option<GroupId>,
    pub(in crate::features::attendance) group_name: String,
    pub(in crate::features::attendance) rank_name: String,
    #[sqlx(try_from = "String")]
    pub(in crate::features::attendance) source: Source,
    pub(in crate::features::attendance) version: i64,
}

/// The entries of an operation.
pub(in crate::features::attendance) async fn entries(
    tx: &mut Read,
    operation: OperationId,
) -> Result<Vec<EntryRow>> {
    let args = (tx.org(), operation);
    tx.all(
        "select player_id, state_id, group_id, group_name, rank_name, source, version
           from attendance where org_id = $1 and operation_id = $2",
        args,
    )
    .await
}

/// What a player answered.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::attendance) struct AnswerRow {
    pub(in crate::features::attendance) player_id: PlayerId,
    #[sqlx(try_from = "String")]
    pub(in crate::features::attendance) answer: Answer,
    /// They waited for a place.
    pub(in crate::features::attendance) waits: bool,
}

/// What players answered to an operation; guests are not on the sheet.
pub(in crate::features::attendance) async fn answers(
    tx: &mut Read,
    operation: OperationId,
) -> Result<Vec<AnswerRow>> {
    let args = (tx.org(), operation);
    tx.all(
        "select player_id, answer, waiting_since is not null as waits
           from rsvp where org_id = $1 and operation_id = $2 and player_id is not null",
        args,
    )
    .await
}

/// An entry about to be made: credited to the group and rank held then.
pub(in crate::features::attendance) struct NewEntry<'a> {
    pub(in crate::features::attendance) operation: OperationId,
    pub(in crate::features::attendance) person: &'a PersonThen,
    pub(in crate::features::attendance) group: Option<&'a MembershipThen>,
    pub(in crate::features::attendance) state: AttendanceStateId,
    pub(in crate::features::attendance) source: Source,
}

/// Makes an entry. A second one of a person breaks the key.
pub(in crate::features::attendance) async fn insert(
    tx: &mut Write,
    ctx: &Ctx,
    new: NewEntry<'_>,
) -> Result<()> {
    let args = (
        tx.org(),
        new.operation,
        new.person.player_id,
        new.state,
        new.group.map(|group| group.group_id),
        new.group
            .map_or_else(String::new, |group| group.group_name.clone()),
        new.person.rank_id,
        new.person.rank_name.clone().unwrap_or_default(),
        new.person.common_name.clone(),
        new.source.as_str().to_owned(),
        ctx.now,
        ctx.actor.user.as_ref().map(|user| user.id),
        ctx.actor.name(),
    );
    tx.run(
        "insert into attendance (org_id, operation_id, player_id, state_id, group_id, group_name,
             rank_id, rank_name, common_name, source, recorded_at, recorded_by, recorded_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args,
    )
    .await?;
    Ok(())
}

/// Gives an entry another state; group and rank of then stay. False when the version is another.
pub(in crate::features::attendance) async fn update(
    tx: &mut Write,
    ctx: &Ctx,
    operation: OperationId,
    player: PlayerId,
    version: i64,
    state: AttendanceStateId,
    source: Source,
) -> Result<bool> {
    let args = (
        tx.org(),
        operation,
        player,
        version,
        state,
        source.as_str().to_owned(),
        ctx.now,
        ctx.actor.user.as_ref().map(|user| user.id),
        ctx.actor.name(),
    );
    let rows = tx
        .run(
            "update attendance
                set state_id = $5, source = $6, recorded_at = $7, recorded_by = $8,
                    recorded_name = $9, version = version + 1
              where org_id = $1 and operation_id = $2 and player_id = $3 and version = $4",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// Takes an entry away. False when the version is another.
pub(in crate::features::attendance) async fn delete(
    tx: &mut Write,
    operation: OperationId,
    player: PlayerId,
    version: i64,
) -> Result<bool> {
    let args = (tx.org(), operation, player, version);
    let rows = tx
        .run(
            "delete from attendance
              where org_id = $1 and operation_id = $2 and player_id = $3 and version = $4",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// Keeps what an entry was before.
pub(in crate::features::attendance) async fn keep(
    tx: &mut Write,
    ctx: &Ctx,
    operation: OperationId,
    player: PlayerId,
    (from, to): (Option<AttendanceStateId>, Option<AttendanceStateId>),
    reason: &str,
) -> Result<()> {
    let args = (
        tx.org(),
        CorrectionId(Uuid::now_v7()),
        operation,
        player,
        from,
        to,
        reason.to_owned(),
        ctx.now,
        ctx.actor.user.as_ref().map(|user| user.id),
        ctx.actor.name(),
    );
    tx.run(
        "insert into attendance_correction (org_id, correction_id, operation_id, player_id,
             from_state_id, to_state_id, reason, at, actor_id, actor_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args,
    )
    .await?;
    Ok(())
}

/// A correction with the names of now.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::attendance) struct CorrectionRow {
    pub(in crate::features::attendance) correction_id: CorrectionId,
    pub(in crate::features::attendance) operation_id: OperationId,
    pub(in crate::features::attendance) title: String,
    pub(in crate::features::attendance) ends_at: Instant,
    pub(in crate::features::attendance) organiser: GroupId,
    #[sqlx(try_from = "String")]
    audience: Audience,
    #[sqlx(try_from = "String")]
    operation_state: OperationState,
    was_published: bool,
    pub(in crate::features::attendance) player_id: PlayerId,
    pub(in crate::features::attendance) common_name: String,
    pub(in crate::features::attendance) before: Option<String>,
    pub(in crate::features::attendance) after: Option<String>,
    pub(in crate::features::attendance) reason: String,
    pub(in crate::features::attendance) at: Instant,
    pub(in crate::features::attendance) actor_name: String,
    pub(in crate::features::attendance) reviewed: bool,
}

impl CorrectionRow {
    /// What decides who sees the operation.
    pub(in crate::features::attendance) fn shown(&self) -> Shown {
        Shown::new(self.operation_state, self.was_published, self.audience)
    }
}

/// Corrections of the Org, newest first, those nobody looked at before all others.
pub(in crate::features::attendance) async fn corrections(
    tx: &mut Read,
    most: i64,
) -> Result<Vec<CorrectionRow>> {
    let args = (tx.org(), most);
    tx.all(
        "select c.correction_id, c.operation_id, o.title, o.ends_at, o.group_id as organiser,
                o.audience, o.state as operation_state,
                o.published_at is not null as was_published, c.player_id, p.common_name,
                f.name as before, t.name as after, c.reason, c.at, c.actor_name,
                c.reviewed_at is not null as reviewed
           from attendance_correction c
           join operation o on o.org_id = c.org_id and o.operation_id = c.operation_id
           join player p on p.org_id = c.org_id and p.player_id = c.player_id
           left join attendance_state f on f.org_id = c.org_id and f.state_id = c.from_state_id
           left join attendance_state t on t.org_id = c.org_id and t.state_id = c.to_state_id
          where c.org_id = $1
          order by c.reviewed_at is not null, c.at desc, c.correction_id desc limit $2",
        args,
    )
    .await
}

/// Notes that somebody looked at corrections up to an instant; answers how many.
pub(in crate::features::attendance) async fn review(
    tx: &mut Write,
    ctx: &Ctx,
    until: Instant,
) -> Result<u64> {
    let args = (
        tx.org(),
        until,
        ctx.now,
        ctx.actor.user.as_ref().map(|user| user.id),
    );
    tx.run(
        "update attendance_correction set reviewed_at = $3, reviewed_by = $4
          where org_id = $1 and reviewed_at is null and at <= $2",
        args,
    )
    .await
}
