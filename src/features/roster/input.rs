//! Commands of the roster as they arrive, and what can be said of them without the database.
//!
//! All are also stored as JSON: an event keeps the commands that take it back (§20).

use super::model::{Policy, Visibility, limits};
use crate::domain::{
    AppError, FieldErrors, FieldProblem, GroupId, MembershipId, PlayerId, PositionId, RankId,
    RoleId, access::AccessSet, name,
};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What a group is called and how it behaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDetails {
    /// Unique in the Org ignoring case.
    pub name: String,
    /// Short form; made from the name when empty.
    pub acronym: String,
    /// Markdown; mandatory (§4.1).
    pub description: String,
    /// What it is called, such as "Squad".
    pub kind: String,
    /// `public` or `private`.
    pub visibility: String,
    /// `open`, `by_request` or `closed`.
    pub policy: String,
}

/// Checked [`GroupDetails`].
#[derive(Clone, Debug)]
pub struct CheckedGroup {
    /// See [`GroupDetails`].
    pub name: String,
    /// See [`GroupDetails`].
    pub acronym: String,
    /// See [`GroupDetails`].
    pub description: String,
    /// See [`GroupDetails`].
    pub kind: String,
    /// See [`GroupDetails`].
    pub visibility: Visibility,
    /// See [`GroupDetails`].
    pub policy: Policy,
}

impl GroupDetails {
    /// Checks every field.
    ///
    /// # Errors
    /// All problems at once.
    pub fn validate(&self) -> Result<CheckedGroup, AppError> {
        let mut errors = FieldErrors::default();
        let malformed = FieldProblem::Malformed;
        let name = errors.check("name", name::plain(&self.name, limits::GROUP_NAME));
        let acronym = errors.check("acronym", name::optional(&self.acronym, limits::ACRONYM));
        let description = errors.check(
            "description",
            name::text(&self.description, 1, limits::DESCRIPTION),
        );
        let kind = errors.check("kind", name::plain(&self.kind, limits::KIND));
        let visibility = errors.check(
            "visibility",
            Visibility::parse(&self.visibility).ok_or(malformed.clone()),
        );
        let policy = errors.check("policy", Policy::parse(&self.policy).ok_or(malformed));
        match (name, acronym, description, kind, visibility, policy) {
            (
                Some(name),
                Some(acronym),
                Some(description),
                Some(kind),
                Some(visibility),
                Some(policy),
            ) => {
                let acronym = if acronym.is_empty() {
                    name::acronym_of(&name)
                } else {
                    acronym
                };
                Ok(CheckedGroup {
                    name,
                    acronym,
                    description,
                    kind,
                    visibility,
                    policy,
                })
            }
            _ => Err(AppError::Invalid(errors)),
        }
    }
}

/// Creates a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateGroup {
    /// Under this group; the root group stands for the Org.
    pub parent_id: GroupId,
    /// Fixed for good (§4.2).
    pub exclusive: bool,
    /// The rest.
    pub details: GroupDetails,
}

/// Changes a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditGroup {
    /// Which.
    pub group_id: GroupId,
    /// The version that was read.
    pub version: i64,
    /// The new values.
    pub details: GroupDetails,
}

/// Gives a group another parent or place among its siblings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveGroup {
    /// Which.
    pub group_id: GroupId,
    /// The version that was read.
    pub version: i64,
    /// Under this group.
    pub parent_id: GroupId,
    /// Behind this sibling; first when absent.
    pub after: Option<GroupId>,
}

/// What becomes of the members of a group that is retired (§4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MembersGo {
    /// Nowhere; the command is refused while there are any.
    Stay,
    /// They end as members of it and are unassigned.
    Unassigned,
    /// They go to the parent group.
    Parent,
}

/// Retires a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetireGroup {
    /// Which.
    pub group_id: GroupId,
    /// The version that was read.
    pub version: i64,
    /// What becomes of its members.
    pub members: MembersGo,
}

/// Brings a retired group back, with members where they are still free. Only as an undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviveGroup {
    /// Which.
    pub group_id: GroupId,
    /// Who was in it, as what, in which position.
    pub members: Vec<(PlayerId, RoleId, Option<PositionId>)>,
}

/// Puts a player into a group. Into an exclusive one this is a transfer when the player is in
/// another (§4.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacePlayer {
    /// Who.
    pub player_id: PlayerId,
    /// Where to.
    pub group_id: GroupId,
    /// As what; the group's first ordinary role when absent.
    pub role_id: Option<RoleId>,
    /// In which position; its role counts then.
    pub position_id: Option<PositionId>,
    /// The exclusive membership that the actor saw the player in; none when unassigned. Another
    /// one now means that somebody was faster.
    pub expected: Option<MembershipId>,
}

/// Gives a member another role or position in the same group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostMember {
    /// The membership that was read.
    pub membership_id: MembershipId,
    /// The new role; unchanged when absent.
    pub role_id: Option<RoleId>,
    /// The new position; none means unposted.
    pub position_id: Option<PositionId>,
}

/// Ends a membership.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveMember {
    /// The membership that was read.
    pub membership_id: MembershipId,
    /// Why (§5.3).
    pub reason: String,
}

/// Creates a player that no user has claimed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatePlayer {
    /// The name used in history.
    pub common_name: String,
    /// Put into this group at once.
    pub group_id: Option<GroupId>,
}

/// Renames a player.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenamePlayer {
    /// Who.
    pub player_id: PlayerId,
    /// The version that was read.
    pub version: i64,
    /// The new name.
    pub common_name: String,
}

/// Brings somebody back who was gone. With more than a standing only as an undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReinstatePlayer {
    /// Who.
    pub player_id: PlayerId,
    /// What they were before.
    pub standing: String,
    /// The rank they held; the default one when absent.
    pub rank: Option<RankId>,
    /// They were a co-founder.
    pub co_founder: bool,
    /// What they were in which groups: role, and position if posted.
    pub memberships: Vec<(RoleId, Option<PositionId>)>,
    /// Groups that they managed.
    pub manages: Vec<GroupId>,
}

/// What a role is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleDetails {
    /// Unique in the group ignoring case.
    pub name: String,
    /// Short form, may be empty.
    pub acronym: String,
    /// Grants the group's management tools.
    pub leadership: bool,
    /// One holder at a time.
    pub singular: bool,
    /// What it grants in the group and below it, besides leadership (§3.4).
    #[serde(default)]
    pub access: AccessSet,
}

/// What a role gives in its group and below it.
#[must_use]
pub fn granted_by(leadership: bool, access: AccessSet) -> AccessSet {
    if leadership {
        access.union(AccessSet::leadership())
    } else {
        access
    }
}

impl RoleDetails {
    /// What the role gives in its group and below it, leadership included.
    #[must_use]
    pub fn grants(&self) -> AccessSet {
        granted_by(self.leadership, self.access)
    }

    /// Checks every field and trims.
    ///
    /// # Errors
    /// All problems at once.
    pub fn validate(&self) -> Result<Self, AppError> {
        let mut errors = FieldErrors::default();
        let name = errors.check("name", name::plain(&self.name, limits::ROLE_NAME));
        let acronym = errors.check("acronym", name::optional(&self.acronym, limits::ACRONYM));
        match (name, acronym) {
            (Some(name), Some(acronym)) => Ok(Self {
                name,
                acronym,
                access: self
                    .access
                    .iter()
                    .filter(|action| action.in_groups())
                    .collect(),
                ..self.clone()
            }),
            _ => Err(AppError::Invalid(errors)),
        }
    }
}

/// Creates a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateRole {
    /// In which group.
    pub group_id: GroupId,
    /// What it is.
    pub details: RoleDetails,
}

/// Changes a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditRole {
    /// Which.
    pub role_id: RoleId,
    /// The version that was read.
    pub version: i64,
    /// The new values.
    pub details: RoleDetails,
}

/// Deletes a role that nobody holds, or brings a deleted one back (as an undo).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteRole {
    /// Which.
    pub role_id: RoleId,
    /// True to bring it back.
    pub restore: bool,
}

/// What a position is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PositionDetails {
    /// Its title.
    pub name: String,
    /// What it wants, in words.
    pub wants: String,
    /// The role of whoever fills it.
    pub role_id: RoleId,
}

impl PositionDetails {
    /// Checks every field and trims.
    ///
    /// # Errors
    /// All problems at once.
    pub fn validate(&self) -> Result<Self, AppError> {
        let mut errors = FieldErrors::default();
        let name = errors.check("name", name::plain(&self.name, limits::ROLE_NAME));
        let wants = errors.check("wants", name::optional(&self.wants, limits::WANTS));
        match (name, wants) {
            (Some(name), Some(wants)) => Ok(Self {
                name,
                wants,
                ..self.clone()
            }),
            _ => Err(AppError::Invalid(errors)),
        }
    }
}

/// Creates a position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatePosition {
    /// In which group.
    pub group_id: GroupId,
    /// What it is.
    pub details: PositionDetails,
}

/// Changes a position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditPosition {
    /// Which.
    pub position_id: PositionId,
    /// The version that was read.
    pub version: i64,
    /// The new values.
    pub details: PositionDetails,
}

/// Deletes a position that nobody fills, or brings a deleted one back (as an undo).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletePosition {
    /// Which.
    pub position_id: PositionId,
    /// True to bring it back.
    pub restore: bool,
}

/// Adds or removes a manager of a group (§3.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetManager {
    /// Of which group.
    pub group_id: GroupId,
    /// Who.
    pub player_id: PlayerId,
    /// True to add, false to remove.
    pub manages: bool,
}

/// Makes the members of a group managers of another, or takes that back (§5.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetManagerGroup {
    /// Of which group.
    pub group_id: GroupId,
    /// Whose members.
    pub manager_group_id: GroupId,
    /// True to add, false to remove.
    pub manages: bool,
}

/// Any command of the roster, as an event keeps it for its undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// See [`EditGroup`].
    EditGroup(EditGroup),
    /// See [`MoveGroup`].
    MoveGroup(MoveGroup),
    /// See [`RetireGroup`].
    RetireGroup(RetireGroup),
    /// See [`ReviveGroup`].
    ReviveGroup(ReviveGroup),
    /// See [`PlacePlayer`].
    PlacePlayer(PlacePlayer),
    /// See [`PostMember`].
    PostMember(PostMember),
    /// See [`RemoveMember`].
    RemoveMember(RemoveMember),
    /// See [`RenamePlayer`].
    RenamePlayer(RenamePlayer),
    /// See [`EditRole`].
    EditRole(EditRole),
    /// See [`DeleteRole`].
    DeleteRole(DeleteRole),
    /// See [`EditPosition`].
    EditPosition(EditPosition),
    /// See [`DeletePosition`].
    DeletePosition(DeletePosition),
    /// See [`SetManager`].
    SetManager(SetManager),
    /// See [`ReinstatePlayer`].
    ReinstatePlayer(ReinstatePlayer),
    /// See [`SetManagerGroup`].
    SetManagerGroup(SetManagerGroup),
}

/// Reads an id that a form may leave empty.
///
/// # Errors
/// `Malformed` at the field.
pub fn optional_id<T: FromStr>(field: &str, text: &str) -> Result<Option<T>, AppError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|_| AppError::field(field, FieldProblem::Malformed))
}

/// Checks a reason: 3 to 500 characters (§5.3).
///
/// # Errors
/// What is wrong with it.
pub fn reason(text: &str) -> Result<String, AppError> {
    name::text(text, 3, limits::REASON).map_err(|problem| AppError::field("reason", problem))
}
