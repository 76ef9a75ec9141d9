//! Types of the roster that server and browser share, and the pure rules on them.
//!
//! [`pages`] is what pages are given, [`tree`] orders groups and builds ident strings. Neighbour: `read_model` is the whole roster at
//! one instant, from which every view is drawn.

pub mod pages;
pub mod tree;

use serde::{Deserialize, Serialize};

macro_rules! stored_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal, $label:literal);* $(;)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant),* }

        impl $name {
            /// All values, in the order of a form.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stored form.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// What people read.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }

            /// Reads the stored form.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

stored_enum! {
    /// Who sees a group and its members (§4.1, §5.2).
    Visibility {
        /// Everybody.
        Public = "public", "Public";
        /// Its members, its managers and those above.
        Private = "private", "Private";
    }
}

stored_enum! {
    /// How people join a group (§5.1).
    Policy {
        /// Anyone, at once.
        Open = "open", "Open";
        /// After a manager agrees.
        ByRequest = "by_request", "By request";
        /// Only founders and managers add.
        Closed = "closed", "Closed";
    }
}

stored_enum! {
    /// The ways to look at the roster (ui.md §3.2).
    RosterView {
        /// A card for each group, in command order.
        Cards = "cards", "Cards";
        /// The tree of groups with their members.
        Tree = "tree", "Tree";
        /// The organisation chart.
        Chart = "chart", "Org chart";
        /// One row for each member.
        Table = "table", "Table";
    }
}

/// Does a player of this standing belong to the organisation no more?
#[must_use]
pub fn is_gone(standing: &str) -> bool {
    matches!(standing, "left" | "kicked" | "banned")
}

/// Longest names, in characters.
pub mod limits {
    /// A player's common name.
    pub const COMMON_NAME: usize = 64;
    /// A group's name.
    pub const GROUP_NAME: usize = 100;
    /// Acronyms of groups and roles.
    pub const ACRONYM: usize = 12;
    /// A group's kind, such as "Squad".
    pub const KIND: usize = 40;
    /// A role's or position's name.
    pub const ROLE_NAME: usize = 64;
    /// A group's description (Markdown).
    pub const DESCRIPTION: usize = 10_000;
    /// A reason.
    pub const REASON: usize = 500;
    /// What a position wants.
    pub const WANTS: usize = 200;
}
