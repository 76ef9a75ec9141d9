//! What pages and the roster show of ranks, and the ready-made insignia.

use crate::domain::{
    GroupId, PlayerId, RankId, RankSetId,
    access::{AccessSet, Action, Ceilings, Missing},
    time::Instant,
};
use serde::{Deserialize, Serialize};

/// Limits of what people type.
pub mod limits {
    /// A rank's or rank set's name, in characters.
    pub const NAME: usize = 64;
    /// A rank's short form.
    pub const ABBREVIATION: usize = 8;
    /// The highest level there is.
    pub const LEVEL: i64 = 1000;
    /// Ranks of an organisation.
    pub const RANKS: usize = 1000;
    /// Rank sets of an organisation.
    pub const SETS: usize = 200;
}

/// A ready-made set of insignia: symbols `<id>-0` (the lowest) to `<id>-<count − 1>` of
/// `public/insignia.svg`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsigniaSet {
    /// Beginning of its symbols' names.
    pub id: &'static str,
    /// What people read.
    pub label: &'static str,
    /// How many symbols it has.
    pub count: usize,
}

/// The ready-made sets, in the order of forms.
pub const INSIGNIA: &[InsigniaSet] = &[
    InsigniaSet {
        id: "infantry",
        label: "Infantry",
        count: 10,
    },
    InsigniaSet {
        id: "airforce",
        label: "Air force",
        count: 10,
    },
    InsigniaSet {
        id: "navy",
        label: "Navy",
        count: 10,
    },
    InsigniaSet {
        id: "guild",
        label: "Guild",
        count: 6,
    },
    InsigniaSet {
        id: "simple",
        label: "Bars and stars",
        count: 10,
    },
];

impl InsigniaSet {
    /// Finds a set by its id.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        INSIGNIA.iter().find(|set| set.id == id)
    }

    /// The symbol for rung `at` (the lowest is 0) of a ladder of so many: spread over the whole set,
    /// so that the highest rung gets the highest symbol.
    #[must_use]
    pub fn spread(&self, at: usize, rungs: usize) -> String {
        let last = self.count.saturating_sub(1);
        let index = match rungs {
            0 | 1 => 0,
            rungs => (at * last + (rungs - 1) / 2) / (rungs - 1),
        };
        format!("{}-{}", self.id, index.min(last))
    }

    /// All its symbols, the lowest first.
    pub fn symbols(&self) -> impl Iterator<Item = String> + use<> {
        let id = self.id;
        (0..self.count).map(move |index| format!("{id}-{index}"))
    }
}

/// Is there such a symbol? Empty stands for none.
#[must_use]
pub fn is_symbol(name: &str) -> bool {
    name.is_empty()
        || INSIGNIA
            .iter()
            .any(|set| set.symbols().any(|symbol| symbol == name))
}

/// A symbol as people read it: "Infantry 4".
#[must_use]
pub fn symbol_label(name: &str) -> String {
    let set = name.rsplit_once('-').and_then(|(id, index)| {
        let set = InsigniaSet::find(id)?;
        Some(format!("{} {index}", set.label))
    });
    set.unwrap_or_else(|| "None".to_owned())
}

/// How a rank is called and drawn, in the rank set of some group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankTitle {
    /// The rank.
    pub id: RankId,
    /// Its name.
    pub name: String,
    /// Its short form, may be empty.
    pub abbreviation: String,
    /// Symbol of the insignia file, such as `infantry-4`; empty for none.
    pub insignia: String,
    /// Its level.
    pub level: i64,
}

impl RankTitle {
    /// A name with the short form before it: "Sgt Smith".
    #[must_use]
    pub fn before(&self, name: &str) -> String {
        if self.abbreviation.is_empty() {
            name.to_owned()
        } else {
            [&self.abbreviation, " ", name].concat()
        }
    }
}

/// A rank as the ladder shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankLine {
    /// How it is called.
    pub title: RankTitle,
    /// What it grants.
    pub access: AccessSet,
    /// Up to which levels it acts.
    pub ceilings: Ceilings,
    /// New players get it.
    pub is_default: bool,
    /// Visitors are judged by it.
    pub is_guest: bool,
    /// How many players hold it.
    pub holders: u32,
    /// For optimistic locking.
    pub version: i64,
}

/// The page of the ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LadderPage {
    /// The ranks, the highest first.
    pub ranks: Vec<RankLine>,
    /// The rank sets besides the default one, by name.
    pub sets: Vec<SetLine>,
    /// What the viewer lacks to change ranks; none when they may.
    pub refused: Option<Missing>,
    /// Only ranks below this level can be changed by the viewer; none: all.
    pub below: Option<i64>,
}

impl LadderPage {
    /// May the viewer change this rank?
    #[must_use]
    pub fn may_change(&self, rank: &RankLine) -> bool {
        self.refused.is_none() && self.below.is_none_or(|level| rank.title.level < level)
    }
}

/// A rank set in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetLine {
    /// Its id.
    pub id: RankSetId,
    /// Its name.
    pub name: String,
    /// How many groups use it, of those that the viewer sees.
    pub groups: u32,
}

/// An access that a form offers, and why this viewer may not give it.
pub type Offer = (Action, Option<Missing>);

/// What the form of a rank needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankPage {
    /// The rank; none for a new one.
    pub rank: Option<RankLine>,
    /// What the viewer lacks to change it; none when they may.
    pub refused: Option<Missing>,
    /// What the Org's type offers, in order.
    pub offers: Vec<Offer>,
    /// Ranks to which holders can go when this one is deleted, the highest first.
    pub others: Vec<RankTitle>,
    /// The highest level that the viewer may give.
    pub highest: i64,
}

/// The page of a rank set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetPage {
    /// Its id.
    pub id: RankSetId,
    /// Its name.
    pub name: String,
    /// For optimistic locking.
    pub version: i64,
    /// Each rank of the ladder, the highest first, and how it is called in this set; none: as in
    /// the ladder.
    pub titles: Vec<(RankTitle, Option<RankTitle>)>,
    /// Groups that chose it and that the viewer sees.
    pub groups: Vec<(GroupId, String)>,
}

/// The page on which a group chooses its rank set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSetPage {
    /// The group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its own choice.
    pub chosen: Option<RankSetId>,
    /// Sets to choose from.
    pub sets: Vec<SetLine>,
}

/// An interval of a player's rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldingLine {
    /// Its name then.
    pub name: String,
    /// From.
    pub since: Instant,
    /// Until, if it ended.
    pub until: Option<Instant>,
    /// Why it began; left out for those who may not read the log.
    pub reason: String,
}

/// The rank of a player, on their page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerRank {
    /// What it is now; none for those who are gone.
    pub title: Option<RankTitle>,
    /// Since when.
    pub since: Option<Instant>,
    /// Over time, newest first.
    pub history: Vec<HoldingLine>,
}

/// The page on which a player is promoted or demoted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePage {
    /// Who.
    pub id: PlayerId,
    /// Their name.
    pub name: String,
    /// The rank of now.
    pub now: Option<RankTitle>,
    /// Which holding the viewer saw, for optimistic locking.
    pub expected: String,
    /// What the viewer lacks to promote at all.
    pub no_promotion: Option<Missing>,
    /// What the viewer lacks to demote at all.
    pub no_demotion: Option<Missing>,
    /// Each other rank, the highest first, and what the viewer lacks to give it.
    pub ranks: Vec<(RankTitle, Option<Missing>)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_spread_over_the_ladder() {
        let infantry = InsigniaSet::find("infantry").expect("a ready-made set");
        let whole: Vec<String> = (0..10).map(|at| infantry.spread(at, 10)).collect();
        assert_eq!(whole, infantry.symbols().collect::<Vec<_>>());
        let few: Vec<String> = (0..3).map(|at| infantry.spread(at, 3)).collect();
        assert_eq!(few, ["infantry-0", "infantry-5", "infantry-9"]);
        assert_eq!(infantry.spread(0, 1), "infantry-0");
        for rungs in 1..40 {
            for at in 0..rungs {
                assert!(is_symbol(&infantry.spread(at, rungs)));
            }
        }
    }

    #[test]
    fn every_symbol_is_drawn_and_every_drawing_is_known() {
        let file = include_str!("../../../public/insignia.svg");
        let drawn: Vec<&str> = file
            .split("<symbol id=\"")
            .skip(1)
            .filter_map(|rest| rest.split_once('"').map(|(id, _)| id))
            .collect();
        let known: Vec<String> = INSIGNIA.iter().flat_map(InsigniaSet::symbols).collect();
        assert_eq!(drawn, known, "public/insignia.svg and INSIGNIA must agree");
        assert!(is_symbol("") && !is_symbol("infantry-10") && !is_symbol("../x"));
        assert_eq!(symbol_label("airforce-3"), "Air force 3");
    }
}
