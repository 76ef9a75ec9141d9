//! Properties of the decision (security.md §3.2). The differential test against Cedar stands in
//! `tests::cedar`.

use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn group(n: u128) -> GroupId {
    GroupId(Uuid::from_u128(n))
}

fn player(n: u128) -> PlayerId {
    PlayerId(Uuid::from_u128(n))
}

fn access() -> impl Strategy<Value = AccessSet> {
    proptest::collection::vec(proptest::sample::select(Action::ALL), 0..6)
        .prop_map(|actions| actions.into_iter().collect())
}

fn ceilings() -> impl Strategy<Value = Ceilings> {
    let one = || proptest::option::of(0..10i64);
    (one(), one(), one(), one()).prop_map(|(promote, demote, kick, manage)| Ceilings {
        promote,
        demote,
        kick,
        manage,
    })
}

fn rank() -> impl Strategy<Value = RankFacts> {
    (0..10i64, access(), ceilings()).prop_map(|(level, access, ceilings)| RankFacts {
        level,
        access,
        ceilings,
    })
}

/// Somebody who is neither founder nor co-founder, unless said so.
fn facts() -> impl Strategy<Value = Facts> {
    let roles = proptest::collection::btree_map((0..6u128).prop_map(group), access(), 0..3);
    let manages = proptest::collection::btree_set((0..6u128).prop_map(group), 0..3);
    let one_in_ten = || proptest::bool::weighted(0.1);
    (one_in_ten(), one_in_ten(), 0..4u128, rank(), roles, manages).prop_map(
        |(founder, co_founder, own, rank, roles, manages)| Facts {
            founder,
            co_founder,
            player: Some(player(own)),
            rank,
            roles,
            manages,
        },
    )
}

#[derive(Clone, Debug)]
struct Somebody {
    id: PlayerId,
    founder: bool,
    co_founder: bool,
    level: i64,
    path: Vec<GroupId>,
}

impl Somebody {
    fn person(&self) -> Person<'_> {
        Person {
            id: self.id,
            founder: self.founder,
            co_founder: self.co_founder,
            level: self.level,
            path: &self.path,
        }
    }
}

fn somebody() -> impl Strategy<Value = Somebody> {
    let one_in_ten = || proptest::bool::weighted(0.1);
    (0..8u128, one_in_ten(), one_in_ten(), 0..10i64, 1..5u128).prop_map(
        |(id, founder, co_founder, level, depth)| Somebody {
            id: player(id),
            founder,
            co_founder,
            level,
            path: (0..depth).rev().map(group).collect(),
        },
    )
}

fn action() -> impl Strategy<Value = Action> {
    proptest::sample::select(Action::ALL)
}

#[test]
fn nobody_may_do_anything_without_a_grant() {
    let path = [group(1), group(0)];
    for action in Action::ALL {
        for target in [Target::Org, Target::Group(&path)] {
            assert!(
                decide(&Facts::default(), *action, target).is_err(),
                "{action:?} was allowed to a stranger; every arm of decide() needs a grant"
            );
        }
    }
}

#[test]
fn access_ids_are_read_as_they_are_written() {
    for action in Action::ALL {
        assert_eq!(Action::parse(action.id()), Some(*action));
    }
    let set: AccessSet = [Action::Promote, Action::ReadLog].into_iter().collect();
    assert_eq!(set.stored(), "player.promote log.read");
    assert_eq!(AccessSet::parse("log.read nonsense player.promote"), set);
    assert!(
        AccessSet::parse("founders.manage").is_empty(),
        "no rank or role may carry what only the founder may"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// More access never takes a right away, and less never gives one (security.md §3.2, 4).
    #[test]
    fn adding_an_access_never_removes_a_right(
        facts in facts(), more in facts(), target in somebody(), new in 0..10i64,
        gains in access(), action in action(),
    ) {
        let mut union = facts.clone();
        union.rank.access = facts.rank.access.union(more.rank.access);
        for (group, access) in &more.roles {
            let had = union.roles.entry(*group).or_default();
            *had = had.union(*access);
        }
        union.manages.extend(&more.manages);
        let person = target.person();
        for target in [
            Target::Org,
            Target::Group(&target.path),
            Target::Person(&person),
            Target::NewRank { person: &person, level: new, gains },
        ] {
            if decide(&facts, action, target).is_ok() {
                prop_assert!(decide(&union, action, target).is_ok());
            }
        }
    }

    /// A role reaches exactly its group and what is below it (§3.4); managers the same.
    #[test]
    fn a_role_reaches_exactly_the_subtree(led in 0..6u128, depth in 1..6u128) {
        let by_role = Facts {
            roles: [(group(led), AccessSet::leadership())].into(),
            ..Facts::default()
        };
        let by_managing = Facts { manages: [group(led)].into(), ..Facts::default() };
        let path: Vec<GroupId> = (0..depth).map(group).collect();
        for action in AccessSet::leadership().iter() {
            let allowed = decide(&by_role, action, Target::Group(&path)).is_ok();
            prop_assert_eq!(allowed, led < depth);
            prop_assert!(decide(&by_role, action, Target::Org).is_err());
            let allowed = decide(&by_managing, action, Target::Group(&path)).is_ok();
            prop_assert_eq!(allowed, led < depth && action == Action::AssignMembers);
        }
    }

    /// Nobody kicks, demotes or promotes somebody of their own level or above, nobody raises anybody
    /// to their own level, nobody changes their own rank, and nobody acts on the founder
    /// (§3.3, security.md §3.2, 3).
    #[test]
    fn nobody_reaches_their_own_level(
        facts in facts(), target in somebody(), new in 0..10i64, gains in access(),
    ) {
        let person = target.person();
        let to = Target::NewRank { person: &person, level: new, gains };
        let allowed = [
            decide(&facts, Action::Promote, to),
            decide(&facts, Action::Demote, to),
            decide(&facts, Action::Kick, Target::Person(&person)),
        ];
        let acts = allowed.iter().any(Result::is_ok);
        if facts.player == Some(target.id) || target.founder {
            prop_assert!(!acts, "somebody acted on themself or on the founder");
        }
        if !facts.founder && target.co_founder {
            prop_assert!(!acts, "somebody acted on a co-founder");
        }
        if !facts.founder && !facts.co_founder && acts {
            prop_assert!(target.level < facts.rank.level);
            prop_assert!(allowed[0].is_err() || new < facts.rank.level);
            let given = allowed[0].is_ok() || allowed[1].is_ok();
            prop_assert!(
                !given || gains.without(facts.rank.access).is_empty(),
                "a rank was given with access that the giver lacks"
            );
        }
    }

    /// A ceiling only lowers (§3.3).
    #[test]
    fn a_ceiling_only_lowers(facts in facts(), target in somebody(), new in 0..10i64) {
        let mut free = facts.clone();
        free.rank.ceilings = Ceilings::default();
        let person = target.person();
        let gains = AccessSet::default();
        for action in [Action::Promote, Action::Demote] {
            let to = Target::NewRank { person: &person, level: new, gains };
            prop_assert!(decide(&facts, action, to).is_err() || decide(&free, action, to).is_ok());
        }
    }

    /// What may be given is what is held.
    #[test]
    fn nobody_gives_what_they_do_not_have(
        facts in facts(), gives in access(), target in somebody(),
    ) {
        let here = Target::Group(&target.path);
        let holds = |action| decide(&facts, action, here).is_ok();
        prop_assert_eq!(may_give(&facts, gives, here).is_ok(), gives.iter().all(holds));
    }
}
