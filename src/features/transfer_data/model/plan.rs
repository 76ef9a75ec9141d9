//! Decides what an import does (§4, §19.1): compares the rows with the roster as it stands and
//! lists exact operations, parents before children, plus every row's problem.

mod groups;
mod input;
mod memberships;
mod players;
mod prune;
mod roles;
mod timeline;

pub use input::{
    DEFAULT_LEADERSHIP_ROLES, Existing, ExistingGroup, ExistingMembership, ExistingPlayer,
    ExistingRole, Options,
};

use super::parse::{self, Files, Limits, Rows};
use super::report::{Counts, Problem, ProblemList};
use crate::domain::time::Instant;
use groups::GroupTable;
use players::PlayerTable;
use uuid::Uuid;

/// Everything an import will write, in the order in which it can be written, and what is told
/// about it (§19.1). Applying it twice is impossible: the second plan is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Groups to create, parents before children.
    pub groups_to_create: Vec<NewGroup>,
    /// Groups to change, parents before children, after the creations: applied in this order no
    /// step makes a cycle (§4.1).
    pub groups_to_update: Vec<GroupUpdate>,
    /// Players to create (§2.2).
    pub players_to_create: Vec<NewPlayer>,
    /// Players to change.
    pub players_to_update: Vec<PlayerUpdate>,
    /// Roles to create (§4.4).
    pub roles_to_create: Vec<NewRole>,
    /// Open memberships that the file ends (§4.6); close them before creating others, since the
    /// next interval of the same player may start at the same instant.
    pub memberships_to_close: Vec<MembershipClose>,
    /// Open memberships that no row names, if those are to end (§4.8); before anything else.
    pub memberships_to_end: Vec<MembershipClose>,
    /// Memberships to create (§4.6), open and ended ones.
    pub memberships_to_create: Vec<NewMembership>,
    /// Groups by row.
    pub groups: Counts,
    /// Players by person.
    pub players: Counts,
    /// Memberships by row.
    pub memberships: Counts,
    /// Roles by role.
    pub roles: Counts,
    /// The listed problems, by file and line.
    pub problems: Vec<Problem>,
    /// All problems.
    pub problem_count: u32,
    /// Groups of the file that have no description yet (§4.1).
    pub empty_descriptions: u32,
    /// A whole file was refused, so this is not what its sender meant.
    pub refused: bool,
}

impl Plan {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups_to_create.is_empty()
            && self.groups_to_update.is_empty()
            && self.players_to_create.is_empty()
            && self.players_to_update.is_empty()
            && self.roles_to_create.is_empty()
            && self.memberships_to_close.is_empty()
            && self.memberships_to_end.is_empty()
            && self.memberships_to_create.is_empty()
    }
}

/// A group to create (§4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    /// Its new id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The group above it; `None` at the top.
    pub parent: Option<Uuid>,
    /// `None` leaves it to the service to make one from the name.
    pub acronym: Option<String>,
    /// The kind name for people.
    pub kind: String,
    /// Markdown; may be empty, which pages show as "no description yet".
    pub description: String,
    /// Fixed from now on (§4.2).
    pub exclusive: bool,
    /// `public` or `private`.
    pub visibility: String,
    /// `open`, `by_request` or `closed` (§5.1).
    pub policy: String,
    /// As the file says, else the earliest membership in it or below it, else the default start.
    pub founded: Instant,
    /// When it was retired, if it was.
    pub retired: Option<Instant>,
}

/// A group to change (§4.1, §4.7); only what differs is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupUpdate {
    /// Which group.
    pub id: Uuid,
    /// Its name, which stays.
    pub name: String,
    /// The new values.
    pub changes: GroupChanges,
}

/// New values of a group; `None` where the old one stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupChanges {
    /// A new place in the tree.
    pub moved: Option<GroupMove>,
    /// A new acronym.
    pub acronym: Option<String>,
    /// A new kind name.
    pub kind: Option<String>,
    /// A new description.
    pub description: Option<String>,
    /// `public` or `private`.
    pub visibility: Option<String>,
    /// `open`, `by_request` or `closed`.
    pub policy: Option<String>,
    /// A new founding date.
    pub founded: Option<Instant>,
    /// A new retirement date.
    pub retired: Option<Instant>,
}

/// Where a group moves (§4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupMove {
    /// The new parent; `None` is the top.
    pub to: Option<Uuid>,
}

/// A player to create (§2.2); nobody has claimed it yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPlayer {
    /// Its new id.
    pub id: Uuid,
    /// The common name.
    pub name: String,
    /// `None` leaves it to the service's default.
    pub standing: Option<String>,
    /// As the file says, else the earliest membership, else the default start.
    pub joined: Instant,
}

/// A player to change; `None` where the old value stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayerUpdate {
    /// Which player.
    pub id: Uuid,
    /// The common name, which stays.
    pub name: String,
    /// A new standing.
    pub standing: Option<String>,
    /// A new joining date.
    pub joined: Option<Instant>,
}

/// A role to create (§4.4), never singular.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRole {
    /// Its new id.
    pub id: Uuid,
    /// The group it belongs to.
    pub group_id: Uuid,
    /// As the file spells it.
    pub name: String,
    /// Whether it grants the group's management tools.
    pub leadership: bool,
}

/// A membership to create (§4.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMembership {
    /// Its new id.
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

/// An open membership that the file ends (§4.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembershipClose {
    /// Which membership.
    pub id: Uuid,
    /// Who, for the event.
    pub player_id: Uuid,
    /// Where, for the event.
    pub group_id: Uuid,
    /// First instant after it.
    pub until: Instant,
}

/// Plans an import: reads the files, compares them with `existing`, and takes the id of each new
/// thing from `new_id`. Never panics, whatever the bytes are (§19.1).
pub fn plan(
    files: &Files<'_>,
    existing: &Existing,
    options: &Options,
    mut new_id: impl FnMut() -> Uuid,
) -> Plan {
    let player_file = files.players.map_or("players", |file| file.name);
    let mut problems = ProblemList::new([files.groups.name, files.memberships.name, player_file]);
    let limits = Limits {
        bytes: options.max_bytes,
        rows: options.max_rows,
    };

    let group_rows = parse::read_groups(&files.groups, limits, &mut problems);
    let membership_rows = parse::read_memberships(&files.memberships, limits, &mut problems);
    let player_rows = match &files.players {
        Some(file) => parse::read_players(file, limits, &mut problems),
        None => Rows {
            rows: Vec::new(),
            nameless: 0,
            refused: false,
        },
    };

    let mut groups = GroupTable::build(&group_rows, existing, &mut problems, &mut new_id);
    let mut players = PlayerTable::build(
        &player_rows.rows,
        &membership_rows.rows,
        existing,
        options,
        &mut problems,
    );
    let outcome = memberships::decide(
        &membership_rows,
        &group_rows,
        existing,
        options,
        &mut groups,
        &mut players,
        &mut problems,
    );

    let mut plan = Plan {
        refused: group_rows.refused || membership_rows.refused || player_rows.refused,
        ..Plan::default()
    };
    groups.finish(&group_rows, existing, options.default_since(), &mut plan);
    players.finish(
        player_rows.nameless,
        existing,
        options,
        &mut new_id,
        &mut plan,
    );
    outcome.finish(&groups, &players, &mut new_id, &mut plan);
    (plan.problems, plan.problem_count) = problems.finish();
    plan
}
