//! Sums over entries (§9.7): one statement for a whole Org, whatever is asked for.

use crate::{
    domain::{CategoryId, GroupId, OperationId, PlayerId, criteria::Attendance, time::Instant},
    features::{
        attendance::model::{Sums, Tone},
        operations::model::{Audience, OperationState, figures::WINDOWS, sight::Shown},
    },
    server::{Result, db::Read},
};
use chrono::Duration;

/// The sums of one line, and of what.
#[derive(Clone, Debug, sqlx::FromRow)]
struct SumsRow<Id> {
    of: Id,
    operations: i64,
    attended: i64,
    credit: i64,
    accountable: i64,
    operations_90: i64,
    attended_90: i64,
    credit_90: i64,
    accountable_90: i64,
    operations_60: i64,
    attended_60: i64,
    credit_60: i64,
    accountable_60: i64,
    operations_30: i64,
    attended_30: i64,
    credit_30: i64,
    accountable_30: i64,
    missed: i64,
}

fn sums(operations: i64, attended: i64, credit: i64, accountable: i64) -> Attendance {
    let number = |sum: i64| u32::try_from(sum).unwrap_or(u32::MAX);
    Attendance {
        operations: number(operations),
        attended: number(attended),
        credit: number(credit),
        accountable: number(accountable),
    }
}

impl<Id> SumsRow<Id> {
    fn into_sums(self) -> (Id, Sums) {
        let windows = [
            sums(
                self.operations_30,
                self.attended_30,
                self.credit_30,
                self.accountable_30,
            ),
            sums(
                self.operations_60,
                self.attended_60,
                self.credit_60,
                self.accountable_60,
            ),
            sums(
                self.operations_90,
                self.attended_90,
                self.credit_90,
                self.accountable_90,
            ),
            sums(
                self.operations,
                self.attended,
                self.credit,
                self.accountable,
            ),
        ];
        let missed = u32::try_from(self.missed).unwrap_or(u32::MAX);
        (self.of, Sums { windows, missed })
    }
}

/// An entry that counts is worth its credit, and excused besides; whoever was neither there nor
/// excused missed it. `$2` is now, `$3` to `$5` are the beginnings of the windows, which are out.
macro_rules! select_sums {
    ($of:literal, $rest:literal) => {
        concat!(
            "select m.of, count(*) as operations,
                    count(case when m.credit > 0 then 1 end) as attended,
                    cast(sum(m.credit) as bigint) as credit,
                    cast(sum(m.accountable) as bigint) as accountable,
                    count(case when m.ends_at > $5 then 1 end) as operations_90,
                    count(case when m.ends_at > $5 and m.credit > 0 then 1 end) as attended_90,
                    cast(sum(case when m.ends_at > $5 then m.credit else 0 end) as bigint) as credit_90,
                    cast(sum(case when m.ends_at > $5 then m.accountable else 0 end) as bigint) as accountable_90,
                    count(case when m.ends_at > $4 then 1 end) as operations_60,
                    count(case when m.ends_at > $4 and m.credit > 0 then 1 end) as attended_60,
                    cast(sum(case when m.ends_at > $4 then m.credit else 0 end) as bigint) as credit_60,
                    cast(sum(case when m.ends_at > $4 then m.accountable else 0 end) as bigint) as accountable_60,
                    count(case when m.ends_at > $3 then 1 end) as operations_30,
                    count(case when m.ends_at > $3 and m.credit > 0 then 1 end) as attended_30,
                    cast(sum(case when m.ends_at > $3 then m.credit else 0 end) as bigint) as credit_30,
                    cast(sum(case when m.ends_at > $3 then m.accountable else 0 end) as bigint) as accountable_30,
                    count(case when m.missed and (m.there_at is null or m.ends_at > m.there_at) then 1 end)
                        as missed
               from (
                    select ", $of, " as of, o.ends_at, s.credit,
                           case when s.excused then 100 else s.credit end as accountable,
                           (s.credit = 0 and not s.excused) as missed,
                           max(case when s.credit > 0 or s.excused then o.ends_at end)
                               over (partition by a.player_id) as there_at
                      from attendance a
                      join attendance_state s on s.org_id = a.org_id and s.state_id = a.state_id
                      join operation o on o.org_id = a.org_id and o.operation_id = a.operation_id
                      left join operation_category c on c.org_id = o.org_id and c.category_id = o.category_id
                     where a.org_id = $1 and s.counts and coalesce(c.counts, true)
                       and o.state in ('published', 'done', 'archived') and o.ends_at <= $2 ", $rest, "
               ) m group by m.of"
        )
    };
}

/// The beginnings of the windows.
fn beginnings(now: Instant) -> [Instant; 3] {
    WINDOWS.map(|days| now - Duration::days(i64::from(days)))
}

/// The sums of all players.
pub(in crate::features::attendance) async fn by_player(
    tx: &mut Read,
    now: Instant,
) -> Result<Vec<(PlayerId, Sums)>> {
    let [month, two, three] = beginnings(now);
    let args = (tx.org(), now, month, two, three);
    let rows: Vec<SumsRow<PlayerId>> = tx.all(select_sums!("a.player_id", ""), args).await?;
    Ok(rows.into_iter().map(SumsRow::into_sums).collect())
}

/// The sums of one player.
pub(in crate::features::attendance) async fn of_player(
    tx: &mut Read,
    now: Instant,
    player: PlayerId,
) -> Result<Sums> {
    let [month, two, three] = beginnings(now);
    let args = (tx.org(), now, month, two, three, player);
    let sql = select_sums!("a.player_id", "and a.player_id = $6");
    let row: Option<SumsRow<PlayerId>> = tx.optional(sql, args).await?;
    Ok(row.map_or_else(Sums::default, |row| row.into_sums().1))
}

/// The sums of the groups that entries are credited to.
pub(in crate::features::attendance) async fn by_group(
    tx: &mut Read,
    now: Instant,
) -> Result<Vec<(GroupId, Sums)>> {
    let [month, two, three] = beginnings(now);
    let args = (tx.org(), now, month, two, three);
    let sql = select_sums!("a.group_id", "and a.group_id is not null");
    let rows: Vec<SumsRow<GroupId>> = tx.all(sql, args).await?;
    Ok(rows.into_iter().map(SumsRow::into_sums).collect())
}

/// The sums of categories.
pub(in crate::features::attendance) async fn by_category(
    tx: &mut Read,
    now: Instant,
) -> Result<Vec<(CategoryId, Sums)>> {
    let [month, two, three] = beginnings(now);
    let args = (tx.org(), now, month, two, three);
    let sql = select_sums!("o.category_id", "and o.category_id is not null");
    let rows: Vec<SumsRow<CategoryId>> = tx.all(sql, args).await?;
    Ok(rows.into_iter().map(SumsRow::into_sums).collect())
}

/// An operation that somebody has an entry of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::attendance) struct LatestRow {
    pub(in crate::features::attendance) operation_id: OperationId,
    pub(in crate::features::attendance) title: String,
    pub(in crate::features::attendance) starts_at: Instant,
    pub(in crate::features::attendance) group_id: GroupId,
    #[sqlx(try_from = "String")]
    audience: Audience,
    #[sqlx(try_from = "String")]
    operation_state: OperationState,
    was_published: bool,
    pub(in crate::features::attendance) state: String,
    #[sqlx(try_from = "String")]
    pub(in crate::features::attendance) tone: Tone,
    pub(in crate::features::attendance) credited: Option<GroupId>,
    pub(in crate::features::attendance) credited_name: String,
}

impl LatestRow {
    /// What decides who sees the operation.
    pub(in crate::features::attendance) fn shown(&self) -> Shown {
        Shown::new(self.operation_state, self.was_published, self.audience)
    }
}

/// The latest operations that a player has entries of.
pub(in crate::features::attendance) async fn latest(
    tx: &mut Read,
    player: PlayerId,
    most: i64,
) -> Result<Vec<LatestRow>> {
    let args = (tx.org(), player, most);
    tx.all(
        "select o.operation_id, o.title, o.starts_at, o.group_id, o.audience,
                o.state as operation_state, o.published_at is not null as was_published,
                s.name as state, s.tone, a.group_id as credited, a.group_name as credited_name
           from attendance a
           join attendance_state s on s.org_id = a.org_id and s.state_id = a.state_id
           join operation o on o.org_id = a.org_id and o.operation_id = a.operation_id
          where a.org_id = $1 and a.player_id = $2
          order by o.starts_at desc, o.operation_id desc limit $3",
        args,
    )
    .await
}
