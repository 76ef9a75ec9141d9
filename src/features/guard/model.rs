//! What a bulk change would do, and when it must be confirmed by typing (§4.8). Pure.

use crate::domain::{AppError, GroupId, MembershipId, PlanId, PlayerId, RankId};
use serde::{Deserialize, Serialize};

/// How many people a change may touch before its maker has to type how many they are: the smaller
/// of both, but never less than one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// People.
    pub people: u32,
    /// Percent of the organisation's players.
    pub percent: u32,
}

/// The limit of all bulk changes, here and in the import.
pub const LIMIT: Limit = Limit {
    people: 10,
    percent: 10,
};

/// How long a plan can be applied, in minutes.
pub const PLAN_MINUTES: i64 = 60;

/// Things that one plan changes, at most.
pub const MOST: usize = 2_000;

impl Limit {
    /// What is done without typing, in an organisation of so many players.
    #[must_use]
    pub fn allows(self, players: u32) -> u32 {
        let share = u64::from(players) * u64::from(self.percent) / 100;
        let share = u32::try_from(share).unwrap_or(u32::MAX);
        self.people.min(share).max(1)
    }

    /// Must the number be typed?
    #[must_use]
    pub fn needs_typing(self, affected: u32, players: u32) -> bool {
        affected > self.allows(players)
    }
}

/// What a change would do, item by item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What would be done.
    pub items: Vec<Item>,
    /// What was asked for and would not be done.
    pub skipped: Vec<Skipped>,
}

/// One person, and what would happen to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Who.
    pub player: PlayerId,
    /// Their name.
    pub name: String,
    /// In which membership, where it is about one.
    pub membership: Option<MembershipId>,
    /// What would happen, as a phrase.
    pub what: String,
    /// Why, as a phrase.
    pub why: String,
}

/// One person who would be left as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Who.
    pub player: PlayerId,
    /// Their name.
    pub name: String,
    /// What stands in the way.
    pub why: AppError,
}

impl Plan {
    /// How many people it would change.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.items.len()).unwrap_or(u32::MAX)
    }

    /// Tells two plans apart: the same for equal plans, another one as soon as an item, its reason
    /// or its state differs. Notices a change of the data and guards no secret, so FNV-1a will do.
    #[must_use]
    pub fn digest(&self) -> String {
        const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        let text = serde_json::to_string(self).unwrap_or_default();
        let hash = text.bytes().fold(OFFSET, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(PRIME)
        });
        format!("{hash:032x}")
    }
}

/// What the page offers that plans a change of ranks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidates {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// People to choose from, in command order.
    pub people: Vec<Candidate>,
    /// Ranks to choose from, the highest first.
    pub ranks: Vec<(RankId, String)>,
}

/// Somebody who can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Who.
    pub player: PlayerId,
    /// Their name.
    pub name: String,
    /// Their rank.
    pub rank: String,
    /// The group they are in.
    pub group: String,
}

/// How far a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlanState {
    /// It can be applied.
    Open,
    /// It was applied.
    Applied,
    /// Its hour is over.
    Expired,
}

/// The preview of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPage {
    /// Its id.
    pub id: PlanId,
    /// What is planned: "Remove people from Alpha".
    pub title: String,
    /// How far it is.
    pub state: PlanState,
    /// What it would do now.
    pub plan: Plan,
    /// Goes with the form, see [`Plan::digest`].
    pub digest: String,
    /// The number must be typed.
    pub must_type: bool,
    /// How many it may be without typing.
    pub allowed: u32,
    /// What the button says: "Remove 12 people".
    pub action: String,
    /// Where the maker came from.
    pub back: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ConflictCode, access::Missing};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn item(n: u128, what: &str) -> Item {
        Item {
            player: PlayerId(Uuid::from_u128(n)),
            name: format!("Player {n}"),
            membership: Some(MembershipId(Uuid::from_u128(n))),
            what: what.to_owned(),
            why: "Inactive".to_owned(),
        }
    }

    fn skipped(n: u128, why: AppError) -> Skipped {
        Skipped {
            player: PlayerId(Uuid::from_u128(n)),
            name: format!("Player {n}"),
            why,
        }
    }

    #[test]
    fn the_smaller_of_both_limits_counts_but_one_is_always_free() {
        for (players, allowed) in [
            (0, 1),
            (1, 1),
            (19, 1),
            (20, 2),
            (99, 9),
            (100, 10),
            (5_000, 10),
        ] {
            assert_eq!(LIMIT.allows(players), allowed, "of {players} players");
            assert!(!LIMIT.needs_typing(allowed, players));
            assert!(LIMIT.needs_typing(allowed + 1, players));
        }
    }

    #[test]
    fn a_digest_tells_plans_apart() {
        let plan = Plan {
            items: vec![item(1, "leaves Alpha"), item(2, "leaves Alpha")],
            skipped: vec![skipped(3, AppError::Forbidden(Missing::Protected))],
        };
        let mut other_role = plan.clone();
        other_role.items[1].what = "leaves Alpha, where they lead".to_owned();
        let mut fewer = plan.clone();
        fewer.items.pop();
        let mut other_reason = plan.clone();
        other_reason.skipped[0].why = AppError::Conflict(ConflictCode::PlayerGone);
        for changed in [other_role, fewer, other_reason] {
            assert_ne!(changed.digest(), plan.digest(), "{changed:?}");
        }
        assert_eq!(plan.clone().digest(), plan.digest());
    }

    proptest! {
        /// More people never need less care, and the same people are never waved through in a
        /// smaller organisation when they were stopped in a larger one.
        #[test]
        fn care_grows_with_the_share(affected in 0..300u32, players in 0..3_000u32, more in 0..300u32) {
            let typing = |affected, players| LIMIT.needs_typing(affected, players);
            prop_assert!(!typing(affected, players) || typing(affected + more, players));
            prop_assert!(!typing(affected, players + more) || typing(affected, players));
            prop_assert!(affected <= LIMIT.people || typing(affected, players));
        }

        /// What a form carries survives being stored and read, so a digest can be compared.
        #[test]
        fn a_plan_read_again_has_the_same_digest(names in proptest::collection::vec(".{0,12}", 0..6)) {
            let items = names.iter().enumerate().map(|(n, name)| item(n as u128, name)).collect();
            let plan = Plan { items, skipped: Vec::new() };
            let json = serde_json::to_string(&plan).unwrap_or_default();
            let read: Plan = serde_json::from_str(&json).map_err(|error| {
                TestCaseError::fail(format!("a plan cannot be read again: {error}"))
            })?;
            prop_assert_eq!(read.digest(), plan.digest());
        }
    }
}
