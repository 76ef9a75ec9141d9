//! What can be planned, as it is kept until it is applied.

use crate::domain::{GroupId, MembershipId, PlayerId, RankId};
use serde::{Deserialize, Serialize};

/// A change to many people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// See [`RemoveMembers`].
    RemoveMembers(RemoveMembers),
    /// See [`ChangeRanks`].
    ChangeRanks(ChangeRanks),
}

impl Change {
    /// Its stored name.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::RemoveMembers(_) => "remove_members",
            Self::ChangeRanks(_) => "change_ranks",
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

/// People of a group, and of those below it, get another rank (§3.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRanks {
    /// The group they were chosen in.
    pub group: GroupId,
    /// Who.
    pub players: Vec<PlayerId>,
    /// Which rank.
    pub rank: RankId,
    /// Why; stands in everybody's history.
    pub reason: String,
}
