//! Rows as imports write them: with the times and states that the files say.

use crate::{
    domain::{GroupId, MembershipId, PlayerId, name::key, time::Instant},
    features::roster::service::{BulkGroupChange, BulkMembership, BulkPlayer},
    server::{Result, db::Write},
};

/// Inserts a player.
pub(in crate::features::roster) async fn insert_player(
    tx: &mut Write,
    player: &BulkPlayer,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into player (org_id, player_id, user_id, common_name, standing, joined_at)
         values ($1, $2, $3, $4, $5, $6)",
        (
            org,
            player.id,
            player.user,
            player.common_name.clone(),
            player.standing.clone(),
            player.joined,
        ),
    )
    .await?;
    Ok(())
}

/// Changes what a file says of a player. Whoever is somebody, claimed or a co-founder, does not leave
/// the organisation or come back this way; answers false then, as when there is no such player.
pub(in crate::features::roster) async fn change_player(
    tx: &mut Write,
    player: PlayerId,
    standing: String,
    joined: Instant,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "update player set standing = $3, joined_at = $4, version = version + 1
              where org_id = $1 and player_id = $2
                and (standing = $3
                     or (standing not in ('left', 'kicked', 'banned')
                         and $3 not in ('left', 'kicked', 'banned'))
                     or (user_id is null
                         and not exists (select 1 from co_founder f
                               where f.org_id = $1 and f.player_id = $2)))",
            (org, player, standing, joined),
        )
        .await?;
    Ok(rows == 1)
}

/// Inserts a membership with the names of now.
pub(in crate::features::roster) async fn insert_membership(
    tx: &mut Write,
    membership: &BulkMembership,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into membership (org_id, membership_id, player_id, group_id, role_id, position_id,
             exclusive, singular, since, until, common_name, group_name, role_name, position_name,
             end_reason)
         select $1, $2, p.player_id, g.group_id, r.role_id, x.position_id, g.exclusive, r.singular,
                $6, $7, p.common_name, g.name, r.name, x.name, $8
           from player p
           join role r on r.org_id = p.org_id and r.role_id = $4
           join roster_group g on g.org_id = r.org_id and g.group_id = r.group_id
           left join position x on x.org_id = r.org_id and x.position_id = $5
          where p.org_id = $1 and p.player_id = $3",
        (
            org,
            membership.id,
            membership.player,
            membership.role,
            membership.position,
            membership.since,
            membership.until,
            membership.reason.clone(),
        ),
    )
    .await?;
    Ok(())
}

/// Ends an open membership at the time a file says.
pub(in crate::features::roster) async fn end_membership(
    tx: &mut Write,
    membership: MembershipId,
    until: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update membership set until = $3
          where org_id = $1 and membership_id = $2 and until is null",
        (org, membership, until),
    )
    .await?;
    Ok(())
}

/// Changes a group, its parent and its life.
pub(in crate::features::roster) async fn change_group(
    tx: &mut Write,
    change: &BulkGroupChange,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update roster_group
            set parent_id = $3, name = $4, name_key = $5, acronym = $6, description = $7,
                kind = $8, visibility = $9, policy = $10, founded_at = $11, retired_at = $12,
                version = version + 1
          where org_id = $1 and group_id = $2",
        (
            org,
            change.id,
            change.parent,
            change.details.name.clone(),
            key(&change.details.name),
            change.details.acronym.clone(),
            change.details.description.clone(),
            change.details.kind.clone(),
            change.details.visibility.as_str().to_owned(),
            change.details.policy.as_str().to_owned(),
            change.founded,
            change.retired,
        ),
    )
    .await?;
    Ok(())
}

/// Lets the history of a group begin when it was founded, as far as its first row reaches.
pub(in crate::features::roster) async fn begin_history(
    tx: &mut Write,
    group: GroupId,
    founded: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update group_history set since = $3
          where org_id = $1 and group_id = $2 and since <> $3 and (until is null or until > $3)
            and since = (select min(since) from group_history
                          where org_id = $1 and group_id = $2)",
        (org, group, founded),
    )
    .await?;
    Ok(())
}
