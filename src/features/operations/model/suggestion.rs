//! A suggested fill of open billets (§9.5): what goes in, what comes out, and the reasons in words.
//! `service::suggest` makes it.

use crate::domain::{BilletId, PlayerId};
use serde::{Deserialize, Serialize};

/// Limits of one suggestion, within which it takes well below a second and every sum is exact.
pub mod limits {
    /// Billets.
    pub const BILLETS: usize = 1_000;
    /// People who signed up.
    pub const CANDIDATES: usize = 1_000;
    /// Preferences of a person that are looked at.
    pub const PREFERENCES: usize = 10;
    /// The highest tier of a billet or a person.
    pub const TIER: u8 = 9;
    /// Operations left out of that are looked at.
    pub const LEFT_OUT: u8 = 10;
    /// The greatest weight.
    pub const WEIGHT: u8 = 20;
}

/// A place to be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Billet {
    /// Which.
    pub id: BilletId,
    /// Its place on the board; where there are too few people, the first are filled.
    pub order: u32,
    /// How much it gains by a qualified person: 0 anybody will do, up to [`limits::TIER`].
    pub tier: u8,
    /// Does each candidate, in their order, meet its needs? Needs are hard.
    pub fits: Vec<bool>,
}

/// A person who signed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub id: PlayerId,
    /// Billets they asked for, the dearest first.
    pub preferences: Vec<BilletId>,
    /// How qualified they are: 0 to [`limits::TIER`].
    pub tier: u8,
    /// Of how many of the last operations they were left out though they signed up.
    pub left_out: u8,
    /// Their place in the order of sign-up.
    pub signed_up: u32,
}

/// What counts how much, each from 0 to [`limits::WEIGHT`]. Filling one more billet counts more
/// than all of it together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// For each step of preference: the first of ten counts ten times as much as the tenth.
    pub preference: u8,
    /// For the product of the billet's and the person's tier.
    pub qualification: u8,
    /// For each operation they were left out of.
    pub fairness: u8,
}

impl Default for Weights {
    /// A first preference equals about three operations left out, or a qualified person in a billet
    /// that wants one.
    fn default() -> Self {
        Self {
            preference: 6,
            qualification: 4,
            fairness: 20,
        }
    }
}

/// Everything a suggestion is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// The billets, those that are filled already included or not.
    pub billets: Vec<Billet>,
    /// The people who signed up.
    pub candidates: Vec<Candidate>,
    /// Who is in a billet already and stays there, whatever the needs say.
    pub fixed: Vec<(BilletId, PlayerId)>,
    /// What counts how much.
    pub weights: Weights,
}

/// Who should be where, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The filled billets, in the order of the board; the fixed ones are not among them.
    pub placed: Vec<Placed>,
    /// Billets that stay empty, in the order of the board.
    pub empty: Vec<(BilletId, Empty)>,
    /// People without a billet, in the order of sign-up.
    pub left: Vec<(PlayerId, Left)>,
}

/// A person put into a billet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The billet.
    pub billet: BilletId,
    /// The person.
    pub player: PlayerId,
    /// Why, the strongest reason first; at least one.
    pub reasons: Vec<Reason>,
}

/// Why somebody is in a billet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nobody else meets its needs.
    OnlyOne,
    /// They asked for it; 1 is the first preference.
    Preference(u8),
    /// Nobody who meets its needs is more qualified, and somebody is less.
    BestQualified,
    /// They were left out of so many of the last operations.
    LeftOut(u8),
    /// They meet its needs, and nothing else speaks for or against them.
    Fits,
}

/// Why a billet stays empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Empty {
    /// Nobody who signed up meets its needs.
    NobodyFits,
    /// Whoever meets its needs is in another billet.
    AllElsewhere,
}

/// Why a person has no billet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// They meet the needs of no open billet.
    FitsNone,
    /// What they would have got went to somebody else.
    Outdone {
        /// The billet they asked for most, or the first they fit.
        billet: BilletId,
        /// Who has it.
        by: PlayerId,
        /// By what.
        edge: Edge,
    },
}

/// What one person has before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    /// They asked for it, or asked for it before other billets.
    Preference,
    /// They are more qualified for it.
    Qualification,
    /// They were left out more often.
    LeftOut,
    /// They signed up earlier.
    Earlier,
    /// Otherwise fewer billets could be filled, or less well.
    Whole,
}

impl Reason {
    /// In words, below the name on the board.
    #[must_use]
    pub fn told(self) -> String {
        match self {
            Self::OnlyOne => "the only one who fits".to_owned(),
            Self::Preference(1) => "first preference".to_owned(),
            Self::Preference(2) => "second preference".to_owned(),
            Self::Preference(3) => "third preference".to_owned(),
            Self::Preference(nth) => format!("preference {nth}"),
            Self::BestQualified => "best qualified".to_owned(),
            Self::LeftOut(1) => "left out of one of the last operations".to_owned(),
            Self::LeftOut(count) => format!("left out of {count} of the last operations"),
            Self::Fits => "fits".to_owned(),
        }
    }
}

impl Empty {
    /// In words.
    #[must_use]
    pub fn told(self) -> &'static str {
        match self {
            Self::NobodyFits => "nobody who signed up fits",
            Self::AllElsewhere => "everybody who fits is in another billet",
        }
    }
}

impl Left {
    /// In words, with the billet's title and its holder's name for [`Left::Outdone`].
    #[must_use]
    pub fn told(self, title: &str, holder: &str) -> String {
        let edge = match self {
            Self::FitsNone => return "fits no open billet".to_owned(),
            Self::Outdone { edge, .. } => edge,
        };
        match edge {
            Edge::Preference => format!("{title} went to {holder}, who asked for it sooner"),
            Edge::Qualification => format!("{title} went to {holder}, who is more qualified"),
            Edge::LeftOut => format!("{title} went to {holder}, who was left out more often"),
            Edge::Earlier => format!("{title} went to {holder}, who signed up earlier"),
            Edge::Whole => {
                format!("{title} went to {holder}, so that the whole is filled best")
            }
        }
    }
}
