//! The sentences, as players read them.

use super::*;
use serde_json::json;

fn names(thing: Thing) -> Option<String> {
    let name = match thing {
        Thing::Group(GroupId(id)) if id.is_nil() => return None,
        Thing::Group(_) => "Alpha",
        Thing::Role(_) => "In Command of Alpha",
        Thing::Category(_) => "Training",
        Thing::Qualification(_) => "Medic",
        Thing::Award(_) => "Iron Boot",
        Thing::Key(_) => "Flight hours",
        Thing::Pool(_) => "Raid points",
        Thing::RankLevel(_) => "Sergeant",
    };
    Some(name.to_owned())
}

const ID: &str = "0190a5b0-0000-7000-8000-000000000001";

fn rule(value: serde_json::Value) -> Criterion {
    Criterion::from_json(&value).expect("a rule of this test")
}

/// The sentences, one a line, parts further in.
fn lines(told: &Told, depth: usize, out: &mut String) {
    out.push_str(&format!(
        "{}{} [{}]\n",
        "  ".repeat(depth),
        told.text,
        told.verdict
    ));
    for part in &told.parts {
        lines(part, depth + 1, out);
    }
}

fn told(value: serde_json::Value, change: impl FnOnce(&mut Facts)) -> String {
    let rule = rule(value);
    let mut facts = Facts::blank(&rule.wants());
    change(&mut facts);
    let mut out = String::new();
    lines(&evaluate(&rule, &facts).told(&names), 0, &mut out);
    out
}

fn sums(operations: u32, credit: u32) -> Attendance {
    Attendance {
        operations,
        attended: credit.div_ceil(100),
        credit,
        accountable: credit,
    }
}

fn attended(facts: &mut Facts, operations: u32, credit: u32) {
    let sums = sums(operations, credit);
    facts
        .attendance
        .values_mut()
        .for_each(|value| *value = sums);
}

#[test]
fn every_fact_says_what_is_known_and_what_is_short() {
    let quarter = json!({"attended_percent": 90, "days": 90});
    let same = |text: String, expected: &str| assert_eq!(text.trim_end(), expected);
    same(
        told(quarter.clone(), |facts| attended(facts, 10, 700)),
        "7 of 10 operations in 90 days (70 %), 90 % needed, 2 short [unmet]",
    );
    same(
        told(quarter.clone(), |facts| attended(facts, 12, 1_150)),
        "11.5 of 12 operations in 90 days (95.83 %), 90 % needed [met]",
    );
    same(
        told(quarter, |_| {}),
        "No operations in 90 days, 90 % needed [unknown]",
    );
    same(
        told(
            json!({"accountable_percent": 70, "days": 30, "category": ID}),
            |facts| attended(facts, 1, 0),
        ),
        "Attended or excused: 0 of 1 operation of Training in 30 days (0 %), 70 % needed, 1 short [unmet]",
    );
    same(
        told(json!({"attended_count": 10}), |facts| {
            attended(facts, 9, 700)
        }),
        "7 operations ever, 10 needed, 3 short [unmet]",
    );
    same(
        told(json!({"time_in": "rank", "days": 180}), |facts| {
            facts.time_in.insert(TimeIn::Rank, 120);
        }),
        "120 days in this rank, 180 needed, 60 short [unmet]",
    );
    same(
        told(json!({"time_in": "service", "days": 1}), |facts| {
            facts.time_in.insert(TimeIn::Service, 1);
        }),
        "1 day in the organisation, 1 needed [met]",
    );
    same(
        told(json!({"time_in": "assignment", "days": 30}), |_| {}),
        "0 days in this assignment, 30 needed, 30 short [unmet]",
    );
    same(
        told(json!({"rank_level": 5}), |facts| facts.rank_level = Some(3)),
        "Below rank Sergeant (level 3, 5 needed) [unmet]",
    );
    same(
        told(json!({"rank_level": 5}), |facts| facts.rank_level = Some(7)),
        "Rank Sergeant or above (level 7, 5 needed) [met]",
    );
    same(
        told(json!({"qualification": ID}), |_| {}),
        "Medic: not held [unmet]",
    );
    same(
        told(json!({"award": ID}), |facts| {
            facts.awards.values_mut().for_each(|held| *held = true);
        }),
        "Iron Boot: held [met]",
    );
    same(
        told(json!({"role": ID}), |_| {}),
        "In Command of Alpha: not held [unmet]",
    );
    same(
        told(json!({"key": ID, "total": 100}), |facts| {
            facts.keys.values_mut().for_each(|total| *total = 40);
        }),
        "Flight hours: 40 of 100, 60 short [unmet]",
    );
    same(
        told(json!({"member_of": ID, "or_below": true}), |_| {}),
        "Not in Alpha or a group below it [unmet]",
    );
    same(
        told(json!({"member_of": ID}), |facts| {
            facts
                .groups
                .values_mut()
                .for_each(|how| *how = Membership::Below);
        }),
        "Only in a group below Alpha [unmet]",
    );
    same(
        told(
            json!({"member_of": "00000000-0000-0000-0000-000000000000"}),
            |_| {},
        ),
        "Not in a group that is gone or hidden [unmet]",
    );
    same(
        told(json!({"points": 50, "pool": ID}), |facts| {
            facts.pools.values_mut().for_each(|points| *points = -1);
        }),
        "Raid points: -1 points, 50 needed, 51 short [unmet]",
    );
    same(
        told(json!({"on_leave": true}), |_| {}),
        "Not on leave of absence [unmet]",
    );
    same(
        told(json!({"no_reprimand_days": 90}), |_| {}),
        "Never reprimanded [met]",
    );
    same(
        told(json!({"no_reprimand_days": 90}), |facts| {
            facts.last_reprimand = Some(LastReprimand::DaysAgo(20));
        }),
        "Last reprimand 20 days ago, 90 needed, 70 short [unmet]",
    );
}

#[test]
fn a_tree_says_which_part_is_missing() {
    let rule = json!({"all": [
        {"at_least": 2, "of": [{"qualification": ID}, {"award": ID}, {"role": ID}]},
        {"any": [{"rank_level": 5}, {"attended_count": 3, "days": 30}]},
        {"not": {"any": [{"on_leave": true}, {"key": ID, "total": 3}]}},
    ]});
    let text = told(rule, |facts| {
        facts.awards.values_mut().for_each(|held| *held = true);
        attended(facts, 4, 300);
    });
    assert_eq!(
        text,
        "All of these [unmet]
  At least 2 of these 3: 1 met, 1 short [unmet]
    Medic: not held [unmet]
    Iron Boot: held [met]
    In Command of Alpha: not held [unmet]
  One of these [met]
    Rank Sergeant or above: nothing is known [unknown]
    3 operations in 30 days, 3 needed [met]
  Not this [met]
    One of these [unmet]
      Not on leave of absence [unmet]
      Flight hours: 0 [unmet]
"
    );
}

#[test]
fn a_demand_is_one_line() {
    let demand = |value| rule(value).demand(&names);
    let told = [
        (json!({"all": []}), "no condition"),
        (json!({"all": [{"qualification": ID}]}), "Medic"),
        (
            json!({"all": [{"qualification": ID}, {"any": [{"rank_level": 5}, {"member_of": ID}]}]}),
            "Medic and (rank Sergeant or above or in Alpha)",
        ),
        (
            json!({"not": {"any": [{"on_leave": true}, {"no_reprimand_days": 1}]}}),
            "not (on leave of absence or no reprimand in 1 day)",
        ),
        (
            json!({"at_least": 2, "of": [
                {"attended_percent": 70, "days": 90},
                {"accountable_percent": 80},
                {"attended_count": 1, "category": ID},
                {"time_in": "service", "days": 30},
                {"points": 10, "pool": ID},
                {"key": ID, "total": 5},
            ]}),
            "at least 2 of: attended 70 % of operations in 90 days; attended or excused from 80 % \
             of operations ever; attended 1 operation of Training ever; 30 days in the \
             organisation; 10 points in Raid points; 5 Flight hours",
        ),
    ];
    for (value, expected) in told {
        assert_eq!(demand(value), expected);
    }
}
