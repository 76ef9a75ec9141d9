//! Org types (§1.6): the rules that a whole family of organisations shares. New types are rows.

use crate::domain::{access::AccessSet, module::Modules};
use serde::{Deserialize, Serialize};

/// Longest names, in characters.
pub mod limits {
    /// A type's name.
    pub const NAME: usize = 40;
    /// What a type is for.
    pub const DESCRIPTION: usize = 200;
    /// A command's name or alias.
    pub const COMMAND: usize = 32;
    /// A rank's name.
    pub const RANK_NAME: usize = 64;
    /// A rank's short form.
    pub const ABBREVIATION: usize = 12;
    /// The symbol of an insignia.
    pub const INSIGNIA: usize = 40;
    /// Ranks of a type.
    pub const RANKS: usize = 100;
    /// The highest level.
    pub const LEVEL: i64 = 1000;
}

/// Who the members of an organisation are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberKind {
    /// People.
    #[default]
    Player,
    /// Organisations. Until treaties (§17), players who act for them.
    Org,
}

impl MemberKind {
    /// All, in the order of a form.
    pub const ALL: [Self; 2] = [Self::Player, Self::Org];

    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Player => "player",
            Self::Org => "org",
        }
    }

    /// What people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Player => "People",
            Self::Org => "Organisations, each through people who act for it",
        }
    }

    /// Reads the stored form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A type to choose when an organisation is founded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgTypeChoice {
    /// Its id, such as `muster.unit`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
}

/// A type in the list of the site's administrators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgTypeLine {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it switches on.
    pub modules: Modules,
    /// How many organisations are of it.
    pub orgs: i64,
}

/// A rank that a new organisation of the type starts with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeRank {
    /// Its level.
    pub level: i64,
    /// Its name.
    pub name: String,
    /// Its short form, may be empty.
    pub abbreviation: String,
    /// Symbol of the insignia file; empty for none.
    pub insignia: String,
    /// What it grants in the whole organisation.
    pub access: AccessSet,
    /// New players get it.
    pub is_default: bool,
    /// Visitors are judged by it.
    pub is_guest: bool,
}

/// A type with everything that it decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgType {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Who its members are.
    pub member_kind: MemberKind,
    /// A person belongs to one organisation of this type at most.
    pub one_per_person: bool,
    /// What it switches on.
    pub modules: Modules,
    /// The access ids that ranks and roles can be given.
    pub access: AccessSet,
    /// How chat commands of such an Org are called (§15), may be empty.
    pub command_name: String,
    /// Other words for the same, separated by spaces.
    pub aliases: String,
    /// The ranks of a new organisation, the lowest first.
    pub ranks: Vec<TypeRank>,
    /// How many organisations are of it.
    pub orgs: i64,
    /// For optimistic locking.
    pub version: i64,
}
