//! Who may do what, as a pure decision with a witness (§3).
//!
//! [`decide`] is the only maker of [`Granted`], and functions that write demand one, so a command
//! without a check does not compile. Facts are read in the transaction that writes. Ranks, treaty
//! and guest access (§3.2, §3.5, §17) will add fields to [`Facts`] and variants to [`Grant`];
//! callers do not change.

use super::ids::GroupId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A thing that commands ask permission for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Add or remove co-founders (§3.1).
    ManageFounders,
    /// Change the organisation's settings.
    ManageOrg,
    /// Import people and groups (§19.1).
    Import,
    /// Create players and invite users to claim them (§2.2).
    ManagePlayers,
    /// Create, edit, move and retire groups, roles and positions (§4).
    EditStructure,
    /// Add, transfer, post and remove members (§4.6).
    AssignMembers,
    /// Choose the managers of a group (§3.4).
    ManageManagers,
    /// Read what happened, apart from private groups (§20).
    ReadLog,
}

/// What a decision is about.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// The organisation as a whole.
    Org,
    /// A group, given as the path from it up to the root group, itself included.
    Group(&'a [GroupId]),
}

/// What is known about the actor in this organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The actor founded the organisation (§3.1).
    pub founder: bool,
    /// The actor is a co-founder (§3.1).
    pub co_founder: bool,
    /// The actor is a player of the organisation.
    pub member: bool,
    /// Groups in which the actor holds a role with leadership (§3.4).
    pub leads: BTreeSet<GroupId>,
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
    /// Leadership in this group, at or above the target.
    Leadership(GroupId),
    /// Management of this group, at or above the target.
    Manager(GroupId),
    /// Being a player of the organisation.
    Member,
}

/// What the actor would need (§3.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Only the founder may.
    Founder,
    /// Founder or co-founder.
    CoFounder,
    /// A role with leadership in the group or above it.
    Leadership,
    /// A role with leadership, or being a manager, of the group or above it.
    LeadershipOrManager,
    /// Being a player of the organisation.
    Membership,
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
    if facts.founder {
        return granted(Grant::Founder);
    }
    if action == Action::ManageFounders {
        return Err(Missing::Founder);
    }
    if facts.co_founder {
        return granted(Grant::CoFounder);
    }
    let path = match target {
        Target::Org => &[],
        Target::Group(path) => path,
    };
    let leads = || {
        path.iter()
            .find(|group| facts.leads.contains(group))
            .copied()
    };
    let manages = || {
        path.iter()
            .find(|group| facts.manages.contains(group))
            .copied()
    };
    match action {
        Action::ManageFounders | Action::ManageOrg | Action::Import => Err(Missing::CoFounder),
        Action::EditStructure | Action::ManageManagers | Action::ManagePlayers => leads()
            .map_or(Err(Missing::Leadership), |group| {
                granted(Grant::Leadership(group))
            }),
        Action::AssignMembers => {
            let grant = leads()
                .map(Grant::Leadership)
                .or_else(|| manages().map(Grant::Manager));
            grant.map_or(Err(Missing::LeadershipOrManager), granted)
        }
        Action::ReadLog if facts.member => granted(Grant::Member),
        Action::ReadLog => Err(Missing::Membership),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const ACTIONS: [Action; 8] = [
        Action::ManageFounders,
        Action::ManageOrg,
        Action::Import,
        Action::ManagePlayers,
        Action::EditStructure,
        Action::AssignMembers,
        Action::ManageManagers,
        Action::ReadLog,
    ];

    fn group(n: u128) -> GroupId {
        GroupId(Uuid::from_u128(n))
    }

    fn facts() -> impl Strategy<Value = Facts> {
        let some = || proptest::collection::btree_set((0..6u128).prop_map(group), 0..3);
        (any::<bool>(), any::<bool>(), any::<bool>(), some(), some()).prop_map(
            |(founder, co_founder, member, leads, manages)| Facts {
                founder,
                co_founder,
                member,
                leads,
                manages,
            },
        )
    }

    #[test]
    fn nobody_may_do_anything_without_a_grant() {
        let path = [group(1), group(0)];
        for action in ACTIONS {
            for target in [Target::Org, Target::Group(&path)] {
                assert!(
                    decide(&Facts::default(), action, target).is_err(),
                    "{action:?} was allowed to a stranger; every arm of decide() needs a grant"
                );
            }
        }
    }

    proptest! {
        /// More grants never take a right away (security.md §3.2, 4).
        #[test]
        fn adding_a_grant_never_removes_a_right(facts in facts(), more in facts(), depth in 1..4u128) {
            let path: Vec<GroupId> = (0..depth).map(group).collect();
            let union = Facts {
                founder: facts.founder || more.founder,
                co_founder: facts.co_founder || more.co_founder,
                member: facts.member || more.member,
                leads: facts.leads.union(&more.leads).copied().collect(),
                manages: facts.manages.union(&more.manages).copied().collect(),
            };
            for action in ACTIONS {
                for target in [Target::Org, Target::Group(&path)] {
                    if decide(&facts, action, target).is_ok() {
                        prop_assert!(decide(&union, action, target).is_ok());
                    }
                }
            }
        }

        /// A leader's right ends at the groups at and below the one led (§3.4).
        #[test]
        fn leadership_reaches_exactly_the_subtree(led in 0..6u128, depth in 1..6u128) {
            let facts = Facts { leads: [group(led)].into(), ..Facts::default() };
            let path: Vec<GroupId> = (0..depth).map(group).collect();
            for action in [Action::EditStructure, Action::AssignMembers, Action::ManageManagers] {
                let allowed = decide(&facts, action, Target::Group(&path)).is_ok();
                prop_assert_eq!(allowed, led < depth);
                prop_assert!(decide(&facts, action, Target::Org).is_err());
            }
        }
    }
}
