//! What the rows say about people as of an instant. Every statement is about the players from one id
//! to another, both included: one player, or everybody.

use crate::{
    domain::{CategoryId, GroupId, PlayerId, RoleId, criteria::Window, time::Instant},
    server::{Result, db::Read},
};
use chrono::Duration;

/// A player.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct PersonRow {
    pub(super) player_id: PlayerId,
    pub(super) standing: String,
    pub(super) joined_at: Instant,
}

/// The players.
pub(super) async fn people(
    tx: &mut Read,
    (first, last): (PlayerId, PlayerId),
) -> Result<Vec<PersonRow>> {
    let args = (tx.org(), first, last);
    tx.all(
        "select player_id, standing, joined_at from player
          where org_id = $1 and player_id between $2 and $3",
        args,
    )
    .await
}

/// A rank that somebody held from some time on. Its level is that of today's ladder, which rules
/// speak of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct HoldingRow {
    pub(super) player_id: PlayerId,
    pub(super) level: i64,
    pub(super) since: Instant,
    pub(super) until: Option<Instant>,
}

/// The holdings that had begun, the oldest first.
pub(super) async fn holdings(
    tx: &mut Read,
    (first, last): (PlayerId, PlayerId),
    as_of: Instant,
) -> Result<Vec<HoldingRow>> {
    let args = (tx.org(), first, last, as_of);
    tx.all(
        "select h.player_id, r.level, h.since, h.until
           from rank_holding h
           join rank r on r.org_id = h.org_id and r.rank_id = h.rank_id
          where h.org_id = $1 and h.player_id between $2 and $3 and h.since <= $4
          order by h.since, h.holding_id",
        args,
    )
    .await
}

/// Somebody's time in an exclusive group.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct AssignmentRow {
    pub(super) player_id: PlayerId,
    pub(super) group_id: GroupId,
    pub(super) since: Instant,
    pub(super) until: Option<Instant>,
}

/// The exclusive memberships that had begun, the oldest first.
pub(super) async fn assignments(
    tx: &mut Read,
    (first, last): (PlayerId, PlayerId),
    as_of: Instant,
) -> Result<Vec<AssignmentRow>> {
    let args = (tx.org(), first, last, as_of);
    tx.all(
        "select player_id, group_id, since, until from membership
          where org_id = $1 and player_id between $2 and $3 and exclusive and since <= $4
          order by since, membership_id",
        args,
    )
    .await
}

/// Somebody in a group.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(super) struct MemberRow {
    pub(super) player_id: PlayerId,
    pub(super) group_id: GroupId,
    pub(super) role_id: RoleId,
}

/// The memberships that ran.
pub(super) async fn members(
    tx: &mut Read,
    (first, last): (PlayerId, PlayerId),
    as_of: Instant,
) -> Result<Vec<MemberRow>> {
    let args = (tx.org(), first, last, as_of);
    tx.all(
        "select player_id, group_id, role_id from membership
          where org_id = $1 and player_id between $2 and $3
            and since <= $4 and (until is null or until > $4)",
        args,
    )
    .await
}

/// Groups with their parents, as they were. A group without a history that goes so far back, as an
/// import can bring, is taken to have been where it is.
pub(super) async fn parents(tx: &mut Read, as_of: Instant) -> Result<Vec<(GroupId, GroupId)>> {
    let args = (tx.org(), as_of);
    tx.all(
        "select g.group_id, coalesce(h.parent_id, g.parent_id)
           from roster_group g
           left join group_history h on h.org_id = g.org_id and h.group_id = g.group_id
                                    and h.since <= $2 and (h.until is null or h.until > $2)
          where g.org_id = $1 and g.parent_id is not null",
        args,
    )
    .await
}

/// Sums of somebody's attendance.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(super) struct SumsRow {
    pub(super) player_id: PlayerId,
    pub(super) operations: i64,
    pub(super) attended: i64,
    pub(super) credit: i64,
    pub(super) accountable: i64,
}

/// Attendance in a window: the rule of `operations::model::figures::sums`, in SQL.
pub(super) async fn attendance(
    tx: &mut Read,
    (first, last): (PlayerId, PlayerId),
    window: Window,
    as_of: Instant,
) -> Result<Vec<SumsRow>> {
    let after = window.days.map(|days| as_of - Duration::days(days.into()));
    let category: Option<CategoryId> = window.category;
    let args = (tx.org(), first, last, as_of, after, category);
    tx.all(
        "select a.player_id, count(*) as operations,
                count(case when s.credit > 0 then 1 end) as attended,
                cast(sum(s.credit) as bigint) as credit,
                cast(sum(case when s.excused then 100 else s.credit end) as bigint) as accountable
           from attendance a
           join attendance_state s on s.org_id = a.org_id and s.state_id = a.state_id
           join operation o on o.org_id = a.org_id and o.operation_id = a.operation_id
           left join operation_category c on c.org_id = o.org_id and c.category_id = o.category_id
          where a.org_id = $1 and a.player_id between $2 and $3
            and s.counts and coalesce(c.counts, true)
            and o.state in ('published', 'done', 'archived')
            and o.ends_at <= $4 and ($5 is null or o.ends_at > $5)
            and ($6 is null or o.category_id = $6)
          group by a.player_id",
        args,
    )
    .await
}

/// Those who are on leave of absence on a day.
pub(super) async fn on_leave(
    tx: &mut Read,
    (first, last): (PlayerId, PlayerId),
    day: String,
) -> Result<Vec<(PlayerId,)>> {
    let args = (tx.org(), first, last, day);
    tx.all(
        "select distinct player_id from leave_of_absence
          where org_id = $1 and player_id between $2 and $3 and state = 'approved'
            and from_day <= $4 and (until_day is null or until_day >= $4)",
        args,
    )
    .await
}

/// Categories in order; also deleted ones, of which rules may still speak.
pub(super) async fn categories(tx: &mut Read) -> Result<Vec<CategoryRow>> {
    let org = tx.org();
    tx.all(
        "select category_id, name, deleted_at is not null as deleted from operation_category
          where org_id = $1 order by sort_order, name_key",
        (org,),
    )
    .await
}

/// A category of operations.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct CategoryRow {
    pub(super) category_id: CategoryId,
    pub(super) name: String,
    pub(super) deleted: bool,
}
