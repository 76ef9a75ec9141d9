//! Words that attendance is kept in, and the pure rules on them.

pub mod names;
pub mod pages;

use crate::{domain::criteria::Attendance, features::operations::model::words};
use serde::{Deserialize, Serialize};

/// Limits of what people send.
pub mod limits {
    /// Longest name of a state, in characters.
    pub const STATE: usize = 30;
    /// Longest short form of a state.
    pub const ABBREVIATION: usize = 5;
    /// States of an organisation.
    pub const STATES: usize = 20;
    /// Longest reason, appeal and answer.
    pub const REASON: usize = 500;
    /// Longest pasted list.
    pub const LIST: usize = 50_000;
    /// Longest after-action report.
    pub const REPORT: usize = 50_000;
    /// Shortest and longest time that a check-in is open, in minutes.
    pub const CHECK_IN: std::ops::RangeInclusive<i64> = 5..=60;
    /// A correction so many days after the end of its operation is marked as late.
    pub const LATE_DAYS: i64 = 7;
    /// Appeals are taken so many days after the end of the operation.
    pub const APPEAL_DAYS: i64 = 90;
}

words! {
    /// For what Muster uses a state by itself.
    UsedFor {
        /// Nothing: people choose it.
        Nothing = "", "Nothing";
        /// Checking in, lists, and those who answered that they attend.
        Present = "present", "Being there";
        /// Leave of absence.
        Leave = "leave", "Leave of absence";
        /// Everybody else.
        Absent = "absent", "Being absent";
    }
    /// How a state is drawn.
    Tone {
        /// As it should be.
        Good = "good", "Good";
        /// Not quite.
        Warning = "warning", "Warning";
        /// Not as it should be.
        Bad = "bad", "Bad";
        /// Neither.
        Neutral = "neutral", "Neutral";
    }
    /// Where an entry comes from.
    Source {
        /// The sheet.
        Sheet = "sheet", "the sheet";
        /// A pasted list.
        List = "list", "a list";
        /// The person checked in.
        CheckIn = "check_in", "check-in";
        /// They were on leave.
        Leave = "leave", "leave";
        /// An appeal was granted.
        Appeal = "appeal", "an appeal";
        /// The after-action report.
        Report = "report", "the report";
    }
    /// Where an appeal stands.
    AppealState {
        /// It waits for an answer.
        Pending = "pending", "Waiting";
        /// The entry was corrected.
        Granted = "granted", "Granted";
        /// It was not.
        Declined = "declined", "Declined";
        /// Whoever made it took it back.
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

impl Tone {
    /// The kind of the pill.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Warning => "warn",
            Self::Bad => "bad",
            Self::Neutral => "none",
        }
    }
}

/// What a state means (§9.6). Figures are made of this alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meaning {
    /// Per cent of the operation that is credited.
    pub credit: i64,
    /// What is missing of it is excused.
    pub excused: bool,
    /// It counts at all.
    pub counts: bool,
}

impl Meaning {
    /// In words: `100 % credited`, `0 % credited, excused`, `does not count`.
    #[must_use]
    pub fn in_words(self) -> String {
        if !self.counts {
            return "does not count".to_owned();
        }
        let excused = if self.excused { ", excused" } else { "" };
        format!("{} % credited{excused}", self.credit)
    }
}

/// The figures of a person, a group or a category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// In 30, 60 and 90 days, and ever.
    pub windows: [Attendance; 4],
    /// Absences without excuse in a row, up to the latest operation that counts.
    pub missed: u32,
}

/// The windows of [`Sums`], as people read them.
pub const WINDOWS: [&str; 4] = ["30 days", "60 days", "90 days", "Ever"];

impl Sums {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let mut windows = self.windows;
        for (sum, more) in windows.iter_mut().zip(other.windows) {
            *sum = Attendance {
                operations: sum.operations + more.operations,
                attended: sum.attended + more.attended,
                credit: sum.credit + more.credit,
                accountable: sum.accountable + more.accountable,
            };
        }
        Self { windows, missed: 0 }
    }
}

/// Hundredths of a percent as people read them: `66.67 %`, `100 %`.
#[must_use]
pub fn percent(hundredths: u32) -> String {
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => format!("{whole} %"),
        (whole, part) if part % 10 == 0 => format!("{whole}.{} %", part / 10),
        (whole, part) => format!("{whole}.{part:02} %"),
    }
}

impl AppealState {
    /// Somebody answered: they have been heard, and do not ask again.
    #[must_use]
    pub fn is_answered(self) -> bool {
        matches!(self, Self::Granted | Self::Declined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_have_as_many_places_as_they_need() {
        for (hundredths, words) in [
            (0, "0 %"),
            (10_000, "100 %"),
            (6_667, "66.67 %"),
            (3_330, "33.3 %"),
            (1_205, "12.05 %"),
        ] {
            assert_eq!(percent(hundredths), words);
        }
    }

    #[test]
    fn meanings_are_said_in_words() {
        let meaning = |credit, excused, counts| Meaning {
            credit,
            excused,
            counts,
        };
        assert_eq!(meaning(100, false, true).in_words(), "100 % credited");
        assert_eq!(meaning(0, true, true).in_words(), "0 % credited, excused");
        assert_eq!(meaning(100, false, false).in_words(), "does not count");
    }
}
