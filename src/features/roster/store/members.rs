//! Memberships: intervals that are started and ended, never overwritten.

use crate::{
    domain::{GroupId, MembershipId, PlayerId, PositionId, RoleId, time::Instant},
    server::{
        Result,
        db::{Read, Write},
    },
};

/// An open membership with the names of now.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::roster) struct OpenRow {
    pub(in crate::features::roster) membership_id: MembershipId,
    pub(in crate::features::roster) player_id: PlayerId,
    pub(in crate::features::roster) group_id: GroupId,
    pub(in crate::features::roster) role_id: RoleId,
    pub(in crate::features::roster) position_id: Option<PositionId>,
    pub(in crate::features::roster) exclusive: bool,
    pub(in crate::features::roster) common_name: String,
    pub(in crate::features::roster) group_name: String,
    pub(in crate::features::roster) role_name: String,
}

/// An open membership; ended ones do not exist for commands.
pub(in crate::features::roster) async fn open(
    tx: &mut Read,
    membership: MembershipId,
) -> Result<Option<OpenRow>> {
    let args = (tx.org(), membership);
    tx.optional(
        "select m.membership_id, m.player_id, m.group_id, m.role_id, m.position_id, m.exclusive,
                p.common_name, g.name as group_name, r.name as role_name
           from membership m
           join player p on p.org_id = m.org_id and p.player_id = m.player_id
           join roster_group g on g.org_id = m.org_id and g.group_id = m.group_id
           join role r on r.org_id = m.org_id and r.role_id = m.role_id
          where m.org_id = $1 and m.membership_id = $2 and m.until is null",
        args,
    )
    .await
}

/// The group of a membership, also of one that ended.
pub(in crate::features::roster) async fn group_of(
    tx: &mut Read,
    membership: MembershipId,
) -> Result<Option<GroupId>> {
    let args = (tx.org(), membership);
    let row: Option<(GroupId,)> = tx
        .optional(
            "select group_id from membership where org_id = $1 and membership_id = $2",
            args,
        )
        .await?;
    Ok(row.map(|(group,)| group))
}

/// A player's open memberships that matter when placing them: the exclusive one, and any in the
/// target group.
pub(in crate::features::roster) async fn open_of_player(
    tx: &mut Read,
    player: PlayerId,
    target: GroupId,
) -> Result<Vec<OpenRow>> {
    let args = (tx.org(), player, target);
    tx.all(
        "select m.membership_id, m.player_id, m.group_id, m.role_id, m.position_id, m.exclusive,
                m.common_name, g.name as group_name, r.name as role_name
           from membership m
           join roster_group g on g.org_id = m.org_id and g.group_id = m.group_id
           join role r on r.org_id = m.org_id and r.role_id = m.role_id
          where m.org_id = $1 and m.player_id = $2 and m.until is null
            and (m.exclusive or m.group_id = $3)",
        args,
    )
    .await
}

/// The open memberships of a group.
pub(in crate::features::roster) async fn open_of_group(
    tx: &mut Read,
    group: GroupId,
) -> Result<Vec<OpenRow>> {
    let args = (tx.org(), group);
    tx.all(
        "select m.membership_id, m.player_id, m.group_id, m.role_id, m.position_id, m.exclusive,
                p.common_name, g.name as group_name, r.name as role_name
           from membership m
           join player p on p.org_id = m.org_id and p.player_id = m.player_id
           join roster_group g on g.org_id = m.org_id and g.group_id = m.group_id
           join role r on r.org_id = m.org_id and r.role_id = m.role_id
          where m.org_id = $1 and m.group_id = $2 and m.until is null
          order by m.membership_id",
        args,
    )
    .await
}

/// Ends an open membership; answers false when it was ended meanwhile.
pub(in crate::features::roster) async fn end(
    tx: &mut Write,
    membership: MembershipId,
    now: Instant,
    reason: Option<String>,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "update membership
                set until = case when since > $3 then since else $3 end, end_reason = $4
              where org_id = $1 and membership_id = $2 and until is null",
            (org, membership, now, reason),
        )
        .await?;
    Ok(rows == 1)
}

/// Takes the end of a membership back, in the transaction that ended it.
pub(in crate::features::roster) async fn resume(
    tx: &mut Write,
    membership: MembershipId,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update membership set until = null, end_reason = null
          where org_id = $1 and membership_id = $2",
        (org, membership),
    )
    .await?;
    Ok(())
}

/// Starts a membership. Names and flags are taken from the rows as they are now.
pub(in crate::features::roster) async fn start(
    tx: &mut Write,
    membership: MembershipId,
    player: PlayerId,
    role: RoleId,
    position: Option<PositionId>,
    now: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into membership (org_id, membership_id, player_id, group_id, role_id, position_id,
             exclusive, singular, since, common_name, group_name, role_name, position_name)
         select $1, $2, p.player_id, g.group_id, r.role_id, x.position_id, g.exclusive, r.singular,
                $6, p.common_name, g.name, r.name, x.name
           from player p
           join role r on r.org_id = p.org_id and r.role_id = $4
           join roster_group g on g.org_id = r.org_id and g.group_id = r.group_id
           left join position x on x.org_id = r.org_id and x.position_id = $5
          where p.org_id = $1 and p.player_id = $3",
        (org, membership, player, role, position, now),
    )
    .await?;
    Ok(())
}

/// A membership of the past or present, with the names of then.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::roster) struct HistoryRow {
    pub(in crate::features::roster) player_id: PlayerId,
    pub(in crate::features::roster) group_id: GroupId,
    pub(in crate::features::roster) since: Instant,
    pub(in crate::features::roster) until: Option<Instant>,
    pub(in crate::features::roster) common_name: String,
    pub(in crate::features::roster) group_name: String,
    pub(in crate::features::roster) role_name: String,
    pub(in crate::features::roster) position_name: Option<String>,
    pub(in crate::features::roster) end_reason: Option<String>,
}

/// A player's memberships, newest first (§4.6). At most 500.
pub(in crate::features::roster) async fn history_of_player(
    tx: &mut Read,
    player: PlayerId,
) -> Result<Vec<HistoryRow>> {
    let args = (tx.org(), player);
    tx.all(
        "select player_id, group_id, since, until, common_name, group_name, role_name,
                position_name, end_reason
           from membership where org_id = $1 and player_id = $2
          order by since desc, membership_id desc limit 500",
        args,
    )
    .await
}

/// A group's former memberships, newest first. At most 500.
pub(in crate::features::roster) async fn history_of_group(
    tx: &mut Read,
    group: GroupId,
) -> Result<Vec<HistoryRow>> {
    let args = (tx.org(), group);
    tx.all(
        "select player_id, group_id, since, until, common_name, group_name, role_name,
                position_name, end_reason
           from membership where org_id = $1 and group_id = $2 and until is not null
          order by until desc, membership_id desc limit 500",
        args,
    )
    .await
}
