//! SQL of ranks, and nothing else.

use super::model::RankTitle;
use crate::{
    domain::{GroupId, PlayerId, RankId, access::AccessSet, name::key, time::Instant},
    server::{
        Result,
        db::{Read, Write},
    },
};
use std::collections::HashMap;
use uuid::Uuid;

/// A rank as a type of organisation starts with it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct TypeRankRow {
    name: String,
    abbreviation: String,
    insignia: String,
    level: i64,
    access: String,
    is_default: bool,
    is_guest: bool,
}

pub(super) async fn of_type(tx: &mut Read, type_id: &str) -> Result<Vec<TypeRankRow>> {
    tx.all(
        "select name, abbreviation, insignia, level, access, is_default, is_guest
           from org_type_rank where type_id = $1 order by level",
        (type_id.to_owned(),),
    )
    .await
}

pub(super) async fn insert_of_type(tx: &mut Write, rank: TypeRankRow) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into rank (org_id, rank_id, name, name_key, abbreviation, insignia, level, access,
                           is_default, is_guest)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        (
            org,
            RankId(Uuid::now_v7()),
            rank.name.clone(),
            key(&rank.name),
            rank.abbreviation,
            rank.insignia,
            rank.level,
            rank.access,
            rank.is_default,
            rank.is_guest,
        ),
    )
    .await?;
    Ok(())
}

/// Starts a holding of the default rank.
pub(super) async fn begin_default(tx: &mut Write, player: PlayerId, at: Instant) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into rank_holding (org_id, holding_id, player_id, rank_id, since, rank_name, level)
         select org_id, $2, $3, rank_id, $4, name, level
           from rank where org_id = $1 and is_default",
        (org, Uuid::now_v7(), player, at),
    )
    .await?;
    Ok(())
}

/// Ends what a player holds.
pub(super) async fn end_holding(tx: &mut Write, player: PlayerId, at: Instant) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update rank_holding set until = case when since > $3 then since else $3 end
          where org_id = $1 and player_id = $2 and until is null",
        (org, player, at),
    )
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct RankRow {
    rank_id: RankId,
    name: String,
    abbreviation: String,
    insignia: String,
    level: i64,
    #[sqlx(try_from = "String")]
    access: AccessSet,
}

#[derive(sqlx::FromRow)]
struct TitleRow {
    group_id: GroupId,
    rank_id: RankId,
    name: String,
    abbreviation: String,
    insignia: String,
}

/// The ranks of an Org and how they are called in the groups that have a rank set of their own.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    ranks: HashMap<RankId, (RankTitle, AccessSet)>,
    titles: HashMap<GroupId, HashMap<RankId, RankTitle>>,
}

impl Ladder {
    /// How a rank is called in a group, given the path from it up to the root: in the set of the
    /// nearest group that has one, else in the default set.
    #[must_use]
    pub fn title(&self, rank: RankId, path: &[GroupId]) -> Option<&RankTitle> {
        let own = path.iter().find_map(|group| self.titles.get(group));
        own.and_then(|titles| titles.get(&rank))
            .or_else(|| self.ranks.get(&rank).map(|(title, _)| title))
    }

    /// What a rank grants.
    #[must_use]
    pub fn access(&self, rank: RankId) -> AccessSet {
        self.ranks
            .get(&rank)
            .map_or_else(AccessSet::default, |(_, access)| *access)
    }
}

pub(super) async fn ladder(tx: &mut Read) -> Result<Ladder> {
    let org = tx.org();
    let ranks: Vec<RankRow> = tx
        .all(
            "select rank_id, name, abbreviation, insignia, level, access
               from rank where org_id = $1",
            (org,),
        )
        .await?;
    let titles: Vec<TitleRow> = tx
        .all(
            "select g.group_id, t.rank_id, t.name, t.abbreviation, t.insignia
               from group_rank_set g
               join rank_title t on t.org_id = g.org_id and t.rank_set_id = g.rank_set_id
              where g.org_id = $1",
            (org,),
        )
        .await?;
    let ranks: HashMap<RankId, (RankTitle, AccessSet)> = ranks
        .into_iter()
        .map(|row| {
            let title = RankTitle {
                id: row.rank_id,
                name: row.name,
                abbreviation: row.abbreviation,
                insignia: row.insignia,
                level: row.level,
            };
            (row.rank_id, (title, row.access))
        })
        .collect();
    let mut ladder = Ladder {
        titles: HashMap::new(),
        ranks,
    };
    for row in titles {
        let level = ladder
            .ranks
            .get(&row.rank_id)
            .map_or(0, |(rank, _)| rank.level);
        let title = RankTitle {
            id: row.rank_id,
            name: row.name,
            abbreviation: row.abbreviation,
            insignia: row.insignia,
            level,
        };
        ladder
            .titles
            .entry(row.group_id)
            .or_default()
            .insert(row.rank_id, title);
    }
    Ok(ladder)
}
