//! SQL of organisations.

pub(super) mod org_types;
pub(super) mod public;
pub(super) mod seats;

use super::{input::CheckedOrg, model::Standing};
use crate::{
    domain::{OrgId, UserId, name::key, time::Instant},
    server::{
        Result,
        db::{Read, System, Write},
    },
};

/// Names of the founder; `NotFound` when there is no such user.
pub(super) async fn user_name(tx: &mut System, user: UserId) -> Result<String> {
    let (name,): (String,) = tx
        .one(
            "select name from user_account where user_id = $1 and disabled_at is null",
            (user,),
        )
        .await?;
    Ok(name)
}

/// Is this the call sign of another user (§1.4)?
pub(super) async fn is_other_users_name(
    tx: &mut crate::server::db::Tx,
    name: &str,
    own: UserId,
) -> Result<bool> {
    let found: Option<(UserId,)> = tx
        .optional(
            "select user_id from user_account where name_key = $1 and user_id <> $2",
            (key(name), own),
        )
        .await?;
    Ok(found.is_some())
}

pub(super) struct OrgRow {
    pub(super) id: OrgId,
    pub(super) checked: CheckedOrg,
    pub(super) time_zone: String,
    pub(super) accent_hue: i64,
    pub(super) founder: UserId,
}

pub(super) async fn insert_org(tx: &mut System, row: &OrgRow, now: Instant) -> Result<()> {
    tx.run(
        "insert into org (org_id, name, name_key, slug, type_id, time_zone, accent_hue, founder_id,
                          created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        (
            row.id,
            row.checked.name.clone(),
            key(&row.checked.name),
            row.checked.slug.clone(),
            row.checked.type_id.clone(),
            row.time_zone.clone(),
            row.accent_hue,
            row.founder,
            now,
        ),
    )
    .await?;
    Ok(())
}

pub(super) async fn insert_domain(tx: &mut System, org: OrgId, host: String) -> Result<()> {
    tx.run(
        "insert into domain (host, org_id, canonical) values ($1, $2, true)",
        (host, org),
    )
    .await?;
    Ok(())
}

/// Answers false when the version is another.
pub(super) async fn update_org(
    tx: &mut Write,
    version: i64,
    name: &str,
    time_zone: &str,
    accent_hue: i64,
    description: String,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "update org
                set name = $3, name_key = $4, time_zone = $5, accent_hue = $6, description = $7,
                    version = version + 1
              where org_id = $1 and version = $2",
            (
                org,
                version,
                name.to_owned(),
                key(name),
                time_zone.to_owned(),
                accent_hue,
                description,
            ),
        )
        .await?;
    Ok(rows == 1)
}

#[derive(sqlx::FromRow)]
pub(super) struct SettingsRow {
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) type_id: String,
    pub(super) time_zone: String,
    pub(super) accent_hue: i64,
    pub(super) description: String,
    pub(super) version: i64,
    pub(super) founder_id: UserId,
    pub(super) founder: String,
}

pub(super) async fn settings(tx: &mut Read) -> Result<SettingsRow> {
    let org = tx.org();
    tx.one(
        "select o.name, o.slug, o.type_id, o.time_zone, o.accent_hue, o.description, o.version,
                o.founder_id,
                u.name as founder
           from org o join user_account u on u.user_id = o.founder_id
          where o.org_id = $1",
        (org,),
    )
    .await
}

pub(super) async fn hosts(tx: &mut Read) -> Result<Vec<String>> {
    let org = tx.org();
    let rows: Vec<(String,)> = tx
        .all(
            "select host from domain where org_id = $1 order by canonical desc, host",
            (org,),
        )
        .await?;
    Ok(rows.into_iter().map(|(host,)| host).collect())
}

#[derive(sqlx::FromRow)]
pub(super) struct MyOrgRow {
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) host: Option<String>,
    founder: bool,
    co_founder: bool,
    pub(super) people: i64,
}

impl MyOrgRow {
    pub(super) fn standing(&self) -> Standing {
        match (self.founder, self.co_founder) {
            (true, _) => Standing::Founder,
            (false, true) => Standing::CoFounder,
            (false, false) => Standing::Member,
        }
    }
}

/// The Orgs to which a user belongs, or which they founded.
pub(super) async fn my_orgs(tx: &mut System, user: UserId) -> Result<Vec<MyOrgRow>> {
    tx.all(
        "select o.name, o.slug, c.host, o.founder_id = $1 as founder,
                f.player_id is not null as co_founder,
                (select count(*) from player everybody
                  where everybody.org_id = o.org_id and everybody.standing = 'active') as people
           from org o
           left join player p on p.org_id = o.org_id and p.user_id = $1
                             and p.standing not in ('left', 'kicked', 'banned')
           left join co_founder f on f.org_id = p.org_id and f.player_id = p.player_id
           left join domain c on c.org_id = o.org_id and c.canonical
          where p.player_id is not null or o.founder_id = $1
          order by o.name_key",
        (user,),
    )
    .await
}
