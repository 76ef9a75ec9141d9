//! Appeals, and links for checking in.

use crate::{
    domain::{AppealId, GroupId, OperationId, PlayerId, time::Instant},
    features::{
        attendance::model::AppealState,
        operations::model::{Audience, OperationState, sight::Shown},
    },
    server::{
        Ctx, Result,
        db::{Read, Write},
    },
};

/// An appeal with the group that it is about: the one an entry is credited to, else the exclusive one
/// held when the operation began.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::attendance) struct AppealRow {
    pub(in crate::features::attendance) appeal_id: AppealId,
    pub(in crate::features::attendance) operation_id: OperationId,
    pub(in crate::features::attendance) title: String,
    pub(in crate::features::attendance) organiser: GroupId,
    #[sqlx(try_from = "String")]
    audience: Audience,
    #[sqlx(try_from = "String")]
    operation_state: OperationState,
    was_published: bool,
    pub(in crate::features::attendance) player_id: PlayerId,
    pub(in crate::features::attendance) common_name: String,
    pub(in crate::features::attendance) text: String,
    pub(in crate::features::attendance) made_at: Instant,
    #[sqlx(try_from = "String")]
    pub(in crate::features::attendance) state: AppealState,
    pub(in crate::features::attendance) answer: String,
    pub(in crate::features::attendance) answered_name: String,
    pub(in crate::features::attendance) recorded: Option<String>,
    pub(in crate::features::attendance) group_id: Option<GroupId>,
}

impl AppealRow {
    /// What decides who sees the operation.
    pub(in crate::features::attendance) fn shown(&self) -> Shown {
        Shown::new(self.operation_state, self.was_published, self.audience)
    }
}

macro_rules! select_appeals {
    ($rest:literal) => {
        concat!(
            "select ap.appeal_id, ap.operation_id, o.title, o.group_id as organiser, o.audience,
                    o.state as operation_state, o.published_at is not null as was_published,
                    ap.player_id, p.common_name, ap.text, ap.made_at, ap.state, ap.answer,
                    ap.answered_name, s.name as recorded, coalesce(a.group_id, m.group_id) as group_id
               from attendance_appeal ap
               join operation o on o.org_id = ap.org_id and o.operation_id = ap.operation_id
               join player p on p.org_id = ap.org_id and p.player_id = ap.player_id
               left join attendance a on a.org_id = ap.org_id and a.operation_id = ap.operation_id
                                     and a.player_id = ap.player_id
               left join attendance_state s on s.org_id = a.org_id and s.state_id = a.state_id
               left join membership m on m.org_id = ap.org_id and m.player_id = ap.player_id
                                     and m.exclusive and m.since <= o.starts_at
                                     and (m.until is null or m.until > o.starts_at)
              where ap.org_id = $1 ",
            $rest
        )
    };
}

/// An appeal; `NotFound` for one of another Org.
pub(in crate::features::attendance) async fn get(tx: &mut Read, id: AppealId) -> Result<AppealRow> {
    let args = (tx.org(), id);
    tx.one(select_appeals!("and ap.appeal_id = $2"), args).await
}

/// What waits for an answer, newest first.
pub(in crate::features::attendance) async fn pending(
    tx: &mut Read,
    most: i64,
) -> Result<Vec<AppealRow>> {
    let args = (tx.org(), most);
    tx.all(
        select_appeals!("and ap.state = 'pending' order by ap.made_at desc, ap.appeal_id limit $2"),
        args,
    )
    .await
}

/// A player's latest appeal about an operation.
pub(in crate::features::attendance) async fn latest(
    tx: &mut Read,
    operation: OperationId,
    player: PlayerId,
) -> Result<Option<AppealRow>> {
    let args = (tx.org(), operation, player);
    tx.optional(
        select_appeals!(
            "and ap.operation_id = $2 and ap.player_id = $3
              order by ap.made_at desc, ap.appeal_id desc limit 1"
        ),
        args,
    )
    .await
}

/// Makes an appeal. A second one that waits breaks the index.
pub(in crate::features::attendance) async fn insert(
    tx: &mut Write,
    id: AppealId,
    operation: OperationId,
    player: PlayerId,
    text: &str,
    now: Instant,
) -> Result<()> {
    let args = (tx.org(), id, operation, player, text.to_owned(), now);
    tx.run(
        "insert into attendance_appeal (org_id, appeal_id, operation_id, player_id, text, made_at)
         values ($1, $2, $3, $4, $5, $6)",
        args,
    )
    .await?;
    Ok(())
}

/// Answers an appeal, once; false when it does not wait any more.
pub(in crate::features::attendance) async fn end(
    tx: &mut Write,
    ctx: &Ctx,
    id: AppealId,
    state: AppealState,
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
            "update attendance_appeal
                set state = $3, answer = $4, answered_at = $5, answered_by = $6, answered_name = $7
              where org_id = $1 and appeal_id = $2 and state = 'pending'",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// Until when the check-in of an operation is open, if it is.
pub(in crate::features::attendance) async fn open_until(
    tx: &mut Read,
    operation: OperationId,
    now: Instant,
) -> Result<Option<Instant>> {
    let args = (tx.org(), operation, now);
    let row: Option<(Instant,)> = tx
        .optional(
            "select expires_at from check_in_link
              where org_id = $1 and operation_id = $2 and expires_at > $3",
            args,
        )
        .await?;
    Ok(row.map(|(until,)| until))
}

/// Opens the check-in of an operation; a link from before is good no more.
pub(in crate::features::attendance) async fn open(
    tx: &mut Write,
    ctx: &Ctx,
    operation: OperationId,
    hash: &str,
    until: Instant,
) -> Result<()> {
    let args = (
        tx.org(),
        operation,
        hash.to_owned(),
        ctx.now,
        until,
        ctx.actor.user.as_ref().map(|user| user.id),
    );
    tx.run(
        "insert into check_in_link (org_id, operation_id, token_hash, created_at, expires_at, created_by)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (org_id, operation_id) do update
            set token_hash = excluded.token_hash, created_at = excluded.created_at,
                expires_at = excluded.expires_at, created_by = excluded.created_by",
        args,
    )
    .await?;
    Ok(())
}

/// The operation of a link that is good, and until when.
pub(in crate::features::attendance) async fn behind(
    tx: &mut Read,
    hash: &str,
    now: Instant,
) -> Result<(OperationId, Instant)> {
    let args = (tx.org(), hash.to_owned(), now);
    tx.one(
        "select operation_id, expires_at from check_in_link
          where org_id = $1 and token_hash = $2 and expires_at > $3",
        args,
    )
    .await
}
