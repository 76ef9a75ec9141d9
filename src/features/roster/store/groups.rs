//! Groups: rows, paths, order, and their history.

use crate::{
    domain::{GroupId, PlayerId, access::AccessSet, time::Instant},
    features::roster::input::CheckedGroup,
    server::{
        Result,
        db::{Read, Write},
    },
};

/// One step of the path from a group up to the root, with a role that the actor holds there. A step
/// comes once for each such role, or once without any.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::roster) struct PathRow {
    pub(in crate::features::roster) group_id: GroupId,
    pub(in crate::features::roster) name: String,
    pub(in crate::features::roster) exclusive: bool,
    pub(in crate::features::roster) retired: bool,
    pub(in crate::features::roster) private: bool,
    pub(in crate::features::roster) member: bool,
    pub(in crate::features::roster) leadership: bool,
    access: String,
    pub(in crate::features::roster) manages: bool,
}

impl PathRow {
    /// What the role gives in the group and below it.
    pub(in crate::features::roster) fn access(&self) -> AccessSet {
        let access = AccessSet::parse(&self.access);
        if self.leadership {
            access.union(AccessSet::leadership())
        } else {
            access
        }
    }
}

/// The path of a group, itself first, the root last; empty when there is no such group.
pub(in crate::features::roster) async fn path(
    tx: &mut Read,
    group: GroupId,
    actor: Option<PlayerId>,
) -> Result<Vec<PathRow>> {
    let args = (tx.org(), group, actor);
    tx.all(
        "with recursive path (group_id, parent_id, name, exclusive, retired_at, visibility, depth) as (
            select group_id, parent_id, name, exclusive, retired_at, visibility, 0
              from roster_group where org_id = $1 and group_id = $2
            union all
            select g.group_id, g.parent_id, g.name, g.exclusive, g.retired_at, g.visibility,
                   p.depth + 1
              from roster_group g join path p on g.group_id = p.parent_id
             where g.org_id = $1
         )
         select p.group_id, p.name, p.exclusive, p.retired_at is not null as retired,
                p.visibility = 'private' as private, m.membership_id is not null as member,
                coalesce(r.leadership, false) as leadership, coalesce(r.access, '') as access,
                exists (select 1 from group_manager x
                         where x.org_id = $1 and x.group_id = p.group_id and x.player_id = $3)
                or exists (select 1 from group_manager_group x
                             join membership y on y.org_id = x.org_id
                                              and y.group_id = x.manager_group_id
                            where x.org_id = $1 and x.group_id = p.group_id
                              and y.player_id = $3 and y.until is null) as manages
           from path p
           left join membership m on m.org_id = $1 and m.group_id = p.group_id
                                 and m.player_id = $3 and m.until is null
           left join role r on r.org_id = m.org_id and r.role_id = m.role_id
                           and r.deleted_at is null
          order by p.depth",
        args,
    )
    .await
}

/// The columns of a group that commands read.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::roster) struct GroupRow {
    pub(in crate::features::roster) parent_id: Option<GroupId>,
    pub(in crate::features::roster) name: String,
    pub(in crate::features::roster) acronym: String,
    pub(in crate::features::roster) description: String,
    pub(in crate::features::roster) kind: String,
    pub(in crate::features::roster) visibility: String,
    pub(in crate::features::roster) policy: String,
    pub(in crate::features::roster) version: i64,
}

/// A group by id.
pub(in crate::features::roster) async fn get(tx: &mut Read, group: GroupId) -> Result<GroupRow> {
    let args = (tx.org(), group);
    tx.one(
        "select parent_id, name, acronym, description, kind, visibility, policy, version
           from roster_group where org_id = $1 and group_id = $2",
        args,
    )
    .await
}

/// Inserts a group behind its siblings, and the first row of its history.
pub(in crate::features::roster) async fn insert(
    tx: &mut Write,
    group: GroupId,
    parent: Option<GroupId>,
    exclusive: bool,
    checked: &CheckedGroup,
    now: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into roster_group (org_id, group_id, parent_id, name, name_key, acronym, description,
             kind, exclusive, visibility, policy, founded_at, sort_order)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, coalesce(max(sort_order), 0) + 1024
           from roster_group where org_id = $1 and parent_id = $3",
        (
            org,
            group,
            parent,
            checked.name.clone(),
            // The root takes no name away from the groups.
            parent.map_or_else(String::new, |_| crate::domain::name::key(&checked.name)),
            checked.acronym.clone(),
            checked.description.clone(),
            checked.kind.clone(),
            exclusive,
            checked.visibility.as_str().to_owned(),
            checked.policy.as_str().to_owned(),
            now,
        ),
    )
    .await?;
    note_history(tx, group, now).await
}

/// Changes a group; answers false when the version is another.
pub(in crate::features::roster) async fn update(
    tx: &mut Write,
    group: GroupId,
    version: i64,
    checked: &CheckedGroup,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "update roster_group
                set name = $4, name_key = $5, acronym = $6, description = $7, kind = $8,
                    visibility = $9, policy = $10, version = version + 1
              where org_id = $1 and group_id = $2 and version = $3",
            (
                org,
                group,
                version,
                checked.name.clone(),
                crate::domain::name::key(&checked.name),
                checked.acronym.clone(),
                checked.description.clone(),
                checked.kind.clone(),
                checked.visibility.as_str().to_owned(),
                checked.policy.as_str().to_owned(),
            ),
        )
        .await?;
    Ok(rows == 1)
}

/// Gives the root group another name.
pub(in crate::features::roster) async fn rename_root(tx: &mut Write, name: &str) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update roster_group set name = $2, version = version + 1
          where org_id = $1 and parent_id is null",
        (org, name.to_owned()),
    )
    .await?;
    Ok(())
}

/// The siblings below a parent in order, retired ones included so that order is kept for them.
pub(in crate::features::roster) async fn siblings(
    tx: &mut Read,
    parent: GroupId,
) -> Result<Vec<(GroupId, i64)>> {
    let args = (tx.org(), parent);
    tx.all(
        "select group_id, sort_order from roster_group
          where org_id = $1 and parent_id = $2 order by sort_order, name_key, group_id",
        args,
    )
    .await
}

/// Spaces the siblings out evenly, so that there is room between any two.
pub(in crate::features::roster) async fn space_out(tx: &mut Write, parent: GroupId) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update roster_group set sort_order = spaced.place * 1024
           from (select group_id, row_number() over (order by sort_order, name_key, group_id) as place
                   from roster_group where org_id = $1 and parent_id = $2) as spaced
          where roster_group.org_id = $1 and roster_group.group_id = spaced.group_id",
        (org, parent),
    )
    .await?;
    Ok(())
}

/// Gives a group its parent and order; answers false when the version is another.
pub(in crate::features::roster) async fn place(
    tx: &mut Write,
    group: GroupId,
    version: i64,
    parent: GroupId,
    order: i64,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "update roster_group set parent_id = $4, sort_order = $5, version = version + 1
              where org_id = $1 and group_id = $2 and version = $3",
            (org, group, version, parent, order),
        )
        .await?;
    Ok(rows == 1)
}

/// Retires a group or brings it back; answers false when the version is another.
pub(in crate::features::roster) async fn retire(
    tx: &mut Write,
    group: GroupId,
    version: i64,
    at: Option<Instant>,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "update roster_group set retired_at = $4, version = version + 1
              where org_id = $1 and group_id = $2 and version = $3",
            (org, group, version, at),
        )
        .await?;
    Ok(rows == 1)
}

/// Number of groups below this one that are not retired.
pub(in crate::features::roster) async fn count_subgroups(
    tx: &mut Read,
    group: GroupId,
) -> Result<i64> {
    let args = (tx.org(), group);
    let (count,): (i64,) = tx
        .one(
            "select count(*) from roster_group
              where org_id = $1 and parent_id = $2 and retired_at is null",
            args,
        )
        .await?;
    Ok(count)
}

/// Ends the open row of the group's history.
pub(in crate::features::roster) async fn end_history(
    tx: &mut Write,
    group: GroupId,
    now: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update group_history set until = case when since > $3 then since else $3 end
          where org_id = $1 and group_id = $2 and until is null",
        (org, group, now),
    )
    .await?;
    Ok(())
}

/// Notes name, acronym and parent as they are from now on.
pub(in crate::features::roster) async fn note_history(
    tx: &mut Write,
    group: GroupId,
    now: Instant,
) -> Result<()> {
    end_history(tx, group, now).await?;
    let org = tx.org();
    tx.run(
        "insert into group_history (org_id, group_id, since, name, acronym, parent_id)
         select org_id, group_id, $3, name, acronym, parent_id
           from roster_group where org_id = $1 and group_id = $2
         on conflict (org_id, group_id, since) do update
            set until = null, name = excluded.name, acronym = excluded.acronym,
                parent_id = excluded.parent_id",
        (org, group, now),
    )
    .await?;
    Ok(())
}
