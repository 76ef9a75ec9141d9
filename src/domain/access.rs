//! Who may do what, as a pure decision with a witness (§3).
//!
//! [`decide`] is the only maker of [`Granted`], and functions that write demand one, so a command
//! without a check does not compile. Facts are read in the transaction that writes
//! (`server::tenancy::facts`). An [`Action`]'s stored name is the **access id** of the domain; ranks
//! and roles carry an [`AccessSet`] of them. Treaties (§17) will add a field to [`Facts`] and a
//! variant to [`Grant`]; callers do not change.
//!
//! The rules, in order: the founder may everything and nobody acts on them; co-founders may
//! everything but touch founders; a rank grants its access in the whole Org, a role in its group and
//! below it, a manager adds and removes in the group managed and below it. Acting on a person is
//! judged by level besides.

use super::ids::{GroupId, PlayerId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident = $id:literal, $label:literal);* $(;)?) => {
        /// A thing that commands ask permission for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Action { $($(#[$doc])* #[serde(rename = $id)] $variant),* }

        impl Action {
            /// Every action, in the order of forms and tables.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The access id (§3.2).
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }

            /// What people read: "may …".
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }
        }
    };
}

actions! {
    /// Add or remove co-founders, hand the founding over (§3.1). No rank or role grants it.
    ManageFounders = "founders.manage", "choose co-founders";
    /// Change the organisation's settings.
    ManageOrg = "org.manage", "change the settings";
    /// Create, change and delete ranks and rank sets below one's own level (§3.2).
    EditRanks = "rank.edit", "edit ranks";
    /// Give a player a higher rank (§3.3).
    Promote = "player.promote", "promote people";
    /// Give a player a lower rank (§3.3).
    Demote = "player.demote", "demote people";
    /// Remove a player from the organisation (§3.3).
    Kick = "player.kick", "remove people from the organisation";
    /// Create players, rename them, and invite users to claim them (§2.2).
    ManagePlayers = "player.manage", "create, rename and invite people";
    /// Create, edit, move and retire groups, roles and positions (§4).
    EditStructure = "roster.edit", "edit groups, roles and positions";
    /// Add, transfer, post and remove members, and answer requests to join (§4.6, §5.1).
    AssignMembers = "roster.assign", "add, move and remove members";
    /// Choose the managers of a group (§3.4).
    ManageManagers = "group.managers", "choose a group's managers";
    /// Import people and groups (§19.1).
    Import = "import.run", "import people and groups";
    /// Read what happened, apart from private groups (§20).
    ReadLog = "log.read", "read the event log";
    /// See who can do what and through which grant (§3.6).
    ReadAccess = "access.read", "see who can do what";
    /// Look at the organisation as another member sees it (§3.6).
    SeeAs = "access.see_as", "see the organisation as somebody else";
    /// Plan, edit, cancel and publish operations with their billets (§9.1).
    PlanOperations = "operation.plan", "plan operations";
    /// Answer for others, confirm answers, fill billets (§9.3, §9.4).
    FillBillets = "operation.fill", "confirm answers and fill billets";
    /// Record attendance of the group's own members, with it for the whole organisation anybody's,
    /// and answer appeals (§9.6).
    RecordAttendance = "attendance.record", "record attendance";
    /// Answer requests for leave of absence (§6.4).
    ReviewLeave = "leave.review", "answer requests for leave";
    /// Choose categories, campaigns, templates and what attendance can be (§9).
    ConfigureOperations = "operation.configure", "set up categories, templates and attendance";
}

impl Action {
    /// The action of an access id.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.id() == id)
    }

    /// May a rank or role carry it?
    #[must_use]
    pub fn grantable(self) -> bool {
        self != Self::ManageFounders
    }

    /// Does a role give it inside its group and below? The others need the whole organisation.
    #[must_use]
    pub fn in_groups(self) -> bool {
        matches!(
            self,
            Self::Promote
                | Self::Demote
                | Self::Kick
                | Self::ManagePlayers
                | Self::EditStructure
                | Self::AssignMembers
                | Self::ManageManagers
                | Self::PlanOperations
                | Self::FillBillets
                | Self::RecordAttendance
                | Self::ReviewLeave
        )
    }

    /// Is it judged by level, too (§3.3)?
    #[must_use]
    pub fn by_level(self) -> bool {
        matches!(self, Self::Promote | Self::Demote | Self::Kick)
    }

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of access ids (§3.2). Stored as their names, separated by spaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccessSet(u32);

impl AccessSet {
    /// What a role with leadership gives (§3.4).
    #[must_use]
    pub fn leadership() -> Self {
        [
            Action::EditStructure,
            Action::AssignMembers,
            Action::ManageManagers,
            Action::ManagePlayers,
            Action::PlanOperations,
            Action::FillBillets,
            Action::RecordAttendance,
            Action::ReviewLeave,
        ]
        .into_iter()
        .collect()
    }

    /// Everything that can be granted.
    #[must_use]
    pub fn everything() -> Self {
        Action::ALL.iter().copied().collect()
    }

    /// Reads the stored form. Unknown words give nothing.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        text.split_whitespace().filter_map(Action::parse).collect()
    }

    /// The stored form.
    #[must_use]
    pub fn stored(self) -> String {
        self.iter().map(Action::id).collect::<Vec<_>>().join(" ")
    }

    /// Is this action in the set?
    #[must_use]
    pub fn has(self, action: Action) -> bool {
        self.0 & action.bit() != 0
    }

    /// Its actions, in order.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL
            .iter()
            .copied()
            .filter(move |action| self.has(*action))
    }

    /// Nothing is in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this one only.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl From<String> for AccessSet {
    /// See [`AccessSet::parse`].
    fn from(stored: String) -> Self {
        Self::parse(&stored)
    }
}

impl FromIterator<Action> for AccessSet {
    /// Actions that cannot be granted are left out.
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        let grantable = actions.into_iter().filter(|action| action.grantable());
        Self(grantable.fold(0, |set, action| set | action.bit()))
    }
}

/// The levels up to which a rank may act (§3.3). None: below its own level. A ceiling only lowers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceilings {
    /// Highest level to promote to.
    pub promote: Option<i64>,
    /// Highest level to demote from.
    pub demote: Option<i64>,
    /// Highest level to kick.
    pub kick: Option<i64>,
    /// Highest level of people to rename and invite.
    pub manage: Option<i64>,
}

/// What a rank says about its holder (§3.2); for visitors the guest rank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankFacts {
    /// Its level.
    pub level: i64,
    /// What it grants in the whole organisation.
    pub access: AccessSet,
    /// Up to which levels.
    pub ceilings: Ceilings,
}

impl RankFacts {
    /// The highest level that this rank may act on.
    fn reach(&self, action: Action) -> i64 {
        let ceiling = match action {
            Action::Promote => self.ceilings.promote,
            Action::Demote => self.ceilings.demote,
            Action::Kick => self.ceilings.kick,
            Action::ManagePlayers => self.ceilings.manage,
            _ => None,
        };
        let below = self.level.saturating_sub(1);
        ceiling.map_or(below, |ceiling| ceiling.min(below))
    }
}

/// A person that is acted on.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// Who.
    pub id: PlayerId,
    /// Founded the organisation.
    pub founder: bool,
    /// Is a co-founder.
    pub co_founder: bool,
    /// Level of their rank.
    pub level: i64,
    /// Path from their exclusive group up to the root; the root alone when they are in none.
    pub path: &'a [GroupId],
}

/// What a decision is about.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// The organisation as a whole.
    Org,
    /// A group, given as the path from it up to the root group, itself included.
    Group(&'a [GroupId]),
    /// A person.
    Person(&'a Person<'a>),
    /// A person who gets another rank.
    NewRank {
        /// Who.
        person: &'a Person<'a>,
        /// Its level.
        level: i64,
        /// What it grants that the rank of now does not.
        gains: AccessSet,
    },
}

/// What is known about the actor in this organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The actor founded the organisation (§3.1).
    pub founder: bool,
    /// The actor is a co-founder (§3.1).
    pub co_founder: bool,
    /// The actor's player, in good standing.
    pub player: Option<PlayerId>,
    /// The actor's rank, or the guest rank.
    pub rank: RankFacts,
    /// What the actor's roles grant in their group and below it, leadership included (§3.4).
    pub roles: BTreeMap<GroupId, AccessSet>,
    /// Groups of which the actor is a manager (§3.4).
    pub manages: BTreeSet<GroupId>,
}

/// Which grant allowed an action (§3.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// The founder may do everything.
    Founder,
    /// Co-founders may do everything but manage founders.
    CoFounder,
    /// The rank's access set.
    Rank,
    /// A role in this group, at or above the target.
    Role(GroupId),
    /// Management of this group, at or above the target.
    Manager(GroupId),
    /// Everybody about themself.
    Oneself,
}

/// What the actor would need (§3.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Only the founder may.
    Founder,
    /// This access, by rank.
    Access(Action),
    /// This access, by rank or by a role in the group or above it.
    AccessHere(Action),
    /// A rank above the person's, or one that reaches up to it.
    Level,
    /// A rank above the new one, or one that reaches up to it.
    NewLevel,
    /// This access, because nobody gives what they do not have.
    ToGive(Action),
    /// Somebody else: nobody changes their own rank or removes themself this way.
    Other,
    /// Nobody acts on the founder, and only the founder on co-founders.
    Protected,
    /// Being a player of the organisation.
    Membership,
    /// Who was banned does not come back by themself.
    NotBanned,
    /// Looking through somebody's eyes, nothing can be changed.
    OwnEyes,
    /// An administrator of the installation (§21).
    SiteAdmin,
}

/// Proof that [`decide`] allowed an action. Cannot be made elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted {
    action: Action,
    grant: Grant,
}

impl Granted {
    /// The action that was allowed.
    #[must_use]
    pub fn action(self) -> Action {
        self.action
    }

    /// Through which grant.
    #[must_use]
    pub fn grant(self) -> Grant {
        self.grant
    }
}

/// Decides whether the facts allow the action on the target.
///
/// # Errors
/// What is missing, in the words of [`Missing`].
pub fn decide(facts: &Facts, action: Action, target: Target<'_>) -> Result<Granted, Missing> {
    let granted = |grant| Ok(Granted { action, grant });
    let person = match target {
        Target::Person(person) | Target::NewRank { person, .. } => Some(person),
        Target::Org | Target::Group(_) => None,
    };
    if let Some(person) = person {
        let oneself = facts.player == Some(person.id);
        if oneself && action == Action::ManagePlayers {
            return granted(Grant::Oneself);
        }
        if oneself {
            return Err(Missing::Other);
        }
        untouched(facts, person)?;
    }
    if facts.founder {
        return granted(Grant::Founder);
    }
    if action == Action::ManageFounders {
        return Err(Missing::Founder);
    }
    if facts.co_founder {
        return granted(Grant::CoFounder);
    }
    let path = match (target, person) {
        (Target::Group(path), _) => path,
        (_, Some(person)) => person.path,
        _ => &[],
    };
    let grants = grants_of(facts, action, path);
    if grants.iter().all(Option::is_none) {
        return Err(if path.is_empty() || !action.in_groups() {
            Missing::Access(action)
        } else {
            Missing::AccessHere(action)
        });
    }
    let reaching =
        |grant: &Grant| person.is_none_or(|person| reaches(&facts.rank, action, *grant, person));
    let grant = grants.into_iter().flatten().find(reaching);
    let grant = grant.ok_or(Missing::Level)?;
    if let Target::NewRank { level, gains, .. } = target {
        if action == Action::Promote && level > facts.rank.reach(action) {
            return Err(Missing::NewLevel);
        }
        may_give(facts, gains, Target::Org)?;
    }
    granted(grant)
}

/// Nobody acts on the founder, and nobody but the founder on co-founders (§3.1).
///
/// # Errors
/// [`Missing::Protected`].
pub fn untouched(facts: &Facts, person: &Person<'_>) -> Result<(), Missing> {
    let oneself = facts.player == Some(person.id);
    let protected = person.founder || (person.co_founder && !facts.founder);
    if protected && !oneself {
        return Err(Missing::Protected);
    }
    Ok(())
}

/// Nobody gives an access that they do not have themselves (security.md §3.2, 3).
///
/// # Errors
/// The first access that is missing.
pub fn may_give(facts: &Facts, access: AccessSet, target: Target<'_>) -> Result<(), Missing> {
    access
        .iter()
        .find(|action| decide(facts, *action, target).is_err())
        .map_or(Ok(()), |action| Err(Missing::ToGive(action)))
}

/// What allows an action on a group with this path, the strongest first; an empty path is the
/// organisation.
fn grants_of(facts: &Facts, action: Action, path: &[GroupId]) -> [Option<Grant>; 3] {
    let role = |group: &&GroupId| {
        let given = facts.roles.get(group);
        action.in_groups() && given.is_some_and(|access| access.has(action))
    };
    let manager =
        |group: &&GroupId| action == Action::AssignMembers && facts.manages.contains(group);
    [
        facts.rank.access.has(action).then_some(Grant::Rank),
        path.iter().find(role).copied().map(Grant::Role),
        path.iter().find(manager).copied().map(Grant::Manager),
    ]
}

/// Does the rank reach up to the person (§3.3)? A leader's role reaches everybody in the group,
/// but for what is judged by level.
fn reaches(rank: &RankFacts, action: Action, grant: Grant, person: &Person<'_>) -> bool {
    match (action, grant) {
        (Action::Promote, _) => person.level < rank.level,
        (Action::ManagePlayers, Grant::Role(_)) => true,
        _ => person.level <= rank.reach(action),
    }
}

#[cfg(test)]
mod tests;
