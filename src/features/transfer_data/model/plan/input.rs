//! What a plan is made from besides the files: the roster as it stands and the choices.

use super::super::parse::normal_instant;
use crate::domain::access::AccessSet;
use crate::domain::time::Instant;
use std::collections::HashSet;
use uuid::Uuid;

/// Role names that import as leadership (§4.4) unless other ones are given. They are the usual
/// words of milsim units, guilds, server teams and open source projects for somebody who manages
/// the people of a group; case, `-`, `_` and spaces make no difference. `co` is the commanding
/// officer's short form. Deputies and specialists ("executive officer", "medic") are left out: a
/// role can be made leadership later, while access given by mistake is noticed too late.
pub const DEFAULT_LEADERSHIP_ROLES: [&str; 19] = [
    "lead",
    "leader",
    "co-lead",
    "team lead",
    "maintainer",
    "owner",
    "captain",
    "commander",
    "commanding officer",
    "co",
    "in command",
    "officer in command",
    "chief",
    "head",
    "squad leader",
    "platoon leader",
    "section leader",
    "guild leader",
    "officer",
];

/// The choices of one import (§19.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The clock.
    pub now: Instant,
    /// The start of new memberships whose row has none.
    pub default_since: Instant,
    /// Whether names that differ only in case are one player.
    pub merge_similar_names: bool,
    /// Role names that become leadership, see [`DEFAULT_LEADERSHIP_ROLES`].
    pub leadership_roles: Vec<String>,
    /// Greatest size of one file.
    pub max_bytes: usize,
    /// Greatest number of rows of one file.
    pub max_rows: u32,
    /// End the memberships that the files do not name (§4.8), but never those of these people.
    pub prune: Option<HashSet<Uuid>>,
    /// What the importer may give to others: nobody gets more by a file (security.md §3.2, 3).
    pub may_give: AccessSet,
    /// People on whom the importer does not act (§3.1): no row ends their memberships.
    pub protected: HashSet<Uuid>,
}

impl Options {
    /// The defaults at an instant: memberships start now, similar names stay apart, files have at
    /// most 16 MiB and 200,000 rows.
    #[must_use]
    pub fn at(now: Instant) -> Self {
        Self {
            now,
            default_since: now,
            merge_similar_names: false,
            leadership_roles: DEFAULT_LEADERSHIP_ROLES.map(str::to_owned).to_vec(),
            max_bytes: 16 * 1024 * 1024,
            max_rows: 200_000,
            prune: None,
            may_give: AccessSet::everything(),
            protected: HashSet::new(),
        }
    }

    /// [`Self::default_since`] in the precision that is stored.
    pub(super) fn default_since(&self) -> Instant {
        normal_instant(self.default_since)
    }
}

/// The roster of the organisation as it stands, ended memberships included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Existing {
    /// All groups, also retired ones, without the root.
    pub groups: Vec<ExistingGroup>,
    /// All players.
    pub players: Vec<ExistingPlayer>,
    /// All roles that are not deleted.
    pub roles: Vec<ExistingRole>,
    /// All memberships, open and ended.
    pub memberships: Vec<ExistingMembership>,
}

/// A group as it stands (§4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExistingGroup {
    /// Its id.
    pub id: Uuid,
    /// Its name, unique ignoring case.
    pub name: String,
    /// The group above it; `None` when that is the root.
    pub parent: Option<Uuid>,
    /// Its acronym.
    pub acronym: String,
    /// Its kind name.
    pub kind: String,
    /// Its description, possibly empty.
    pub description: String,
    /// Whether it is exclusive (§4.2).
    pub exclusive: bool,
    /// `public` or `private`.
    pub visibility: String,
    /// `open`, `by_request` or `closed`.
    pub policy: String,
    /// When it began.
    pub founded: Instant,
    /// When it was retired, if it was.
    pub retired: Option<Instant>,
    /// The importer does not see it (§5.2): to the files it does not exist. What it has in common
    /// with the rest still counts: its name is taken, and who is in it is in no other exclusive
    /// group.
    pub hidden: bool,
}

/// A player as it stands (§2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExistingPlayer {
    /// Its id.
    pub id: Uuid,
    /// The common name.
    pub name: String,
    /// The standing.
    pub standing: String,
    /// When the player joined.
    pub joined: Instant,
    /// They are somebody: a user claimed them, or they are a co-founder. Commands of their own, with
    /// rights of their own, take such a player out of the organisation and back (§3.3).
    pub held: bool,
}

/// A role as it stands (§4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExistingRole {
    /// Its id.
    pub id: Uuid,
    /// The group it belongs to.
    pub group_id: Uuid,
    /// Its name, unique in the group ignoring case.
    pub name: String,
    /// Whether it grants the group's management tools; the import leaves it as it is.
    pub leadership: bool,
    /// Whether one player at a time holds it.
    pub singular: bool,
    /// What it grants in the group and below it, leadership included.
    pub grants: AccessSet,
}

/// A membership as it stands (§4.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExistingMembership {
    /// Its id.
    pub id: Uuid,
    /// Who.
    pub player_id: Uuid,
    /// Where.
    pub group_id: Uuid,
    /// As what.
    pub role_id: Uuid,
    /// First instant.
    pub since: Instant,
    /// First instant after it; `None` while it lasts.
    pub until: Option<Instant>,
}
