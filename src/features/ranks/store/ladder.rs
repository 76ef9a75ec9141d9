//! The ranks that a new Org starts with, and the ladder as the roster reads it.

use crate::{
    domain::{
        GroupId, RankId,
        access::{AccessSet, Ceilings, RankFacts},
        name::key,
        time::Instant,
    },
    features::ranks::model::RankTitle,
    server::{
        Result,
        db::{Read, Write},
    },
};
use std::collections::HashMap;
use uuid::Uuid;

/// A rank as a type of organisation starts with it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::ranks) struct TypeRankRow {
    name: String,
    abbreviation: String,
    insignia: String,
    level: i64,
    access: String,
    is_default: bool,
    is_guest: bool,
}

pub(in crate::features::ranks) async fn of_type(
    tx: &mut Read,
    type_id: &str,
) -> Result<Vec<TypeRankRow>> {
    tx.all(
        "select name, abbreviation, insignia, level, access, is_default, is_guest
           from org_type_rank where type_id = $1 order by level",
        (type_id.to_owned(),),
    )
    .await
}

pub(in crate::features::ranks) async fn insert_of_type(
    tx: &mut Write,
    rank: TypeRankRow,
) -> Result<()> {
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

#[derive(sqlx::FromRow)]
struct RankRow {
    rank_id: RankId,
    name: String,
    abbreviation: String,
    insignia: String,
    level: i64,
    #[sqlx(try_from = "String")]
    access: AccessSet,
    promote_to: Option<i64>,
    demote_from: Option<i64>,
    kick_to: Option<i64>,
    manage_to: Option<i64>,
    is_default: bool,
    is_guest: bool,
    deleted_at: Option<Instant>,
}

impl RankRow {
    fn facts(&self) -> RankFacts {
        RankFacts {
            level: self.level,
            access: self.access,
            ceilings: Ceilings {
                promote: self.promote_to,
                demote: self.demote_from,
                kick: self.kick_to,
                manage: self.manage_to,
            },
        }
    }
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
/// Deleted ranks are among them, for those who held them.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    ranks: HashMap<RankId, Rung>,
    default: RankFacts,
    titles: HashMap<GroupId, HashMap<RankId, RankTitle>>,
}

/// A rank on the ladder.
#[derive(Clone, Debug)]
struct Rung {
    title: RankTitle,
    facts: RankFacts,
    /// People can hold it: it is neither deleted nor the guest rank.
    live: bool,
}

/// How ranks are called in one group; found once for all of its rows.
#[derive(Clone, Copy, Debug)]
pub struct Titles<'a> {
    own: Option<&'a HashMap<RankId, RankTitle>>,
    ladder: &'a Ladder,
}

impl<'a> Titles<'a> {
    /// How a rank is called here.
    #[must_use]
    pub fn of(&self, rank: RankId) -> Option<&'a RankTitle> {
        let own = self.own.and_then(|titles| titles.get(&rank));
        own.or_else(|| self.ladder.ranks.get(&rank).map(|rung| &rung.title))
    }
}

impl Ladder {
    /// How ranks are called in a group, given the path from it up to the root: in the set of the
    /// nearest group that has one, else in the default set.
    #[must_use]
    pub fn titles(&self, path: &[GroupId]) -> Titles<'_> {
        Titles {
            own: path.iter().find_map(|group| self.titles.get(group)),
            ladder: self,
        }
    }

    /// How one rank is called in a group; see [`Ladder::titles`].
    #[must_use]
    pub fn title(&self, rank: RankId, path: &[GroupId]) -> Option<&RankTitle> {
        self.titles(path).of(rank)
    }

    /// What a rank grants.
    #[must_use]
    pub fn access(&self, rank: RankId) -> AccessSet {
        self.facts(Some(rank)).access
    }

    /// What a rank says about its holder; nothing for somebody without one.
    #[must_use]
    pub fn facts(&self, rank: Option<RankId>) -> RankFacts {
        rank.and_then(|rank| self.ranks.get(&rank))
            .map(|rung| rung.facts)
            .unwrap_or_default()
    }

    /// What the default rank says about everybody who is new (§3.2).
    #[must_use]
    pub fn default_rank(&self) -> RankFacts {
        self.default
    }

    /// The ranks that can be held and given, the highest first.
    #[must_use]
    pub fn rungs(&self) -> Vec<&RankTitle> {
        let live = self.ranks.values().filter(|rung| rung.live);
        let mut rungs: Vec<&RankTitle> = live.map(|rung| &rung.title).collect();
        rungs.sort_by(|one, other| {
            let name = one.name.to_lowercase().cmp(&other.name.to_lowercase());
            other.level.cmp(&one.level).then(name)
        });
        rungs
    }
}

pub(in crate::features::ranks) async fn ladder(tx: &mut Read) -> Result<Ladder> {
    let org = tx.org();
    let ranks: Vec<RankRow> = tx
        .all(
            "select rank_id, name, abbreviation, insignia, level, access, promote_to, demote_from,
                    kick_to, manage_to, is_default, is_guest, deleted_at
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
    let default = ranks.iter().find(|row| row.is_default);
    let default = default.map(RankRow::facts).unwrap_or_default();
    let ranks: HashMap<RankId, Rung> = ranks
        .into_iter()
        .map(|row| {
            let facts = row.facts();
            let title = RankTitle {
                id: row.rank_id,
                name: row.name,
                abbreviation: row.abbreviation,
                insignia: row.insignia,
                level: row.level,
            };
            let rung = Rung {
                title,
                facts,
                live: row.deleted_at.is_none() && !row.is_guest,
            };
            (row.rank_id, rung)
        })
        .collect();
    let mut ladder = Ladder {
        titles: HashMap::new(),
        default,
        ranks,
    };
    for row in titles {
        let level = ladder
            .ranks
            .get(&row.rank_id)
            .map_or(0, |rung| rung.title.level);
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
