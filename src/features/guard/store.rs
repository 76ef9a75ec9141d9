//! SQL of plans.

use crate::{
    domain::{PlanId, UserId, time::Instant},
    server::{
        Result,
        db::{Read, Write},
    },
};

/// A plan as it is kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct PlanRow {
    pub(super) input: String,
    pub(super) expires_at: Instant,
    pub(super) applied_seq: Option<i64>,
}

/// Keeps a plan, and forgets those that nobody can look at any more.
pub(super) async fn insert(
    tx: &mut Write,
    plan: PlanId,
    (kind, input): (&'static str, String),
    by: UserId,
    now: Instant,
    expires: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "delete from bulk_plan where org_id = $1 and expires_at < $2",
        (org, now),
    )
    .await?;
    tx.run(
        "insert into bulk_plan (org_id, plan_id, kind, input, created_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        (org, plan, kind.to_owned(), input, by, now, expires),
    )
    .await?;
    Ok(())
}

/// A plan of this user; `NotFound` for everybody else.
pub(super) async fn get(tx: &mut Read, plan: PlanId, by: UserId) -> Result<PlanRow> {
    let args = (tx.org(), plan, by);
    tx.one(
        "select input, expires_at, applied_seq from bulk_plan
          where org_id = $1 and plan_id = $2 and created_by = $3",
        args,
    )
    .await
}

/// Notes that a plan was applied by this event.
pub(super) async fn applied(tx: &mut Write, plan: PlanId, seq: i64) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update bulk_plan set applied_seq = $3 where org_id = $1 and plan_id = $2",
        (org, plan, seq),
    )
    .await?;
    Ok(())
}
