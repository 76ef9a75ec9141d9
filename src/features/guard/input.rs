//! What can be planned, as it is kept until it is applied.

use crate::domain::{GroupId, MembershipId, PlayerId};
use serde::{Deserialize, Serialize};

/// A change to many people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// See [`RemoveMembers`].
    RemoveMembers(RemoveMembers),
}

impl Change {
    /// Its stored name.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::RemoveMembers(_) => "remove_members",
        }
    }
}

/// Members of a group leave it (§5.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveMembers {
    /// Which group.
    pub group: GroupId,
    /// Who, in which membership.
    pub members: Vec<Chosen>,
    /// Why; stands in everybody's history.
    pub reason: String,
}

/// A membership that was chosen, with the person it was of: it may have ended since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// Which.
    pub membership: MembershipId,
    /// Whose.
    pub player: PlayerId,
}
