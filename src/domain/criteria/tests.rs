//! Tests of criteria, and the random rules and facts that they share.

mod json;
mod logic;
mod words;

use super::*;
use crate::domain::ids::{AwardId, CategoryId, GroupId, KeyId, PoolId, QualificationId, RoleId};
use proptest::{option, prelude::*};
use uuid::Uuid;

/// One of few ids, so that rules and facts speak of the same things.
fn id() -> impl Strategy<Value = Uuid> {
    (1..4_u128).prop_map(Uuid::from_u128)
}

fn window() -> impl Strategy<Value = Window> {
    let days = option::of(prop::sample::select(vec![30, 90, 36_500]));
    (days, option::of(id().prop_map(CategoryId)))
        .prop_map(|(days, category)| Window { days, category })
}

fn time_in() -> impl Strategy<Value = TimeIn> {
    prop::sample::select(TimeIn::ALL.to_vec())
}

fn fact() -> impl Strategy<Value = Fact> {
    prop_oneof![
        (window(), 1..=100_u8)
            .prop_map(|(window, percent)| Fact::AttendedPercent { window, percent }),
        (window(), 1..=100_u8)
            .prop_map(|(window, percent)| Fact::AccountablePercent { window, percent }),
        (window(), 1..=30_u32).prop_map(|(window, count)| Fact::AttendedCount { window, count }),
        (time_in(), 1..=400_u32).prop_map(|(what, days)| Fact::TimeIn { what, days }),
        (0..=1_000_i64).prop_map(Fact::RankLevel),
        id().prop_map(|id| Fact::Qualification(QualificationId(id))),
        id().prop_map(|id| Fact::Award(AwardId(id))),
        (id(), 1..=100_i64).prop_map(|(id, total)| Fact::KeyTotal {
            key: KeyId(id),
            total
        }),
        (id(), any::<bool>()).prop_map(|(id, or_below)| Fact::MemberOf {
            group: GroupId(id),
            or_below
        }),
        id().prop_map(|id| Fact::Role(RoleId(id))),
        (id(), -100..=100_i64).prop_map(|(id, points)| Fact::Points {
            pool: PoolId(id),
            points
        }),
        Just(Fact::OnLeave),
        (1..=400_u32).prop_map(|days| Fact::NoReprimand { days }),
    ]
}

/// Rules within the limits; `not` only where asked for.
fn rule(with_not: bool) -> impl Strategy<Value = Criterion> {
    let leaf = prop_oneof![
        9 => fact().prop_map(Criterion::Fact),
        1 => Just(Criterion::default()),
    ];
    leaf.prop_recursive(4, 30, 4, move |inner| {
        let some = prop::collection::vec(inner.clone(), 1..4);
        let at_least = (some.clone(), any::<prop::sample::Index>()).prop_map(|(of, index)| {
            let n = u32::try_from(index.index(of.len()) + 1).expect("a short list");
            Criterion::AtLeast { n, of }
        });
        let all = prop::collection::vec(inner.clone(), 0..4).prop_map(Criterion::All);
        let joined = prop_oneof![all, some.prop_map(Criterion::Any), at_least];
        if with_not {
            let not = inner.prop_map(|part| Criterion::Not(Box::new(part)));
            prop_oneof![3 => joined, 1 => not].boxed()
        } else {
            joined.boxed()
        }
    })
    .prop_filter("more than a rule may have", |rule| {
        Criterion::from_json(&rule.to_json()).is_ok()
    })
}

fn attendance() -> impl Strategy<Value = Attendance> {
    let each = prop::collection::vec((0..=4_u32, any::<bool>()), 0..12);
    each.prop_map(|each| {
        let mut sums = Attendance::default();
        for (quarters, excused) in each {
            let credit = 25 * quarters;
            sums.operations += 1;
            sums.attended += u32::from(credit > 0);
            sums.credit += credit;
            sums.accountable += if excused { 100 } else { credit };
        }
        sums
    })
}

/// Everything that the rule wants, or most of it.
fn facts(rule: &Criterion) -> impl Strategy<Value = Facts> + use<> {
    let wants = rule.wants();
    let count = 60;
    let numbers = prop::collection::vec(-20..=400_i64, count);
    let known = prop::collection::vec(prop::bool::weighted(0.85), count);
    let sums = prop::collection::vec(attendance(), count);
    (numbers, known, sums).prop_map(move |(numbers, known, sums)| {
        let mut facts = Facts::blank(&wants);
        let mut at = 0;
        let mut next = || {
            at = (at + 1) % count;
            (numbers[at], known[at], sums[at])
        };
        for window in &wants.attendance {
            let (_, known, sums) = next();
            facts.attendance.remove(window);
            if known {
                facts.attendance.insert(*window, sums);
            }
        }
        for what in &wants.time_in {
            let (number, known, _) = next();
            facts.time_in.remove(what);
            if known {
                let days = u32::try_from(number.max(0)).expect("not below zero");
                facts.time_in.insert(*what, days);
            }
        }
        let (number, known, _) = next();
        facts.rank_level = known.then_some(2 * number.max(0));
        facts.qualifications.retain(|_, held| {
            let (number, known, _) = next();
            *held = number % 2 == 0;
            known
        });
        facts.awards.retain(|_, held| {
            let (number, known, _) = next();
            *held = number % 2 == 0;
            known
        });
        facts.roles.retain(|_, held| {
            let (number, known, _) = next();
            *held = number % 2 == 0;
            known
        });
        facts.keys.retain(|_, total| {
            let (number, known, _) = next();
            *total = number / 3;
            known
        });
        facts.pools.retain(|_, points| {
            let (number, known, _) = next();
            *points = number - 100;
            known
        });
        facts.groups.retain(|_, how| {
            let (number, known, _) = next();
            *how = [Membership::No, Membership::Below, Membership::Member]
                [usize::try_from(number.rem_euclid(3)).expect("0 to 2")];
            known
        });
        let (number, known, _) = next();
        facts.on_leave = known.then_some(number % 2 == 0);
        let (number, known, _) = next();
        facts.last_reprimand = known.then(|| match u32::try_from(number) {
            Ok(days) => LastReprimand::DaysAgo(days),
            Err(_) => LastReprimand::Never,
        });
        facts
    })
}

/// A rule and what is known.
fn case(with_not: bool) -> impl Strategy<Value = (Criterion, Facts)> {
    rule(with_not).prop_flat_map(|rule| {
        let facts = facts(&rule);
        (Just(rule), facts)
    })
}
