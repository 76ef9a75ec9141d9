//! SQL of org types and their ranks, and of who may change them.

use crate::{
    domain::{UserId, access::AccessSet, module::Modules},
    features::tenants::{
        access::SiteAdmin,
        input::org_types::CheckedOrgType,
        model::org_types::{MemberKind, OrgType, OrgTypeChoice, OrgTypeLine, TypeRank},
    },
    server::{Result, db::System},
};

pub(in crate::features::tenants) async fn is_site_admin(
    tx: &mut System,
    user: UserId,
) -> Result<bool> {
    let row: Option<(bool,)> = tx
        .optional(
            "select site_admin from user_account where user_id = $1 and disabled_at is null",
            (user,),
        )
        .await?;
    Ok(row.is_some_and(|(admin,)| admin))
}

/// All types, by name.
pub(in crate::features::tenants) async fn choices(tx: &mut System) -> Result<Vec<OrgTypeChoice>> {
    let rows: Vec<(String, String, String)> = tx
        .all(
            "select type_id, name, description from org_type order by name, type_id",
            (),
        )
        .await?;
    let choice = |(id, name, description)| OrgTypeChoice {
        id,
        name,
        description,
    };
    Ok(rows.into_iter().map(choice).collect())
}

pub(in crate::features::tenants) async fn lines(tx: &mut System) -> Result<Vec<OrgTypeLine>> {
    let rows: Vec<(String, String, String, String, i64)> = tx
        .all(
            "select t.type_id, t.name, t.description, t.modules,
                    (select count(*) from org o where o.type_id = t.type_id)
               from org_type t order by t.name, t.type_id",
            (),
        )
        .await?;
    let line = |(id, name, description, modules, orgs): (_, _, _, String, _)| OrgTypeLine {
        id,
        name,
        description,
        modules: Modules::parse(&modules),
        orgs,
    };
    Ok(rows.into_iter().map(line).collect())
}

#[derive(sqlx::FromRow)]
struct TypeRow {
    type_id: String,
    name: String,
    description: String,
    member_kind: String,
    one_per_person: bool,
    modules: String,
    access: String,
    command_name: String,
    aliases: String,
    version: i64,
    orgs: i64,
}

#[derive(sqlx::FromRow)]
struct RankRow {
    level: i64,
    name: String,
    abbreviation: String,
    insignia: String,
    access: String,
    is_default: bool,
    is_guest: bool,
}

/// A type with its ranks; `NotFound` when there is none of this id.
pub(in crate::features::tenants) async fn read(tx: &mut System, type_id: &str) -> Result<OrgType> {
    let row: TypeRow = tx
        .one(
            "select t.type_id, t.name, t.description, t.member_kind, t.one_per_person, t.modules,
                    t.access, t.command_name, t.aliases, t.version,
                    (select count(*) from org o where o.type_id = t.type_id) as orgs
               from org_type t where t.type_id = $1",
            (type_id.to_owned(),),
        )
        .await?;
    let ranks: Vec<RankRow> = tx
        .all(
            "select level, name, abbreviation, insignia, access, is_default, is_guest
               from org_type_rank where type_id = $1 order by level",
            (type_id.to_owned(),),
        )
        .await?;
    let rank = |row: RankRow| TypeRank {
        level: row.level,
        name: row.name,
        abbreviation: row.abbreviation,
        insignia: row.insignia,
        access: AccessSet::parse(&row.access),
        is_default: row.is_default,
        is_guest: row.is_guest,
    };
    Ok(OrgType {
        id: row.type_id,
        name: row.name,
        description: row.description,
        // The database checks it.
        member_kind: MemberKind::parse(&row.member_kind).unwrap_or_default(),
        one_per_person: row.one_per_person,
        modules: Modules::parse(&row.modules),
        access: AccessSet::parse(&row.access),
        command_name: row.command_name,
        aliases: row.aliases,
        ranks: ranks.into_iter().map(rank).collect(),
        orgs: row.orgs,
        version: row.version,
    })
}

pub(in crate::features::tenants) async fn insert(
    tx: &mut System,
    _: SiteAdmin,
    of: &CheckedOrgType,
) -> Result<()> {
    tx.run(
        "insert into org_type (type_id, name, description, member_kind, one_per_person, modules,
                               access, command_name, aliases)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        (
            of.type_id.clone(),
            of.name.clone(),
            of.description.clone(),
            of.member_kind.as_str().to_owned(),
            of.one_per_person,
            of.modules.stored(),
            of.access.stored(),
            of.command_name.clone(),
            of.aliases.clone(),
        ),
    )
    .await?;
    insert_ranks(tx, of).await
}

/// Answers false when the version is another.
pub(in crate::features::tenants) async fn update(
    tx: &mut System,
    _: SiteAdmin,
    of: &CheckedOrgType,
    version: i64,
) -> Result<bool> {
    let rows = tx
        .run(
            "update org_type
                set name = $3, description = $4, member_kind = $5, one_per_person = $6,
                    modules = $7, access = $8, command_name = $9, aliases = $10,
                    version = version + 1
              where type_id = $1 and version = $2",
            (
                of.type_id.clone(),
                version,
                of.name.clone(),
                of.description.clone(),
                of.member_kind.as_str().to_owned(),
                of.one_per_person,
                of.modules.stored(),
                of.access.stored(),
                of.command_name.clone(),
                of.aliases.clone(),
            ),
        )
        .await?;
    if rows == 0 {
        return Ok(false);
    }
    tx.run(
        "delete from org_type_rank where type_id = $1",
        (of.type_id.clone(),),
    )
    .await?;
    insert_ranks(tx, of).await?;
    Ok(true)
}

async fn insert_ranks(tx: &mut System, of: &CheckedOrgType) -> Result<()> {
    for rank in &of.ranks {
        tx.run(
            "insert into org_type_rank (type_id, level, name, abbreviation, insignia, access,
                                        is_default, is_guest)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            (
                of.type_id.clone(),
                rank.level,
                rank.name.clone(),
                rank.abbreviation.clone(),
                rank.insignia.clone(),
                rank.access.stored(),
                rank.is_default,
                rank.is_guest,
            ),
        )
        .await?;
    }
    Ok(())
}

/// From now on a person who belongs to an organisation of the type can join no other of it. Who
/// belongs to several keeps them, and each of them stands in the way of further ones.
pub(in crate::features::tenants) async fn note_sole_memberships(
    tx: &mut System,
    _: SiteAdmin,
    type_id: &str,
) -> Result<()> {
    tx.run(
        "insert into sole_membership (user_id, type_id, org_id)
         select p.user_id, o.type_id, o.org_id
           from player p join org o on o.org_id = p.org_id
          where o.type_id = $1 and p.user_id is not null
            and p.standing not in ('left', 'kicked', 'banned')
         on conflict (user_id, type_id, org_id) do nothing",
        (type_id.to_owned(),),
    )
    .await?;
    Ok(())
}

pub(in crate::features::tenants) async fn forget_sole_memberships(
    tx: &mut System,
    _: SiteAdmin,
    type_id: &str,
) -> Result<()> {
    tx.run(
        "delete from sole_membership where type_id = $1",
        (type_id.to_owned(),),
    )
    .await?;
    Ok(())
}
