//! What ends when somebody leaves the organisation, and what comes back with them.

use crate::{
    domain::{GroupId, MembershipId, PlayerId, PositionId, RoleId, time::Instant},
    server::{Result, db::Write},
};

/// Changes whether a player belongs to the organisation.
pub(in crate::features::roster) async fn set(
    tx: &mut Write,
    player: PlayerId,
    standing: &str,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update player set standing = $3, version = version + 1
          where org_id = $1 and player_id = $2",
        (org, player, standing.to_owned()),
    )
    .await?;
    Ok(())
}

/// Ends all memberships of a player; answers role and position of each.
pub(in crate::features::roster) async fn end_memberships(
    tx: &mut Write,
    player: PlayerId,
    at: Instant,
    reason: &str,
) -> Result<Vec<(RoleId, Option<PositionId>)>> {
    let org = tx.org();
    let open = tx
        .all(
            "select role_id, position_id from membership
              where org_id = $1 and player_id = $2 and until is null
              order by exclusive desc, membership_id",
            (org, player),
        )
        .await?;
    tx.run(
        "update membership
            set until = case when since > $3 then since else $3 end, end_reason = $4
          where org_id = $1 and player_id = $2 and until is null",
        (org, player, at, reason.to_owned()),
    )
    .await?;
    Ok(open)
}

/// Ends a player's managing; answers the groups.
pub(in crate::features::roster) async fn end_managing(
    tx: &mut Write,
    player: PlayerId,
) -> Result<Vec<GroupId>> {
    let org = tx.org();
    let groups: Vec<(GroupId,)> = tx
        .all(
            "select group_id from group_manager where org_id = $1 and player_id = $2
              order by group_id",
            (org, player),
        )
        .await?;
    tx.run(
        "delete from group_manager where org_id = $1 and player_id = $2",
        (org, player),
    )
    .await?;
    Ok(groups.into_iter().map(|(group,)| group).collect())
}

/// Makes a player a co-founder again.
pub(in crate::features::roster) async fn begin_co_founding(
    tx: &mut Write,
    player: PlayerId,
    at: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into co_founder (org_id, player_id, since) values ($1, $2, $3)
         on conflict do nothing",
        (org, player, at),
    )
    .await?;
    Ok(())
}

/// Starts a membership again where that breaks no rule: the player belongs to the organisation, the
/// role is there and not taken, the group not retired, the player in no other exclusive group. A
/// position that is filled by now is left to whoever fills it. Answers whether it started.
pub(in crate::features::roster) async fn start_if_free(
    tx: &mut Write,
    membership: MembershipId,
    player: PlayerId,
    (role, position): (RoleId, Option<PositionId>),
    at: Instant,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx.run(
        "insert into membership (org_id, membership_id, player_id, group_id, role_id, position_id,
             exclusive, singular, since, common_name, group_name, role_name, position_name)
         select $1, $2, p.player_id, g.group_id, r.role_id, x.position_id, g.exclusive, r.singular,
                $6, p.common_name, g.name, r.name, x.name
           from player p
           join role r on r.org_id = p.org_id and r.role_id = $4 and r.deleted_at is null
           join roster_group g on g.org_id = r.org_id and g.group_id = r.group_id
                              and g.retired_at is null
           left join position x on x.org_id = r.org_id and x.position_id = $5
                               and x.deleted_at is null and x.role_id = r.role_id
                               and not exists (select 1 from membership o
                                     where o.org_id = x.org_id and o.position_id = x.position_id
                                       and o.until is null)
          where p.org_id = $1 and p.player_id = $3
            and p.standing not in ('left', 'kicked', 'banned')
            and not exists (select 1 from membership m
                  where m.org_id = $1 and m.until is null
                    and ((m.player_id = $3
                          and (m.group_id = g.group_id or (m.exclusive and g.exclusive)))
                         or (r.singular and m.role_id = r.role_id)))",
        (org, membership, player, role, position, at),
    )
    .await?;
    Ok(rows == 1)
}

/// Makes a player a manager of a group again, unless the group is retired.
pub(in crate::features::roster) async fn manage_again(
    tx: &mut Write,
    group: GroupId,
    player: PlayerId,
    at: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into group_manager (org_id, group_id, player_id, since)
         select g.org_id, g.group_id, $3, $4
           from roster_group g
          where g.org_id = $1 and g.group_id = $2 and g.retired_at is null
         on conflict do nothing",
        (org, group, player, at),
    )
    .await?;
    Ok(())
}
