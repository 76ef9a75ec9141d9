//! The nine statements of the read model, now or as of an instant.

use crate::{
    domain::{GroupId, time::Instant},
    features::{
        ranks,
        roster::{
            model::{Policy, Visibility},
            read_model::{Group, GroupSource, RetiredGroup, Roster, Sources},
        },
    },
    server::{Result, db::Read},
};

#[derive(sqlx::FromRow)]
struct GroupRow {
    group_id: GroupId,
    parent_id: Option<GroupId>,
    name: String,
    acronym: String,
    description: String,
    kind: String,
    exclusive: bool,
    visibility: String,
    policy: String,
    sort_order: i64,
    founded_at: Instant,
    version: i64,
    retired: bool,
}

impl GroupRow {
    fn visibility(&self) -> Visibility {
        // The database checks it; private is the careful answer.
        Visibility::parse(&self.visibility).unwrap_or(Visibility::Private)
    }

    fn into_retired(self, root: GroupId) -> RetiredGroup {
        RetiredGroup {
            id: self.group_id,
            parent: self.parent_id.unwrap_or(root),
            visibility: self.visibility(),
        }
    }

    fn into_source(self, root: GroupId) -> GroupSource {
        GroupSource {
            order: self.sort_order,
            group: Group {
                id: self.group_id,
                parent: self.parent_id.unwrap_or(root),
                visibility: self.visibility(),
                name: self.name,
                acronym: self.acronym,
                ident: String::new(),
                depth: 0,
                description: self.description,
                kind: self.kind,
                exclusive: self.exclusive,
                // The database checks it; closed is the careful answer.
                policy: Policy::parse(&self.policy).unwrap_or(Policy::Closed),
                founded: self.founded_at,
                version: self.version,
            },
        }
    }
}

const GROUPS_NOW_SQL: &str = "
    select group_id, parent_id, name, acronym, description, kind, exclusive, visibility, policy,
           sort_order, founded_at, version, retired_at is not null as retired
      from roster_group where org_id = $1";

const GROUPS_THEN_SQL: &str = "
    select g.group_id, h.parent_id, h.name, h.acronym, g.description, g.kind, g.exclusive,
           g.visibility, g.policy, g.sort_order, g.founded_at, g.version, false as retired
      from roster_group g
      join group_history h on h.org_id = g.org_id and h.group_id = g.group_id
     where g.org_id = $1 and h.since <= $2 and (h.until is null or h.until > $2)";

const ROLES_NOW_SQL: &str = "
    select role_id, group_id, name, acronym, leadership, singular, access, sort_order,
           version
      from role where org_id = $1 and deleted_at is null order by sort_order, name_key";

const ROLES_THEN_SQL: &str = "
    select role_id, group_id, name, acronym, leadership, singular, access, sort_order,
           version
      from role where org_id = $1 and (deleted_at is null or deleted_at > $2)
     order by sort_order, name_key";

const POSITIONS_SQL: &str = "
    select position_id, group_id, role_id, name, wants, sort_order, version
      from position where org_id = $1 and deleted_at is null order by sort_order, name";

const MEMBERS_NOW_SQL: &str = "
    select m.membership_id, m.player_id, m.group_id, m.role_id, m.position_id, m.since, m.until,
           p.common_name, r.name as role_name
      from membership m
      join player p on p.org_id = m.org_id and p.player_id = m.player_id
      join role r on r.org_id = m.org_id and r.role_id = m.role_id
     where m.org_id = $1 and (m.until is null or m.until > $2)";

const MEMBERS_THEN_SQL: &str = "
    select membership_id, player_id, group_id, role_id, position_id, since, until, common_name,
           role_name
      from membership
     where org_id = $1 and since <= $2 and (until is null or until > $2)";

const PLAYERS_NOW_SQL: &str = "
    select p.player_id, p.common_name, p.standing, p.user_id is not null as claimed, h.rank_id,
           p.joined_at, p.version, coalesce(o.founder_id = p.user_id, false) as founder,
           f.player_id is not null as co_founder
      from player p
      join org o on o.org_id = p.org_id
      left join co_founder f on f.org_id = p.org_id and f.player_id = p.player_id
      left join rank_holding h on h.org_id = p.org_id and h.player_id = p.player_id
                              and h.until is null
     where p.org_id = $1";

const PLAYERS_THEN_SQL: &str = "
    select p.player_id, p.common_name, p.standing, p.user_id is not null as claimed, h.rank_id,
           p.joined_at, p.version, coalesce(o.founder_id = p.user_id, false) as founder,
           f.player_id is not null as co_founder
      from player p
      join org o on o.org_id = p.org_id
      left join co_founder f on f.org_id = p.org_id and f.player_id = p.player_id
      left join rank_holding h on h.org_id = p.org_id and h.player_id = p.player_id
                              and h.since <= $2 and (h.until is null or h.until > $2)
     where p.org_id = $1";

/// The roster now; without positions where the Org's type has none (§1.6).
pub(in crate::features::roster) async fn now(
    tx: &mut Read,
    seq: i64,
    at: Instant,
    has_positions: bool,
) -> Result<Roster> {
    let org = tx.org();
    let root = org.root_group();
    let groups: Vec<GroupRow> = tx.all(GROUPS_NOW_SQL, (org,)).await?;
    let (retired, groups): (Vec<_>, Vec<_>) = groups.into_iter().partition(|row| row.retired);
    let positions = if has_positions {
        tx.all(POSITIONS_SQL, (org,)).await?
    } else {
        Vec::new()
    };
    let sources = Sources {
        seq,
        has_positions,
        groups: sources(groups, root),
        retired: retired
            .into_iter()
            .map(|row| row.into_retired(root))
            .collect(),
        roles: tx.all(ROLES_NOW_SQL, (org,)).await?,
        positions,
        members: tx.all(MEMBERS_NOW_SQL, (org, at)).await?,
        players: tx.all(PLAYERS_NOW_SQL, (org,)).await?,
        managers: tx
            .all(
                "select group_id, player_id from group_manager where org_id = $1",
                (org,),
            )
            .await?,
        manager_groups: tx
            .all(
                "select group_id, manager_group_id from group_manager_group where org_id = $1",
                (org,),
            )
            .await?,
        ladder: ranks::service::ladder(tx).await?,
    };
    Ok(Roster::new(root, sources))
}

/// The roster as of an instant: groups, names, ranks and members as they were. Positions are not
/// shown, because vacancies of the past are nobody's to fill.
pub(in crate::features::roster) async fn then(
    tx: &mut Read,
    seq: i64,
    at: Instant,
) -> Result<Roster> {
    let org = tx.org();
    let root = org.root_group();
    let groups: Vec<GroupRow> = tx.all(GROUPS_THEN_SQL, (org, at)).await?;
    let sources = Sources {
        seq,
        groups: sources(groups, root),
        roles: tx.all(ROLES_THEN_SQL, (org, at)).await?,
        members: tx.all(MEMBERS_THEN_SQL, (org, at)).await?,
        players: tx.all(PLAYERS_THEN_SQL, (org, at)).await?,
        ladder: ranks::service::ladder(tx).await?,
        ..Sources::default()
    };
    Ok(Roster::new(root, sources))
}

fn sources(groups: Vec<GroupRow>, root: GroupId) -> Vec<GroupSource> {
    groups
        .into_iter()
        .map(|row| row.into_source(root))
        .collect()
}
