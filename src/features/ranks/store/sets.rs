//! Rank sets: other names for the rungs of the ladder, and the groups that use them.

use crate::{
    domain::{GroupId, RankId, RankSetId, name::key},
    features::ranks::input::Title,
    server::{
        Result,
        db::{Read, Write},
    },
};

/// A rank set.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::ranks) struct SetRow {
    pub(in crate::features::ranks) rank_set_id: RankSetId,
    pub(in crate::features::ranks) name: String,
    pub(in crate::features::ranks) version: i64,
}

/// All rank sets, by name.
pub(in crate::features::ranks) async fn all(tx: &mut Read) -> Result<Vec<SetRow>> {
    let org = tx.org();
    tx.all(
        "select rank_set_id, name, version from rank_set where org_id = $1 order by name_key",
        (org,),
    )
    .await
}

/// A rank set by id.
pub(in crate::features::ranks) async fn get(tx: &mut Read, set: RankSetId) -> Result<SetRow> {
    let args = (tx.org(), set);
    tx.one(
        "select rank_set_id, name, version from rank_set where org_id = $1 and rank_set_id = $2",
        args,
    )
    .await
}

#[derive(sqlx::FromRow)]
struct TitleRow {
    rank_id: RankId,
    name: String,
    abbreviation: String,
    insignia: String,
}

/// The titles of a set.
pub(in crate::features::ranks) async fn titles(
    tx: &mut Read,
    set: RankSetId,
) -> Result<Vec<Title>> {
    let args = (tx.org(), set);
    let rows: Vec<TitleRow> = tx
        .all(
            "select rank_id, name, abbreviation, insignia from rank_title
              where org_id = $1 and rank_set_id = $2 order by rank_id",
            args,
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Title {
            rank_id: row.rank_id,
            name: row.name,
            abbreviation: row.abbreviation,
            insignia: row.insignia,
        })
        .collect())
}

/// Groups and the sets they chose.
pub(in crate::features::ranks) async fn choices(
    tx: &mut Read,
) -> Result<Vec<(GroupId, RankSetId)>> {
    let org = tx.org();
    tx.all(
        "select group_id, rank_set_id from group_rank_set where org_id = $1",
        (org,),
    )
    .await
}

/// Inserts a set without titles.
pub(in crate::features::ranks) async fn insert(
    tx: &mut Write,
    set: RankSetId,
    name: &str,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into rank_set (org_id, rank_set_id, name, name_key) values ($1, $2, $3, $4)",
        (org, set, name.to_owned(), key(name)),
    )
    .await?;
    Ok(())
}

/// Renames a set; answers false when the version is another.
pub(in crate::features::ranks) async fn rename(
    tx: &mut Write,
    set: RankSetId,
    version: i64,
    name: &str,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "update rank_set set name = $4, name_key = $5, version = version + 1
              where org_id = $1 and rank_set_id = $2 and version = $3",
            (org, set, version, name.to_owned(), key(name)),
        )
        .await?;
    Ok(rows == 1)
}

/// Replaces all titles of a set.
pub(in crate::features::ranks) async fn put_titles(
    tx: &mut Write,
    set: RankSetId,
    titles: &[Title],
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "delete from rank_title where org_id = $1 and rank_set_id = $2",
        (org, set),
    )
    .await?;
    for title in titles {
        tx.run(
            "insert into rank_title (org_id, rank_set_id, rank_id, name, abbreviation, insignia)
             values ($1, $2, $3, $4, $5, $6)",
            (
                org,
                set,
                title.rank_id,
                title.name.clone(),
                title.abbreviation.clone(),
                title.insignia.clone(),
            ),
        )
        .await?;
    }
    Ok(())
}

/// Deletes a set with its titles; groups that used it use the one above again.
pub(in crate::features::ranks) async fn delete(
    tx: &mut Write,
    set: RankSetId,
    version: i64,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "delete from rank_set where org_id = $1 and rank_set_id = $2 and version = $3",
            (org, set, version),
        )
        .await?;
    Ok(rows == 1)
}

/// The set that a group chose.
pub(in crate::features::ranks) async fn of_group(
    tx: &mut Read,
    group: GroupId,
) -> Result<Option<RankSetId>> {
    let args = (tx.org(), group);
    let row: Option<(RankSetId,)> = tx
        .optional(
            "select rank_set_id from group_rank_set where org_id = $1 and group_id = $2",
            args,
        )
        .await?;
    Ok(row.map(|(set,)| set))
}

/// Lets a group use a set, or again the one of the group above it.
pub(in crate::features::ranks) async fn choose(
    tx: &mut Write,
    group: GroupId,
    set: Option<RankSetId>,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "delete from group_rank_set where org_id = $1 and group_id = $2",
        (org, group),
    )
    .await?;
    if let Some(set) = set {
        tx.run(
            "insert into group_rank_set (org_id, group_id, rank_set_id) values ($1, $2, $3)",
            (org, group, set),
        )
        .await?;
    }
    Ok(())
}
