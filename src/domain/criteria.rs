//! Criteria (§7): one small rule language for every gate, and the answer with its reasons.
//!
//! A [`Criterion`] is data: conditions joined by `all`, `any`, `not` and `at least n of`. Its JSON
//! form is stored, sent and edited; `criteria.schema.json` describes it for other programs. No
//! condition at all is `{"all": []}`, which is also what an empty text is read as.
//!
//! The way of a rule: [`Criterion::parse`] reads and checks it, [`Criterion::wants`] says what must
//! be known, the caller loads that for one player or for everybody in a fixed number of statements
//! and fills a [`Facts`] each, [`evaluate`] answers with an [`Explanation`], and
//! [`Explanation::told`] puts it into words. Nothing here does I/O, reads a clock or computes with
//! fractions: percentages are whole hundredths.
//!
//! **What is not known.** Answers have three values (Kleene's logic): met, unmet and unknown. A fact
//! that was not loaded, or that has nothing to judge by (a percentage of no operations, §9.7), is
//! unknown; `not` of unknown is unknown, not met; `all` and `any` stay unknown unless their other
//! parts decide. Only [`Verdict::Met`] opens a gate. So nobody passes because something is missing,
//! neither directly nor through a `not`, and a loader that forgets a fact can only keep a gate shut.

mod evaluate;
mod facts;
mod json;
mod words;

#[cfg(test)]
mod tests;

pub use evaluate::{Explanation, Figures, Node, Verdict, evaluate};
pub use facts::{Attendance, Facts, Known, LastReprimand, Membership, Wants};
pub use json::{CriterionError, CriterionProblem, Step};
pub use words::{Names, Thing, Told};

use super::ids::{AwardId, CategoryId, GroupId, KeyId, PoolId, QualificationId, RoleId};
use std::{ops::RangeInclusive, str::FromStr};

/// Limits of a rule; `criteria.schema.json` has the same (a test compares them).
pub mod limits {
    use super::RangeInclusive;

    /// How deep conditions may stand within each other; a single one has depth 1.
    pub const DEPTH: usize = 6;
    /// How many conditions a rule may have, the joining ones counted.
    pub const NODES: usize = 50;
    /// Length of a rule's text in bytes: fifty of the longest conditions, well spaced.
    pub const TEXT: usize = 16 * 1024;
    /// Whole percent of operations.
    pub const PERCENT: RangeInclusive<i64> = 1..=100;
    /// A number of operations.
    pub const COUNT: RangeInclusive<i64> = 1..=10_000;
    /// Days of a window or of a time in something.
    pub const DAYS: RangeInclusive<i64> = 1..=36_500;
    /// Level of a rank.
    pub const LEVEL: RangeInclusive<i64> = 0..=1_000;
    /// Total of a key.
    pub const TOTAL: RangeInclusive<i64> = 1..=1_000_000_000;
    /// Balance of points, which may be below zero.
    pub const POINTS: RangeInclusive<i64> = -1_000_000_000..=1_000_000_000;
}

/// A rule that people meet or do not meet (§7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// Every one of these; none at all is always met.
    All(Vec<Criterion>),
    /// At least one of these.
    Any(Vec<Criterion>),
    /// Known not to be met.
    Not(Box<Criterion>),
    /// At least so many of these.
    AtLeast {
        /// How many.
        n: u32,
        /// Of which.
        of: Vec<Criterion>,
    },
    /// Something known about a person.
    Fact(Fact),
}

impl Default for Criterion {
    /// No condition.
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// One condition about a person, with what is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Attended at least so many percent of the operations; an excused absence counts as absence.
    AttendedPercent {
        /// Of which operations.
        window: Window,
        /// Whole percent.
        percent: u8,
    },
    /// Attended or was excused from at least so many percent of the operations (§9.7).
    AccountablePercent {
        /// Of which operations.
        window: Window,
        /// Whole percent.
        percent: u8,
    },
    /// Attended at least so many operations, wholly or in part.
    AttendedCount {
        /// Of which operations.
        window: Window,
        /// How many.
        count: u32,
    },
    /// At least so many days in the present rank, the organisation or the present assignment.
    TimeIn {
        /// In what.
        what: TimeIn,
        /// How many days.
        days: u32,
    },
    /// A rank of at least this level (§3.2).
    RankLevel(i64),
    /// Holds the qualification, neither expired nor suspended (§6.2).
    Qualification(QualificationId),
    /// Holds the award (§6.2).
    Award(AwardId),
    /// The entries of the key add up to at least so much (§8.1).
    KeyTotal {
        /// Which key.
        key: KeyId,
        /// How much.
        total: i64,
    },
    /// Is a member of the group.
    MemberOf {
        /// Which group.
        group: GroupId,
        /// A group below it will do, too.
        or_below: bool,
    },
    /// Holds the role, which belongs to one group (§4.4).
    Role(RoleId),
    /// Has at least so many points (§10.2).
    Points {
        /// In which pool.
        pool: PoolId,
        /// How many.
        points: i64,
    },
    /// Is on leave of absence (§6.4).
    OnLeave,
    /// No reprimand within so many days.
    NoReprimand {
        /// How many days.
        days: u32,
    },
}

/// Which operations are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Window {
    /// Those that ended within so many days; none: all ever (lifetime).
    pub days: Option<u32>,
    /// Those of this category; none: of any.
    pub category: Option<CategoryId>,
}

/// What somebody can have spent time in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimeIn {
    /// The present rank.
    Rank,
    /// The organisation.
    Service,
    /// The present assignment: the exclusive group they are in.
    Assignment,
}

impl TimeIn {
    /// All of them, in the order of forms.
    pub const ALL: [Self; 3] = [Self::Rank, Self::Service, Self::Assignment];

    /// The word in JSON and in sentences.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Rank => "rank",
            Self::Service => "service",
            Self::Assignment => "assignment",
        }
    }
}

impl Criterion {
    /// Always met, for lack of any condition?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(Self::is_empty),
            _ => false,
        }
    }

    /// Its facts, in the order in which they are written; the same one may come twice.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        self.visit(&mut |fact| facts.push(fact));
        facts
    }

    /// What must be known to judge by it.
    #[must_use]
    pub fn wants(&self) -> Wants {
        let mut wants = Wants::default();
        self.visit(&mut |fact| wants.add(fact));
        wants
    }

    fn visit(&self, see: &mut dyn FnMut(Fact)) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::AtLeast { of: parts, .. } => {
                for part in parts {
                    part.visit(see);
                }
            }
            Self::Not(part) => part.visit(see),
            Self::Fact(fact) => see(*fact),
        }
    }
}

impl FromStr for Criterion {
    type Err = CriterionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl From<Fact> for Criterion {
    fn from(fact: Fact) -> Self {
        Self::Fact(fact)
    }
}
