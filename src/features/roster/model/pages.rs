//! What the roster's pages are given: small, ready to draw, the same on both sides.

use super::{Policy, RosterView};
use crate::{
    domain::{
        GroupId, MembershipId, PlayerId, PositionId, RoleId,
        access::{AccessSet, Action, Missing},
        event::EventLine,
        time::Instant,
    },
    features::{
        attendance::model::pages::PersonPage,
        joining::model::Way,
        ranks::model::{PlayerRank, RankTitle},
    },
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the roster page was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterQuery {
    /// How to look at it.
    pub view: RosterView,
    /// As of this date, `2026-06-06`; empty means now.
    pub as_of: String,
    /// Show only rows with this text.
    pub filter: String,
    /// With handles for rearranging.
    pub edit: bool,
}

/// The roster page. The roster itself is HTML, drawn once on the server for all who may see the
/// same, because drawing thousands of rows for each request is what limits such pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterPage {
    /// Number of the newest event it includes.
    pub seq: i64,
    /// The groups and people.
    pub html: Arc<str>,
    /// In edit mode: the tree of groups as drop targets.
    pub tree_html: String,
    /// In edit mode: people in no exclusive group.
    pub tray_html: String,
    /// In edit mode: groups that the viewer may put people into.
    pub targets: Vec<GroupChoice>,
    /// People shown.
    pub people: u32,
    /// Groups shown.
    pub groups: u32,
    /// Open positions shown.
    pub vacancies: u32,
    /// The viewer may see no group at all, whatever the filter.
    pub empty: bool,
    /// First day that the as-of slider offers, `2026-06-06`.
    pub first_day: String,
    /// Today, `2026-06-06`.
    pub today: String,
}

/// A group in a list or select.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupChoice {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its ident string.
    pub ident: String,
    /// Number of ancestors.
    pub depth: u32,
}

/// A player in a list or select.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerChoice {
    /// Their id.
    pub id: PlayerId,
    /// Their name.
    pub name: String,
}

/// A role of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleLine {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// Its short form.
    pub acronym: String,
    /// Grants the group's tools.
    pub leadership: bool,
    /// One holder at a time.
    pub singular: bool,
    /// What it grants in the group and below it, besides leadership.
    pub access: AccessSet,
    /// For optimistic locking.
    pub version: i64,
    /// How many hold it.
    pub holders: u32,
}

/// A position of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PositionLine {
    /// Its id.
    pub id: PositionId,
    /// Its title.
    pub name: String,
    /// What it wants.
    pub wants: String,
    /// The role of whoever fills it.
    pub role_id: RoleId,
    /// Name of that role.
    pub role: String,
    /// For optimistic locking.
    pub version: i64,
    /// Who fills it.
    pub holder: Option<PlayerChoice>,
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberLine {
    /// The membership.
    pub membership_id: MembershipId,
    /// Who.
    pub player: PlayerChoice,
    /// Their rank, as the group calls it; none where there are no ranks.
    pub rank: Option<RankTitle>,
    /// Name of the role.
    pub role: String,
    /// The role.
    pub role_id: RoleId,
    /// The role leads.
    pub leads: bool,
    /// Title of the position.
    pub position: Option<String>,
    /// The position.
    pub position_id: Option<PositionId>,
    /// Since when.
    pub since: Instant,
}

/// A membership of the past or present, with the names of then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// Whom it is about, or which group: whichever the page is not about.
    pub title: String,
    /// Where that leads, if the viewer may go there.
    pub href: Option<String>,
    /// Role, and position if posted.
    pub post: String,
    /// From.
    pub since: Instant,
    /// Until, if ended.
    pub until: Option<Instant>,
    /// Why it ended.
    pub reason: Option<String>,
}

/// The page of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPage {
    /// Its id.
    pub id: GroupId,
    /// The groups above it that the viewer may see, outermost first.
    pub above: Vec<GroupChoice>,
    /// Its parent; the root for a top-level group.
    pub parent: GroupId,
    /// Its name.
    pub name: String,
    /// Its short form.
    pub acronym: String,
    /// Acronyms up the tree.
    pub ident: String,
    /// What it is called.
    pub kind: String,
    /// Its description as safe HTML; empty when there is none or the viewer is no member.
    pub description_html: String,
    /// Its description as written, for those who may edit.
    pub description: String,
    /// Takes one membership of a player at a time.
    pub exclusive: bool,
    /// `public` or `private`.
    pub visibility: String,
    /// `open`, `by_request` or `closed`.
    pub policy: String,
    /// When it was founded.
    pub founded: Instant,
    /// For optimistic locking.
    pub version: i64,
    /// Members, leaders first.
    pub members: Vec<MemberLine>,
    /// Roles in order.
    pub roles: Vec<RoleLine>,
    /// Positions in order.
    pub positions: Vec<PositionLine>,
    /// Managers.
    pub managers: Vec<PlayerChoice>,
    /// Groups whose members are managers, as far as the viewer may see them.
    pub manager_groups: Vec<GroupChoice>,
    /// Groups right below.
    pub subgroups: Vec<GroupChoice>,
    /// Who was here.
    pub history: Vec<HistoryLine>,
    /// What happened here, newest first.
    pub events: Vec<EventLine>,
    /// The viewer may change the group, its roles and positions.
    pub can_edit: bool,
    /// The viewer may move and retire it.
    pub can_move: bool,
    /// The viewer may choose its managers.
    pub can_choose_managers: bool,
    /// The viewer may promote or demote people here.
    pub can_rank: bool,
    /// The viewer may add, post and remove members.
    pub can_assign: bool,
    /// What a role can grant here, and why the viewer may not put it into one (§3.4).
    pub offers: Vec<(Action, Option<Missing>)>,
    /// There are ranks, so the group can have a rank set.
    pub has_ranks: bool,
    /// What members of the organisation need for that, if they may not.
    pub missing_assign: Option<Missing>,
    /// What the viewer can do about belonging to it (§5.1).
    pub way: Way,
}

/// The page of a player.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerPage {
    /// Their id.
    pub id: PlayerId,
    /// Their name.
    pub name: String,
    /// `active`, or what an import said.
    pub standing: String,
    /// A user claimed them.
    pub claimed: bool,
    /// When they joined.
    pub joined: Instant,
    /// For optimistic locking.
    pub version: i64,
    /// Where they are now: group, post, since, membership.
    pub assignments: Vec<Assignment>,
    /// Where they were.
    pub history: Vec<HistoryLine>,
    /// What happened to them, newest first.
    pub events: Vec<EventLine>,
    /// The exclusive membership, which a transfer expects.
    pub expected: Option<MembershipId>,
    /// Groups that the viewer may put them into.
    pub targets: Vec<GroupChoice>,
    /// What members of the organisation need to put them anywhere, if they may not.
    pub missing_move: Option<Missing>,
    /// The viewer may rename and invite.
    pub can_edit: bool,
    /// Their rank; none where there are no ranks.
    pub rank: Option<PlayerRank>,
    /// What the viewer could do to them; none for viewers who do not belong here.
    pub controls: Option<Controls>,
    /// The viewer may see what they may do.
    pub can_read_access: bool,
    /// The viewer may look through their eyes.
    pub can_see_as: bool,
    /// Their attendance (§9.7), for members.
    pub attendance: Option<PersonPage>,
    /// They are on leave today (§6.4), for members.
    pub on_leave: bool,
}

/// What a viewer lacks to do something to a player; none where they may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Controls {
    /// To give another rank, up or down.
    pub rank: Option<Missing>,
    /// To remove them from the organisation, or to bring them back.
    pub kick: Option<Missing>,
}

/// One of a player's present memberships.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The membership.
    pub membership_id: MembershipId,
    /// The group.
    pub group: GroupChoice,
    /// Role, and position if posted.
    pub post: String,
    /// Since when.
    pub since: Instant,
    /// It is the exclusive one.
    pub exclusive: bool,
    /// The viewer may end it.
    pub can_remove: bool,
}

/// What a search found: exact matches first, then partial ones (§5.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchPage {
    /// The organisation itself, when the text is in its name.
    pub org: Option<OrgFound>,
    /// Groups whose name, acronym or ident is the text.
    pub exact_groups: Vec<GroupChoice>,
    /// Groups that contain it.
    pub groups: Vec<GroupChoice>,
    /// Players whose name is the text.
    pub exact_players: Vec<PlayerChoice>,
    /// Players whose name contains it.
    pub players: Vec<PlayerChoice>,
    /// Groups beyond those.
    pub more_groups: u32,
    /// Players beyond those.
    pub more_players: u32,
}

/// The organisation as a search finds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgFound {
    /// Its name.
    pub name: String,
    /// The text is its whole name.
    pub exact: bool,
}

/// What the command palette offers: names that are the text first, then those that contain it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    /// Groups.
    pub groups: Vec<GroupChoice>,
    /// Players.
    pub players: Vec<PlayerChoice>,
    /// What the viewer may do: words and address.
    pub commands: Vec<(&'static str, &'static str)>,
}

/// What visitors may see of an organisation's groups (§5.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicGroups {
    /// Top-level groups in order.
    pub top: Vec<PublicGroup>,
    /// How many groups there are in all.
    pub groups: u32,
    /// How many people are in them.
    pub people: u32,
}

/// A group as visitors see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicGroup {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its short form.
    pub acronym: String,
    /// What it is called.
    pub kind: String,
    /// First line of its description; empty for those who are no members of the organisation.
    pub purpose: String,
    /// How to join it.
    pub policy: Policy,
    /// How many people are in it and in the groups below it.
    pub people: u32,
}

/// A starting shape to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShapeChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub summary: String,
    /// How many groups it makes.
    pub groups: u32,
}

/// What forms that place people offer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// Groups the viewer may put people into, in command order.
    pub groups: Vec<GroupChoice>,
    /// Players by name.
    pub players: Vec<PlayerChoice>,
    /// Groups the viewer may put other groups under, in command order.
    pub parents: Vec<GroupChoice>,
    /// The Org's own root group, if the viewer may create top-level groups.
    pub root: Option<GroupId>,
    /// Groups the viewer may put somebody new into, in command order.
    pub homes: Vec<GroupChoice>,
    /// The viewer may add somebody new to no group.
    pub unassigned: bool,
}
