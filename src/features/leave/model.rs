//! Words that leave is kept in, what pages show, and the pure rules on days.

use crate::{
    domain::{
        LeaveId, PlayerId,
        time::{Instant, day},
    },
    features::operations::model::words,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Limits of what people send.
pub mod limits {
    /// Longest reason and answer, in characters.
    pub const REASON: usize = 500;
    /// Longest leave with an end, in days.
    pub const DAYS: i64 = 366;
    /// How far ahead it can begin, in days.
    pub const AHEAD: i64 = 2 * 366;
    /// How many days ago a late or an emergency one can have begun.
    pub const AGO: i64 = 30;
}

words! {
    /// How it was asked for.
    LeaveKind {
        /// Ahead of time.
        Planned = "planned", "Planned";
        /// After it had begun.
        Late = "late", "Late";
        /// Without time to ask.
        Emergency = "emergency", "Emergency";
    }
    /// Where it stands.
    LeaveState {
        /// It waits for an answer.
        Pending = "pending", "Waiting";
        /// Somebody approved it.
        Approved = "approved", "Approved";
        /// Somebody declined it.
        Declined = "declined", "Declined";
        /// Whoever asked took it back.
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

/// Days, both included; without an end until it is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub until: Option<NaiveDate>,
}

impl Days {
    /// Do both have a day in common?
    #[must_use]
    pub fn overlap(self, other: Self) -> bool {
        let ends_before =
            |one: Self, other: Self| one.until.is_some_and(|until| until < other.from);
        !ends_before(self, other) && !ends_before(other, self)
    }

    /// Is this one of them?
    #[must_use]
    pub fn have(self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// In words: `1 Mar 2026 to 5 Mar 2026`, `from 1 Mar 2026`, `on 1 Mar 2026`.
    #[must_use]
    pub fn in_words(self) -> String {
        match self.until {
            None => format!("from {}", day(self.from)),
            Some(until) if until == self.from => format!("on {}", day(self.from)),
            Some(until) => format!("from {} to {}", day(self.from), day(until)),
        }
    }
}

/// A leave on a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveLine {
    /// Its id.
    pub id: LeaveId,
    /// Whose.
    pub player: PlayerId,
    /// Their name.
    pub name: String,
    /// When.
    pub days: Days,
    /// Why; only for them and those who answer.
    pub reason: String,
    /// How it was asked for.
    pub kind: LeaveKind,
    /// Where it stands.
    pub state: LeaveState,
    /// It lasts today.
    pub now: bool,
    /// When it was asked for.
    pub at: Instant,
    /// What was answered.
    pub answer: String,
    /// By whom.
    pub by: String,
    /// The viewer may take it back or end it now.
    pub can_end: bool,
    /// For optimistic locking.
    pub version: i64,
}

/// The page of leave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeavePage {
    /// The viewer's own, newest first.
    pub mine: Vec<LeaveLine>,
    /// What waits for the viewer's answer.
    pub waiting: Vec<LeaveLine>,
    /// Who is, or will be, on leave, for those who may answer.
    pub others: Vec<LeaveLine>,
    /// Today in the organisation's zone, for the form.
    pub today: String,
    /// The viewer may ask.
    pub can_ask: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(number: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 1).unwrap_or_default() + chrono::Days::new(number)
    }

    fn days() -> impl Strategy<Value = Days> {
        (0..20_u64, proptest::option::of(0..10_u64)).prop_map(|(from, length)| Days {
            from: day(from),
            until: length.map(|length| day(from + length)),
        })
    }

    proptest! {
        #[test]
        fn leaves_overlap_where_they_have_a_day_in_common(one in days(), other in days()) {
            let common = (0..40).any(|at| one.have(day(at)) && other.have(day(at)));
            prop_assert_eq!(one.overlap(other), common);
            prop_assert_eq!(other.overlap(one), common);
        }
    }

    #[test]
    fn days_are_said_in_words() {
        let days = |from, until: Option<u64>| Days {
            from: day(from),
            until: until.map(day),
        };
        assert_eq!(days(0, Some(4)).in_words(), "from 1 Mar 2026 to 5 Mar 2026");
        assert_eq!(days(0, Some(0)).in_words(), "on 1 Mar 2026");
        assert_eq!(days(0, None).in_words(), "from 1 Mar 2026");
    }
}
