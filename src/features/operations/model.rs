//! Words that operations are kept in, and the shape that they are made from.

pub mod answers;
pub mod billet_text;
pub mod calendar;
pub mod defaults;
pub mod feeds;
pub mod figures;
pub mod pages;
pub mod places;
pub mod recurrence;
pub mod release;
pub mod shape;
pub mod sight;
pub mod suggestion;
pub mod waitlist;

pub use shape::{OperationShape, ShapeBillet, ShapeSection};

use serde::{Deserialize, Serialize};

/// Limits of what people send.
pub mod limits {
    /// Longest name of a category, campaign or template.
    pub const NAME: usize = 60;
    /// Longest description of a campaign.
    pub const DESCRIPTION: usize = 2_000;
    /// Longest title, in characters.
    pub const TITLE: usize = 100;
    /// Longest place or server.
    pub const PLACE: usize = 200;
    /// Longest briefing, in characters.
    pub const BRIEFING: usize = 20_000;
    /// Longest reason, such as that of a cancellation.
    pub const REASON: usize = 500;
    /// Shortest operation, in minutes.
    pub const MINUTES_LEAST: i64 = 5;
    /// Longest operation, in minutes: two weeks.
    pub const MINUTES_MOST: i64 = 14 * 24 * 60;
    /// Most places.
    pub const CAPACITY: i64 = 10_000;
    /// Earliest reminder, and deadline for answers, in minutes before the start: thirty days.
    pub const BEFORE_MOST: i64 = 43_200;
    /// Reminders of one operation.
    pub const REMINDERS: usize = 5;
    /// Sections of one operation.
    pub const SECTIONS: usize = 50;
    /// Billets of one operation.
    pub const BILLETS: usize = 1_000;
    /// Longest note to an answer, in characters.
    pub const NOTE: usize = 200;
    /// Billets that somebody says they would like.
    pub const PREFERENCES: usize = 10;
    /// Spans of time over which the needs of one operation look at attendance: each is a sum over
    /// everybody who may have a billet.
    pub const WINDOWS: usize = 8;
    /// Billets of one operation that somebody waits for.
    pub const WAITS: usize = 20;
    /// Answers to one operation, guests included.
    pub const ANSWERS: i64 = 2_000;
    /// How far ahead something can be planned, in days.
    pub const DAYS_AHEAD: i64 = 5 * 366;
    /// Categories, campaigns not ended, templates: each at most.
    pub const SETUP: usize = 200;
}

/// An enum that is kept as a word. Unknown words are read as the first one: the database allows no
/// others.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal, $label:literal;)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
            pub enum $name { $($(#[$of])* #[serde(rename = $word)] $variant),* }

            impl $name {
                /// All of them, in order.
                pub const ALL: &[Self] = &[$(Self::$variant),*];

                /// The stored form.
                #[must_use]
                pub fn as_str(self) -> &'static str {
                    match self { $(Self::$variant => $word),* }
                }

                /// What people read.
                #[must_use]
                pub fn label(self) -> &'static str {
                    match self { $(Self::$variant => $label),* }
                }

                /// Reads the stored form.
                #[must_use]
                pub fn parse(word: &str) -> Option<Self> {
                    Self::ALL.iter().copied().find(|one| one.as_str() == word)
                }
            }

            impl Default for $name {
                fn default() -> Self {
                    Self::ALL[0]
                }
            }

            impl From<String> for $name {
                fn from(word: String) -> Self {
                    Self::parse(&word).unwrap_or_default()
                }
            }
        )*
    };
}
pub(in crate::features) use words;

words! {
    /// Where an operation stands (§9.1).
    OperationState {
        /// Only planners see it.
        Draft = "draft", "Draft";
        /// A draft that is published at an hour.
        Scheduled = "scheduled", "Scheduled";
        /// Its audience sees it.
        Published = "published", "Published";
        /// It is over.
        Done = "done", "Done";
        /// It is over and put away.
        Archived = "archived", "Archived";
        /// It does not take place.
        Cancelled = "cancelled", "Cancelled";
    }
    /// For whom an operation is, once it is published.
    Audience {
        /// Members of the organising group and of those below it.
        Group = "group", "The organising group";
        /// All members of the organisation.
        Members = "members", "All members";
        /// Everybody, visitors too.
        Public = "public", "Everybody, visitors too";
    }
    /// What somebody says about coming (§9.3).
    Answer {
        /// Nothing yet; a guest or somebody a leader put in.
        None = "none", "No answer";
        /// They come.
        Attending = "attending", "Attending";
        /// They do not know.
        Maybe = "maybe", "Maybe";
        /// They come late.
        Late = "late", "Late";
        /// They do not come.
        Declined = "declined", "Declined";
    }
    /// What a leader says over an answer (§9.3).
    Confirmed {
        /// Nothing.
        Open = "", "Not confirmed";
        /// They are counted on.
        Confirmed = "confirmed", "Confirmed";
        /// They come in if somebody drops out.
        Standby = "standby", "Standby";
    }
    /// Who may fill a billet (§9.4).
    Held {
        /// Anybody it suits.
        Open = "", "Open";
        /// A leader, for somebody in particular.
        Reserved = "reserved", "Reserved";
        /// Nobody.
        Blocked = "blocked", "Blocked";
    }
    /// How somebody came to a billet (§9.4).
    FilledBy {
        /// It is empty.
        Nobody = "", "";
        /// A leader put them in.
        Leader = "leader", "by a leader";
        /// They took it.
        Oneself = "self", "by themself";
        /// They moved up.
        Waitlist = "waitlist", "from the waitlist";
        /// A suggestion was applied.
        Suggestion = "suggestion", "by suggestion";
    }
    /// The shape of a category's mark: not told apart by colour alone.
    Mark {
        /// ●
        Disc = "disc", "Disc";
        /// ■
        Square = "square", "Square";
        /// ◆
        Diamond = "diamond", "Diamond";
        /// ▲
        Triangle = "triangle", "Triangle";
        /// ★
        Star = "star", "Star";
        /// ○
        Ring = "ring", "Ring";
    }
}

impl OperationState {
    /// Not shown to its audience yet.
    #[must_use]
    pub fn is_unpublished(self) -> bool {
        matches!(self, Self::Draft | Self::Scheduled)
    }

    /// It has taken place.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Archived)
    }
}

impl Answer {
    /// They take a place.
    #[must_use]
    pub fn comes(self) -> bool {
        matches!(self, Self::Attending | Self::Late)
    }
}

/// A length in words: `2 h 30 min`.
#[must_use]
pub fn length(minutes: i64) -> String {
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let part = |count: i64, unit: &str| (count > 0).then(|| format!("{count} {unit}"));
    [part(days, "d"), part(hours, "h"), part(rest, "min")]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        for state in OperationState::ALL {
            assert_eq!(OperationState::parse(state.as_str()), Some(*state));
            let json = serde_json::to_string(state).expect("a word");
            assert_eq!(json, format!("\"{}\"", state.as_str()));
        }
        assert_eq!(Held::parse(""), Some(Held::Open));
        assert_eq!(Held::parse("nonsense"), None);
        assert_eq!(FilledBy::from("self".to_owned()), FilledBy::Oneself);
    }

    #[test]
    fn lengths_are_said_in_words() {
        for (minutes, words) in [
            (5, "5 min"),
            (120, "2 h"),
            (150, "2 h 30 min"),
            (1440, "1 d"),
            (2945, "2 d 1 h 5 min"),
        ] {
            assert_eq!(length(minutes), words);
        }
    }
}
