use super::*;
use crate::domain::criteria::{evaluate, tests::case};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

const ID: u128 = 1;

fn choices(known: u128) -> Choices {
    let ids = || (1..=known).map(Uuid::from_u128);
    Choices {
        groups: ids()
            .map(|id| (GroupId(id), format!("Group {id}")))
            .collect(),
        roles: ids()
            .map(|id| (RoleId(id), format!("Leader of {id}")))
            .collect(),
        categories: ids()
            .map(|id| (CategoryId(id), format!("Category {id}")))
            .collect(),
        ranks: vec![(50, "Captain".into()), (30, "Sergeant".into())],
    }
}

fn row(level: &str, kind: &str) -> RuleRow {
    RuleRow {
        level: level.into(),
        kind: kind.into(),
        ..RuleRow::default()
    }
}

fn problems(rows: &[RuleRow]) -> Vec<(String, FieldProblem)> {
    match read_rows(rows, "needs", &choices(3)) {
        Err(AppError::Invalid(errors)) => errors.0,
        other => panic!("no problem was found: {other:?}"),
    }
}

#[test]
fn rows_further_in_belong_to_the_row_above() {
    let rank = RuleRow {
        rank: "30".into(),
        ..row("0", "rank")
    };
    let group = RuleRow {
        group: format!(" gROUP {} ", Uuid::from_u128(ID)),
        ..row("1", "member_below")
    };
    let percent = RuleRow {
        number: "70".into(),
        days: "90".into(),
        ..row("2", "attended_percent")
    };
    let rows = [
        rank,
        RuleRow::default(),
        row("0", "any"),
        group,
        row("1", "none"),
        percent,
        row("2", "on_leave"),
        row("0", "on_leave"),
    ];
    let rule = read_rows(&rows, "needs", &choices(3)).expect("a rule");
    let expected = json!({"all": [
        {"rank_level": 30},
        {"any": [
            {"member_of": Uuid::from_u128(ID).to_string(), "or_below": true},
            {"not": {"any": [{"attended_percent": 70, "days": 90}, {"on_leave": true}]}},
        ]},
        {"on_leave": true},
    ]});
    assert_eq!(rule.to_json(), expected);
    assert_eq!(
        read_rows(&rows_of(&rule, &choices(3)), "x", &choices(3)),
        Ok(rule)
    );
    let nothing = read_rows(&[RuleRow::default()], "needs", &choices(3));
    assert_eq!(nothing, Ok(Criterion::default()));
}

#[test]
fn every_problem_is_told_at_its_field() {
    let at = |name: &str, problem| (format!("needs{name}"), problem);
    let number = |kind: &str, number: &str| RuleRow {
        number: number.into(),
        ..row("0", kind)
    };
    let rows = [
        number("attended_percent", "101"),
        number("time_rank", "soon"),
        row("0", "role"),
        RuleRow {
            group: "Nowhere".into(),
            ..row("0", "member")
        },
        row("2", "on_leave"),
        RuleRow {
            category: Uuid::from_u128(9).to_string(),
            ..number("attended_count", "3")
        },
        row("0", "nonsense"),
        row("0", "any"),
    ];
    assert_eq!(
        problems(&rows),
        [
            at("[0][number]", FieldProblem::OutOfRange),
            at("[1][number]", FieldProblem::Malformed),
            at("[2][role]", FieldProblem::Required),
            at("[3][group]", FieldProblem::Unknown),
            at("[4][level]", FieldProblem::OutOfRange),
            at("[5][category]", FieldProblem::Unknown),
            at("[6][kind]", FieldProblem::Unknown),
            at("[7][kind]", FieldProblem::Required),
        ]
    );
    let two_of_one = [number("at_least", "2"), row("1", "on_leave")];
    assert_eq!(
        problems(&two_of_one),
        [at("[0][number]", FieldProblem::OutOfRange)]
    );
    let too_many = vec![row("0", "on_leave"); 60];
    assert_eq!(
        problems(&too_many),
        [at("[0][kind]", FieldProblem::OutOfRange)]
    );
}

proptest! {
    /// Also what the form cannot show, or may not name, comes back as it was.
    #[test]
    fn a_rule_comes_back_from_the_form((rule, facts) in case(true), known in 0..4_u128) {
        let choices = choices(known);
        let rows = rows_of(&rule, &choices);
        let back = read_rows(&rows, "needs", &choices).expect("the rows of a rule are a rule");
        prop_assert_eq!(evaluate(&rule, &facts).verdict, evaluate(&back, &facts).verdict);
        prop_assert_eq!(rows_of(&back, &choices), rows, "and stays as it is from then on");
    }
}
