//! What the pages of access are given.

use crate::{
    domain::{
        PlayerId,
        access::{Action, Missing},
    },
    features::roster::model::pages::GroupChoice,
};
use serde::{Deserialize, Serialize};

/// How long one can look through another member's eyes, in minutes.
pub const SEE_AS_MINUTES: i64 = 60;

/// People of a page of the table.
pub const PAGE: usize = 100;

/// Who can do what, in the whole organisation or in a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessPage {
    /// Groups that can be chosen.
    pub groups: Vec<GroupChoice>,
    /// The one that was; none for the whole organisation.
    pub chosen: Option<GroupChoice>,
    /// Heads of the columns.
    pub actions: Vec<Action>,
    /// People who can do more than everybody, by what they can do.
    pub rows: Vec<AccessRow>,
    /// How many of them there are in all.
    pub total: u32,
    /// How many stand on earlier pages.
    pub before: u32,
    /// What the default rank lets everybody do.
    pub everybody: Vec<Action>,
}

/// One person, and through which grant they can do each action; empty where they cannot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRow {
    /// Who.
    pub player: PlayerId,
    /// Their name.
    pub name: String,
    /// The grant for each action, in words.
    pub cells: Vec<String>,
}

/// What one person can do and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonAccess {
    /// Who.
    pub player: PlayerId,
    /// Their name.
    pub name: String,
    /// Their rank.
    pub rank: String,
    /// It is the viewer.
    pub own: bool,
    /// In the whole organisation.
    pub everywhere: Vec<AccessLine>,
    /// In groups where they can do more than everywhere, in command order.
    pub groups: Vec<GroupAccess>,
}

/// One action, and the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessLine {
    /// What.
    pub action: Action,
    /// The grant in words, or what is missing.
    pub answer: Result<String, Missing>,
}

/// What somebody can do in a group and below it, and not everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupAccess {
    /// The group.
    pub group: GroupChoice,
    /// Action and grant in words.
    pub can: Vec<(Action, String)>,
}
