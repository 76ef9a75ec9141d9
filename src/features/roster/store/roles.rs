//! Roles, positions and managers.

use crate::{
    domain::{GroupId, PlayerId, PositionId, RoleId, access::AccessSet, name::key, time::Instant},
    features::roster::input::{PositionDetails, RoleDetails, granted_by},
    server::{
        Result,
        db::{Read, Write},
    },
};

/// A role with who holds it, if it is singular.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::roster) struct RoleRow {
    pub(in crate::features::roster) role_id: RoleId,
    pub(in crate::features::roster) group_id: GroupId,
    pub(in crate::features::roster) name: String,
    pub(in crate::features::roster) acronym: String,
    pub(in crate::features::roster) leadership: bool,
    pub(in crate::features::roster) singular: bool,
    #[sqlx(try_from = "String")]
    pub(in crate::features::roster) access: AccessSet,
    pub(in crate::features::roster) deleted: bool,
    pub(in crate::features::roster) holder_id: Option<PlayerId>,
    pub(in crate::features::roster) holder: Option<String>,
}

impl RoleRow {
    /// What the role gives in its group and below it, leadership included.
    pub(in crate::features::roster) fn grants(&self) -> AccessSet {
        granted_by(self.leadership, self.access)
    }
}

/// The live roles of a group in order.
pub(in crate::features::roster) async fn of_group(
    tx: &mut Read,
    group: GroupId,
) -> Result<Vec<RoleRow>> {
    let args = (tx.org(), group);
    tx.all(
        "select r.role_id, r.group_id, r.name, r.acronym, r.leadership, r.singular, r.access,
                false as deleted, m.player_id as holder_id, p.common_name as holder
           from role r
           left join membership m on m.org_id = r.org_id and m.role_id = r.role_id
                and m.until is null and m.singular
           left join player p on p.org_id = m.org_id and p.player_id = m.player_id
          where r.org_id = $1 and r.group_id = $2 and r.deleted_at is null
          order by r.sort_order, r.name_key",
        args,
    )
    .await
}

/// A role by id, also a deleted one.
pub(in crate::features::roster) async fn get(tx: &mut Read, role: RoleId) -> Result<RoleRow> {
    let args = (tx.org(), role);
    tx.one(
        "select r.role_id, r.group_id, r.name, r.acronym, r.leadership, r.singular, r.access,
                r.deleted_at is not null as deleted, m.player_id as holder_id,
                p.common_name as holder
           from role r
           left join membership m on m.org_id = r.org_id and m.role_id = r.role_id
                and m.until is null
           left join player p on p.org_id = m.org_id and p.player_id = m.player_id
          where r.org_id = $1 and r.role_id = $2 limit 1",
        args,
    )
    .await
}

/// Inserts a role behind the others.
pub(in crate::features::roster) async fn insert(
    tx: &mut Write,
    role: RoleId,
    group: GroupId,
    details: &RoleDetails,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into role (org_id, role_id, group_id, name, name_key, acronym, leadership, singular,
                           access, sort_order)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce(max(sort_order), 0) + 1024
           from role where org_id = $1 and group_id = $3",
        (
            org,
            role,
            group,
            details.name.clone(),
            key(&details.name),
            details.acronym.clone(),
            details.leadership,
            details.singular,
            details.access.stored(),
        ),
    )
    .await?;
    Ok(())
}

/// Changes a role; answers false when the version is another. Making a role singular that two
/// people hold breaks `membership_singular_key`.
pub(in crate::features::roster) async fn update(
    tx: &mut Write,
    role: RoleId,
    version: i64,
    details: &RoleDetails,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "update role set name = $4, name_key = $5, acronym = $6, leadership = $7, singular = $8,
                    access = $9, version = version + 1
              where org_id = $1 and role_id = $2 and version = $3 and deleted_at is null",
            (
                org,
                role,
                version,
                details.name.clone(),
                key(&details.name),
                details.acronym.clone(),
                details.leadership,
                details.singular,
                details.access.stored(),
            ),
        )
        .await?;
    Ok(rows == 1)
}

/// Marks a role as deleted, or not.
pub(in crate::features::roster) async fn set_deleted(
    tx: &mut Write,
    role: RoleId,
    at: Option<Instant>,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update role set deleted_at = $3, version = version + 1 where org_id = $1 and role_id = $2",
        (org, role, at),
    )
    .await?;
    Ok(())
}

/// A position with who fills it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::roster) struct PositionRow {
    pub(in crate::features::roster) group_id: GroupId,
    pub(in crate::features::roster) role_id: RoleId,
    pub(in crate::features::roster) name: String,
    pub(in crate::features::roster) wants: String,
    pub(in crate::features::roster) deleted: bool,
    pub(in crate::features::roster) holder_id: Option<PlayerId>,
    pub(in crate::features::roster) holder: Option<String>,
}

/// A position by id, also a deleted one.
pub(in crate::features::roster) async fn position(
    tx: &mut Read,
    position: PositionId,
) -> Result<PositionRow> {
    let args = (tx.org(), position);
    tx.one(
        "select x.group_id, x.role_id, x.name, x.wants,
                x.deleted_at is not null as deleted, m.player_id as holder_id,
                p.common_name as holder
           from position x
           left join membership m on m.org_id = x.org_id and m.position_id = x.position_id
                and m.until is null
           left join player p on p.org_id = m.org_id and p.player_id = m.player_id
          where x.org_id = $1 and x.position_id = $2 limit 1",
        args,
    )
    .await
}

/// Inserts a position behind the others.
pub(in crate::features::roster) async fn insert_position(
    tx: &mut Write,
    position: PositionId,
    group: GroupId,
    details: &PositionDetails,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into position (org_id, position_id, group_id, role_id, name, wants, sort_order)
         select $1, $2, $3, $4, $5, $6, coalesce(max(sort_order), 0) + 1024
           from position where org_id = $1 and group_id = $3",
        (
            org,
            position,
            group,
            details.role_id,
            details.name.clone(),
            details.wants.clone(),
        ),
    )
    .await?;
    Ok(())
}

/// Changes a position; answers false when the version is another.
pub(in crate::features::roster) async fn update_position(
    tx: &mut Write,
    position: PositionId,
    version: i64,
    details: &PositionDetails,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "update position set name = $4, wants = $5, role_id = $6, version = version + 1
              where org_id = $1 and position_id = $2 and version = $3 and deleted_at is null",
            (
                org,
                position,
                version,
                details.name.clone(),
                details.wants.clone(),
                details.role_id,
            ),
        )
        .await?;
    Ok(rows == 1)
}

/// Marks a position as deleted, or not.
pub(in crate::features::roster) async fn set_position_deleted(
    tx: &mut Write,
    position: PositionId,
    at: Option<Instant>,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update position set deleted_at = $3, version = version + 1
          where org_id = $1 and position_id = $2",
        (org, position, at),
    )
    .await?;
    Ok(())
}

/// Adds a manager.
pub(in crate::features::roster) async fn add_manager(
    tx: &mut Write,
    group: GroupId,
    player: PlayerId,
    now: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into group_manager (org_id, group_id, player_id, since) values ($1, $2, $3, $4)",
        (org, group, player, now),
    )
    .await?;
    Ok(())
}

/// Makes the members of a group managers of another.
pub(in crate::features::roster) async fn add_manager_group(
    tx: &mut Write,
    group: GroupId,
    by: GroupId,
    now: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into group_manager_group (org_id, group_id, manager_group_id, since)
         values ($1, $2, $3, $4)",
        (org, group, by, now),
    )
    .await?;
    Ok(())
}

/// Takes that back; answers false when they were none.
pub(in crate::features::roster) async fn remove_manager_group(
    tx: &mut Write,
    group: GroupId,
    by: GroupId,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "delete from group_manager_group
              where org_id = $1 and group_id = $2 and manager_group_id = $3",
            (org, group, by),
        )
        .await?;
    Ok(rows == 1)
}

/// Removes a manager; answers false when they were none.
pub(in crate::features::roster) async fn remove_manager(
    tx: &mut Write,
    group: GroupId,
    player: PlayerId,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "delete from group_manager where org_id = $1 and group_id = $2 and player_id = $3",
            (org, group, player),
        )
        .await?;
    Ok(rows == 1)
}
