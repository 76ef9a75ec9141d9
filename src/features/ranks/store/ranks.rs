//! Single ranks.

use crate::{
    domain::{
        RankId,
        access::{AccessSet, Ceilings},
        name::key,
        time::Instant,
    },
    features::ranks::{
        input::{CheckedRank, Standard},
        model::{RankLine, RankTitle},
    },
    server::{
        Result,
        db::{Read, Write},
    },
};

/// A rank that was not deleted.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::ranks) struct RankRow {
    pub(in crate::features::ranks) rank_id: RankId,
    pub(in crate::features::ranks) name: String,
    pub(in crate::features::ranks) abbreviation: String,
    pub(in crate::features::ranks) insignia: String,
    pub(in crate::features::ranks) level: i64,
    #[sqlx(try_from = "String")]
    pub(in crate::features::ranks) access: AccessSet,
    promote_to: Option<i64>,
    demote_from: Option<i64>,
    kick_to: Option<i64>,
    manage_to: Option<i64>,
    pub(in crate::features::ranks) is_default: bool,
    pub(in crate::features::ranks) is_guest: bool,
    pub(in crate::features::ranks) version: i64,
    holders: i64,
}

impl RankRow {
    pub(in crate::features::ranks) fn ceilings(&self) -> Ceilings {
        Ceilings {
            promote: self.promote_to,
            demote: self.demote_from,
            kick: self.kick_to,
            manage: self.manage_to,
        }
    }

    pub(in crate::features::ranks) fn is_held(&self) -> bool {
        self.holders > 0
    }

    pub(in crate::features::ranks) fn into_line(self) -> RankLine {
        RankLine {
            access: self.access,
            ceilings: self.ceilings(),
            is_default: self.is_default,
            is_guest: self.is_guest,
            holders: u32::try_from(self.holders).unwrap_or(u32::MAX),
            version: self.version,
            title: self.into_title(),
        }
    }

    pub(in crate::features::ranks) fn into_title(self) -> RankTitle {
        RankTitle {
            id: self.rank_id,
            name: self.name,
            abbreviation: self.abbreviation,
            insignia: self.insignia,
            level: self.level,
        }
    }
}

macro_rules! select_ranks {
    ($rest:literal) => {
        concat!(
            "select r.rank_id, r.name, r.abbreviation, r.insignia, r.level, r.access, r.promote_to,
                    r.demote_from, r.kick_to, r.manage_to, r.is_default, r.is_guest, r.version,
                    (select count(*) from rank_holding h
                      where h.org_id = r.org_id and h.rank_id = r.rank_id and h.until is null)
                        as holders
               from rank r where r.org_id = $1 and r.deleted_at is null",
            $rest
        )
    };
}

/// All ranks, the highest first.
pub(in crate::features::ranks) async fn all(tx: &mut Read) -> Result<Vec<RankRow>> {
    let org = tx.org();
    tx.all(select_ranks!(" order by r.level desc, r.name_key"), (org,))
        .await
}

/// A rank by id.
pub(in crate::features::ranks) async fn get(tx: &mut Read, rank: RankId) -> Result<RankRow> {
    let args = (tx.org(), rank);
    tx.one(select_ranks!(" and r.rank_id = $2"), args).await
}

/// Level of the default rank; none in an Org without ranks.
pub(in crate::features::ranks) async fn default_level(tx: &mut Read) -> Result<Option<i64>> {
    let org = tx.org();
    let row: Option<(i64,)> = tx
        .optional(
            "select level from rank where org_id = $1 and is_default",
            (org,),
        )
        .await?;
    Ok(row.map(|(level,)| level))
}

/// What the Org's type offers to put into ranks (§1.6).
pub(in crate::features::ranks) async fn offered(tx: &mut Read) -> Result<AccessSet> {
    let org = tx.org();
    let row: Option<(String,)> = tx
        .optional(
            "select t.access from org_type t join org o on o.type_id = t.type_id
              where o.org_id = $1",
            (org,),
        )
        .await?;
    Ok(AccessSet::parse(&row.unwrap_or_default().0))
}

/// Inserts a rank.
pub(in crate::features::ranks) async fn insert(
    tx: &mut Write,
    rank: RankId,
    details: &CheckedRank,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into rank (org_id, rank_id, name, name_key, abbreviation, insignia, level, access,
                           promote_to, demote_from, kick_to, manage_to)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        (
            org,
            rank,
            details.name.clone(),
            key(&details.name),
            details.abbreviation.clone(),
            details.insignia.clone(),
            details.level,
            details.access.stored(),
            details.ceilings.promote,
            details.ceilings.demote,
            details.ceilings.kick,
            details.ceilings.manage,
        ),
    )
    .await?;
    Ok(())
}

/// Changes a rank; answers false when the version is another.
pub(in crate::features::ranks) async fn update(
    tx: &mut Write,
    rank: RankId,
    version: i64,
    details: &CheckedRank,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "update rank
                set name = $4, name_key = $5, abbreviation = $6, insignia = $7, level = $8,
                    access = $9, promote_to = $10, demote_from = $11, kick_to = $12,
                    manage_to = $13, version = version + 1
              where org_id = $1 and rank_id = $2 and version = $3 and deleted_at is null",
            (
                org,
                rank,
                version,
                details.name.clone(),
                key(&details.name),
                details.abbreviation.clone(),
                details.insignia.clone(),
                details.level,
                details.access.stored(),
                details.ceilings.promote,
                details.ceilings.demote,
                details.ceilings.kick,
                details.ceilings.manage,
            ),
        )
        .await?;
    Ok(rows == 1)
}

/// Gives a rank another symbol.
pub(in crate::features::ranks) async fn set_insignia(
    tx: &mut Write,
    rank: RankId,
    insignia: String,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update rank set insignia = $3, version = version + 1
          where org_id = $1 and rank_id = $2",
        (org, rank, insignia),
    )
    .await?;
    Ok(())
}

/// Deletes a rank; its name is free then. Answers false when the version is another.
pub(in crate::features::ranks) async fn delete(
    tx: &mut Write,
    rank: RankId,
    version: i64,
    at: Instant,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "update rank set deleted_at = $4, name_key = $5, version = version + 1
              where org_id = $1 and rank_id = $2 and version = $3 and deleted_at is null",
            (org, rank, version, at, rank.to_string()),
        )
        .await?;
    Ok(rows == 1)
}

/// The columns of a deleted rank that bringing it back needs.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::ranks) struct DeletedRow {
    pub(in crate::features::ranks) name: String,
    pub(in crate::features::ranks) level: i64,
    #[sqlx(try_from = "String")]
    pub(in crate::features::ranks) access: AccessSet,
    pub(in crate::features::ranks) version: i64,
}

/// A deleted rank.
pub(in crate::features::ranks) async fn deleted(
    tx: &mut Read,
    rank: RankId,
) -> Result<Option<DeletedRow>> {
    let args = (tx.org(), rank);
    tx.optional(
        "select name, level, access, version from rank
          where org_id = $1 and rank_id = $2 and deleted_at is not null",
        args,
    )
    .await
}

/// Brings a deleted rank back under its name.
pub(in crate::features::ranks) async fn restore(
    tx: &mut Write,
    rank: RankId,
    name: &str,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update rank set deleted_at = null, name_key = $3, version = version + 1
          where org_id = $1 and rank_id = $2 and deleted_at is not null",
        (org, rank, key(name)),
    )
    .await?;
    Ok(())
}

/// Makes another rank the default or the guest rank; the one of before is it no more.
pub(in crate::features::ranks) async fn appoint(
    tx: &mut Write,
    rank: RankId,
    standard: Standard,
) -> Result<()> {
    let org = tx.org();
    let (is_default, is_guest) = match standard {
        Standard::Default => (true, false),
        Standard::Guest => (false, true),
    };
    // Two steps: at no moment may there be two.
    tx.run(
        "update rank
            set is_default = is_default and not $2, is_guest = is_guest and not $3,
                version = version + 1
          where org_id = $1 and ((is_default and $2) or (is_guest and $3))",
        (org, is_default, is_guest),
    )
    .await?;
    tx.run(
        "update rank set is_default = $3, is_guest = $4, version = version + 1
          where org_id = $1 and rank_id = $2",
        (org, rank, is_default, is_guest),
    )
    .await?;
    Ok(())
}
