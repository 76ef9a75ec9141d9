//! The answers: laws of the logic, an independent evaluator, what is not known.

use super::*;
use proptest::test_runner::Config;

fn verdict(rule: &Criterion, facts: &Facts) -> Verdict {
    evaluate(rule, facts).verdict
}

fn not(rule: Criterion) -> Criterion {
    Criterion::Not(Box::new(rule))
}

/// Is the rule surely met (`wanted`) or surely not met? Written without [`Verdict`] and
/// [`Figures`], so that it can disagree with them.
fn surely(rule: &Criterion, facts: &Facts, wanted: bool) -> bool {
    let sure = |part: &Criterion| surely(part, facts, wanted);
    match (rule, wanted) {
        (Criterion::All(parts), true) | (Criterion::Any(parts), false) => parts.iter().all(sure),
        (Criterion::All(parts), false) | (Criterion::Any(parts), true) => parts.iter().any(sure),
        (Criterion::AtLeast { n, of }, true) => {
            of.iter().filter(|part| sure(part)).count() >= *n as usize
        }
        (Criterion::AtLeast { n, of }, false) => {
            of.iter().filter(|part| !sure(part)).count() < *n as usize
        }
        (Criterion::Not(part), _) => surely(part, facts, !wanted),
        (Criterion::Fact(fact), _) => naive(*fact, facts) == Some(wanted),
    }
}

fn naive(fact: Fact, facts: &Facts) -> Option<bool> {
    // Tenths of a hundredth are enough to see which side of a half a quotient lies on.
    let reaches = |credit: u32, operations: u32, percent: u8| {
        let exact = f64::from(credit) / f64::from(operations);
        let shown = (exact * 100.0 + 0.5 + 1e-9).floor() / 100.0;
        (operations > 0).then_some(shown >= f64::from(percent))
    };
    match fact {
        Fact::AttendedPercent { window, percent } => {
            let sums = facts.attendance.get(&window)?;
            reaches(sums.credit, sums.operations, percent)
        }
        Fact::AccountablePercent { window, percent } => {
            let sums = facts.attendance.get(&window)?;
            reaches(sums.accountable, sums.operations, percent)
        }
        Fact::AttendedCount { window, count } => {
            Some(facts.attendance.get(&window)?.attended >= count)
        }
        Fact::TimeIn { what, days } => Some(*facts.time_in.get(&what)? >= days),
        Fact::RankLevel(level) => Some(facts.rank_level? >= level),
        Fact::Qualification(id) => facts.qualifications.get(&id).copied(),
        Fact::Award(id) => facts.awards.get(&id).copied(),
        Fact::KeyTotal { key, total } => Some(*facts.keys.get(&key)? >= total),
        Fact::MemberOf { group, or_below } => {
            let how = *facts.groups.get(&group)?;
            Some(how == Membership::Member || (or_below && how == Membership::Below))
        }
        Fact::Role(id) => facts.roles.get(&id).copied(),
        Fact::Points { pool, points } => Some(*facts.pools.get(&pool)? >= points),
        Fact::OnLeave => facts.on_leave,
        Fact::NoReprimand { days } => Some(match facts.last_reprimand? {
            LastReprimand::Never => true,
            LastReprimand::DaysAgo(ago) => ago >= days,
        }),
    }
}

/// The same person with more of everything that rules ask for.
fn better(mut facts: Facts) -> Facts {
    for sums in facts.attendance.values_mut() {
        sums.attended = sums.operations;
        sums.credit = (sums.credit + 50).min(100 * sums.operations);
        sums.accountable = sums.accountable.max(sums.credit);
    }
    facts.time_in.values_mut().for_each(|days| *days += 100);
    facts.rank_level = facts.rank_level.map(|level| level + 5);
    facts
        .qualifications
        .values_mut()
        .for_each(|held| *held = true);
    facts.awards.values_mut().for_each(|held| *held = true);
    facts.roles.values_mut().for_each(|held| *held = true);
    facts.keys.values_mut().for_each(|total| *total += 10);
    facts.pools.values_mut().for_each(|points| *points += 10);
    facts.groups.values_mut().for_each(|how| {
        *how = match how {
            Membership::No => Membership::Below,
            Membership::Below | Membership::Member => Membership::Member,
        };
    });
    facts.on_leave = facts.on_leave.map(|_| true);
    facts.last_reprimand = facts.last_reprimand.map(|_| LastReprimand::Never);
    facts
}

/// The same person of whom less is known: every `nth` entry is forgotten.
fn forget(mut facts: Facts, nth: usize) -> Facts {
    let mut at = 0;
    let mut keep = || {
        at += 1;
        at % nth != 0
    };
    facts.attendance.retain(|_, _| keep());
    facts.time_in.retain(|_, _| keep());
    facts.qualifications.retain(|_, _| keep());
    facts.awards.retain(|_, _| keep());
    facts.keys.retain(|_, _| keep());
    facts.groups.retain(|_, _| keep());
    facts.roles.retain(|_, _| keep());
    facts.pools.retain(|_, _| keep());
    facts.rank_level = facts.rank_level.filter(|_| keep());
    facts.on_leave = facts.on_leave.filter(|_| keep());
    facts.last_reprimand = facts.last_reprimand.filter(|_| keep());
    facts
}

proptest! {
    #![proptest_config(Config::with_cases(512))]

    #[test]
    fn the_answer_is_the_naive_one((rule, facts) in case(true)) {
        let expected = match (surely(&rule, &facts, true), surely(&rule, &facts, false)) {
            (true, false) => Verdict::Met,
            (false, true) => Verdict::Unmet,
            (false, false) => Verdict::Unknown,
            (true, true) => panic!("{rule} is met and not met"),
        };
        prop_assert_eq!(verdict(&rule, &facts), expected, "{} for {:?}", rule, facts);
    }

    #[test]
    fn de_morgan((rule, facts) in case(true), (other, more) in case(true)) {
        let mut facts = facts;
        facts.attendance.extend(more.attendance);
        facts.keys.extend(more.keys);
        let parts = vec![rule, other];
        let nots: Vec<_> = parts.iter().cloned().map(not).collect();
        let same = [
            (not(Criterion::All(parts.clone())), Criterion::Any(nots.clone())),
            (not(Criterion::Any(parts.clone())), Criterion::All(nots.clone())),
            (not(not(parts[0].clone())), parts[0].clone()),
            (Criterion::AtLeast { n: 1, of: parts.clone() }, Criterion::Any(parts.clone())),
            (Criterion::AtLeast { n: 2, of: parts.clone() }, Criterion::All(parts.clone())),
            (not(Criterion::AtLeast { n: 2, of: parts }), Criterion::AtLeast { n: 1, of: nots }),
        ];
        for (one, two) in same {
            prop_assert_eq!(verdict(&one, &facts), verdict(&two, &facts), "{} = {}", one, two);
        }
    }

    #[test]
    fn who_gets_better_loses_nothing((rule, facts) in case(false)) {
        let before = evaluate(&rule, &facts).met();
        let after = evaluate(&rule, &better(facts)).met();
        prop_assert!(!before || after, "{} is lost by being better", rule);
    }

    #[test]
    fn knowing_less_never_opens_or_turns((rule, facts) in case(true), nth in 1..5_usize) {
        let less = verdict(&rule, &forget(facts.clone(), nth));
        let more = verdict(&rule, &facts);
        prop_assert!(
            less == Verdict::Unknown || less == more,
            "{} was {} and is {} when less is known", rule, more, less
        );
    }

    #[test]
    fn wants_are_enough((rule, facts) in case(true)) {
        // Whatever else is put in, a rule reads what it said it wants and nothing more.
        let wants = rule.wants();
        prop_assert_eq!(&Wants::of([&rule, &rule]), &wants);
        let mut other = facts.clone();
        if !wants.rank_level {
            other.rank_level = Some(1_000);
        }
        if !wants.on_leave {
            other.on_leave = Some(true);
        }
        other.attendance.entry(Window { days: Some(7), category: None }).or_default();
        prop_assert_eq!(evaluate(&rule, &facts), evaluate(&rule, &other));
        // And somebody known only by default is judged without a gap but for rank and service.
        let mut blank = Facts::blank(&wants);
        blank.rank_level = Some(0);
        blank.time_in.extend([(TimeIn::Rank, 0), (TimeIn::Service, 0)]);
        let gap = rule.facts().into_iter().find(|fact| blank.about(*fact) == Known::Nothing);
        prop_assert_eq!(gap, None, "Facts::blank must cover every fact that is wanted");
    }

    #[test]
    fn what_is_short_is_just_enough(sums in attendance(), percent in 1..=100_u8) {
        let window = Window::default();
        let fact = Fact::AttendedPercent { window, percent };
        let met = |sums| fact.verdict(Known::Attendance(sums)) == Verdict::Met;
        if let Some(figures) = fact.figures(Known::Attendance(sums)) {
            let short = u32::try_from(figures.short()).expect("not below zero");
            prop_assert_eq!(short == 0, met(sums));
            let with = |credit: u32| Attendance { credit, ..sums };
            prop_assert!(met(with(sums.credit + short)), "{} more credit must do", short);
            prop_assert!(short == 0 || !met(with(sums.credit + short - 1)), "one less must not do");
        } else {
            prop_assert_eq!(sums.operations, 0);
        }
    }
}

#[test]
fn nothing_known_opens_no_gate_not_even_through_not() {
    let leave = Criterion::Fact(Fact::OnLeave);
    let unknown = Facts::default();
    for rule in [leave.clone(), not(leave.clone()), not(not(leave.clone()))] {
        assert_eq!(verdict(&rule, &unknown), Verdict::Unknown, "{rule}");
        assert!(!evaluate(&rule, &unknown).met(), "{rule} must not be met");
    }
    // What the known parts decide stands.
    let level = Criterion::Fact(Fact::RankLevel(3));
    let known = Facts {
        rank_level: Some(3),
        ..Facts::default()
    };
    let any = Criterion::Any(vec![leave.clone(), level.clone()]);
    assert_eq!(verdict(&any, &known), Verdict::Met);
    let all = Criterion::All(vec![leave, not(level)]);
    assert_eq!(verdict(&all, &known), Verdict::Unmet);
}

/// §9.7: no operations is 0 %, and not eligible; neither for the good nor for the slack.
#[test]
fn without_operations_nobody_is_eligible() {
    let window = Window {
        days: Some(30),
        category: None,
    };
    let rule = Criterion::Fact(Fact::AttendedPercent {
        window,
        percent: 15,
    });
    let facts = Facts::blank(&rule.wants());
    assert_eq!(facts.attendance[&window].attended_percent(), 0);
    assert_eq!(verdict(&rule, &facts), Verdict::Unknown);
    assert_eq!(verdict(&not(rule), &facts), Verdict::Unknown);
}

/// What people read is what decides: 69.995 % is shown as 70 % and is enough for 70 %.
#[test]
fn the_percentage_that_is_shown_decides() {
    let of = |credit| Attendance {
        operations: 200,
        attended: 200,
        credit,
        accountable: credit,
    };
    let fact = Fact::AttendedPercent {
        window: Window::default(),
        percent: 70,
    };
    for (credit, shown, verdict) in [
        (13_998, 6_999, Verdict::Unmet),
        (13_999, 7_000, Verdict::Met),
        (14_000, 7_000, Verdict::Met),
    ] {
        assert_eq!(of(credit).attended_percent(), shown);
        assert_eq!(fact.verdict(Known::Attendance(of(credit))), verdict);
    }
}
