//! The JSON form, its schema, and what people are told about mistakes.

use super::*;
use serde_json::{Value, json};
use std::sync::LazyLock;

const SCHEMA: &str = include_str!("../../criteria.schema.json");
const ID: &str = "0190a5b0-0000-7000-8000-000000000001";

static VALIDATOR: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(SCHEMA).expect("criteria.schema.json is JSON");
    jsonschema::draft202012::new(&schema).expect("criteria.schema.json is a JSON Schema")
});

fn by_schema(value: &Value) -> bool {
    VALIDATOR.is_valid(value)
}

fn error(value: &Value) -> String {
    match Criterion::from_json(value) {
        Ok(rule) => panic!("{value} must be refused, but was read as {rule:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_schema_itself_is_sound() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("criteria.schema.json is JSON");
    jsonschema::draft202012::meta::validate(&schema)
        .expect("criteria.schema.json follows JSON Schema 2020-12");
}

#[test]
fn every_condition_reads_as_people_would_write_it() {
    let good = [
        json!({"all": []}),
        json!({"all": [{"rank_level": 3}, {"not": {"on_leave": true}}]}),
        json!({"any": [{"award": ID}, {"role": ID}]}),
        json!({"at_least": 2, "of": [{"qualification": ID}, {"award": ID}, {"role": ID}]}),
        json!({"attended_percent": 70, "days": 90}),
        json!({"accountable_percent": 70, "days": 30, "category": ID}),
        json!({"attended_count": 10}),
        json!({"time_in": "assignment", "days": 180}),
        json!({"key": ID, "total": 100}),
        json!({"member_of": ID}),
        json!({"member_of": ID, "or_below": true}),
        json!({"points": -5, "pool": ID}),
        json!({"no_reprimand_days": 90}),
        json!({"rank_level": 3.0}),
    ];
    for value in good {
        if let Err(error) = Criterion::from_json(&value) {
            panic!("{value} must be read: {error}");
        }
        assert!(by_schema(&value), "criteria.schema.json must allow {value}");
    }
}

#[test]
fn mistakes_are_told_with_their_place() {
    let bad = [
        (
            json!([]),
            "should be a condition, such as {\"rank_level\": 3}",
        ),
        (
            json!({"all": {"rank_level": 3}}),
            "“all”: should be a list of conditions",
        ),
        (json!({"any": []}), "“any”: needs at least one condition"),
        (
            json!({"rank_level": 3, "on_leave": true}),
            "says “rank_level” and “on_leave”; put them into a list of “all” or “any”",
        ),
        (
            json!({"rank_level": 3, "days": 3}),
            "“days” is not known here",
        ),
        (
            json!({"all": [{"on_leave": true}, {"not": {"attended_percent": 101}}]}),
            "“all” → part 2 → “not” → “attended_percent”: should be a whole number from 1 to 100",
        ),
        (
            json!({"attended_percent": 66.5}),
            "“attended_percent”: should be a whole number from 1 to 100",
        ),
        (
            json!({"at_least": 3, "of": [{"on_leave": true}]}),
            "“at_least”: should be a whole number from 1 to 1",
        ),
        (
            json!({"at_least": 0, "of": [{"on_leave": true}]}),
            "“at_least”: should be a whole number from 1 to 1",
        ),
        (json!({"at_least": 1}), "“of” is missing"),
        (
            json!({"time_in": "bed", "days": 1}),
            "“time_in”: should be rank, service or assignment",
        ),
        (json!({"time_in": "rank"}), "“days” is missing"),
        (json!({"award": "medal"}), "“award”: should be an id"),
        (
            json!({"award": ID.to_uppercase()}),
            "“award”: should be an id",
        ),
        (
            json!({"on_leave": false}),
            "“on_leave”: should be true, or be left out",
        ),
        (
            json!({"member_of": ID, "or_below": null}),
            "“or_below”: should be true, or be left out",
        ),
        (json!({"points": 5}), "“pool” is missing"),
        (
            json!({"rank_level": "3"}),
            "“rank_level”: should be a whole number from 0 to 1000",
        ),
    ];
    for (value, told) in bad {
        assert_eq!(error(&value), told, "what is told about {value}");
    }
    assert!(
        error(&json!({"rnak_level": 3}))
            .starts_with("names no condition; it needs one of all, any")
    );
    let told = Criterion::parse("{\"all\": [\n  {\"rank_level\": }]}").map_err(|e| e.to_string());
    let told = told.expect_err("half a rule must be refused");
    assert_eq!(told, "not readable as JSON at line 2, column 18");
}

#[test]
fn nothing_written_is_no_condition() {
    for text in ["", "  \n ", "{\"all\": []}", "{\"all\": [{\"all\": []}]}"] {
        let rule = Criterion::parse(text).expect("no condition");
        assert!(rule.is_empty(), "{text:?} must be no condition");
        assert!(evaluate(&rule, &Facts::default()).met());
    }
}

#[test]
fn depth_number_and_length_are_limited() {
    let nested =
        |depth: usize| (1..depth).fold(json!({"on_leave": true}), |inner, _| json!({"not": inner}));
    assert!(Criterion::from_json(&nested(limits::DEPTH)).is_ok());
    let told = error(&nested(limits::DEPTH + 1));
    assert!(told.ends_with("nested deeper than 6 levels"), "{told}");

    let wide = |number: usize| json!({"all": vec![json!({"on_leave": true}); number - 1]});
    assert!(Criterion::from_json(&wide(limits::NODES)).is_ok());
    assert!(by_schema(&wide(limits::NODES)));
    let told = error(&wide(limits::NODES + 1));
    assert!(told.ends_with("more than 50 conditions"), "{told}");
    assert!(!by_schema(&wide(limits::NODES + 1)));

    let longest = json!({"accountable_percent": 100, "days": 36500, "category": ID});
    let longest = json!({"all": vec![longest; limits::NODES - 1]});
    let text = serde_json::to_string_pretty(&longest).expect("JSON is written");
    assert!(
        Criterion::parse(&text).is_ok(),
        "a rule of {} bytes keeps every other limit: raise limits::TEXT",
        text.len()
    );
    let told = Criterion::parse(&" ".repeat(limits::TEXT + 1));
    assert_eq!(
        told.map_err(|error| error.problem),
        Err(CriterionProblem::TooLong)
    );
    // Far deeper than any stack: must be an answer, not a crash.
    assert!(Criterion::parse(&"[".repeat(limits::TEXT)).is_err());
}

/// The parser's limits that the schema cannot say.
fn beyond_the_schema(error: &CriterionError) -> bool {
    let at_least = error.path.last() == Some(&Step::Word("at_least"));
    match error.problem {
        CriterionProblem::TooDeep | CriterionProblem::TooMany => true,
        CriterionProblem::NotNumber { .. } => at_least,
        _ => false,
    }
}

/// Something like a rule: the right words with right and wrong values.
fn scribble() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        (-2..=102_i64).prop_map(Value::from),
        prop::sample::select(vec![
            json!(1_000),
            json!(1_001),
            json!(10_000),
            json!(10_001),
            json!(36_500),
            json!(36_501),
            json!(1_000_000_000_i64),
            json!(1_000_000_001_i64),
            json!(-1_000_000_001_i64),
            json!(1.5),
            json!(2.0),
            json!(1e300),
            json!(u64::MAX),
        ]),
    ];
    let other = prop::sample::select(vec![
        json!(ID),
        json!(ID),
        json!("rank"),
        json!("service"),
        json!(true),
        json!(true),
        json!(false),
        json!(null),
        json!("0190a5b0000070008000000000000001"),
        json!("{0190a5b0-0000-7000-8000-00000000000}"),
    ]);
    let value = prop_oneof![number, other];
    let words = [
        "attended_percent",
        "accountable_percent",
        "attended_count",
        "time_in",
        "days",
        "category",
        "rank_level",
        "qualification",
        "award",
        "key",
        "total",
        "member_of",
        "or_below",
        "role",
        "points",
        "pool",
        "on_leave",
        "no_reprimand_days",
        "Days",
    ];
    let object = |words: Vec<&'static str>, values: Vec<Value>| {
        let entries = words.into_iter().map(str::to_owned).zip(values);
        Value::Object(entries.collect())
    };
    let shapes = prop::sample::select(vec![
        vec!["attended_percent", "days", "category"],
        vec!["attended_count", "days"],
        vec!["time_in", "days"],
        vec!["key", "total"],
        vec!["points", "pool"],
        vec!["member_of", "or_below"],
    ]);
    let one = prop::sample::select(words.to_vec()).prop_map(|word| vec![word]);
    let any = prop::sample::subsequence(words.to_vec(), 0..4);
    let leaf = (
        prop_oneof![3 => shapes, 3 => one, 1 => any],
        prop::collection::vec(value, 4),
    )
        .prop_map(move |(words, values)| object(words, values));
    leaf.prop_recursive(3, 20, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..3);
        prop_oneof![
            list.clone().prop_map(|of| json!({ "all": of })),
            list.clone().prop_map(|of| json!({ "any": of })),
            (0..4_u8, list).prop_map(|(n, of)| json!({ "at_least": n, "of": of })),
            inner.prop_map(|part| json!({ "not": part })),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_and_the_schema_allows_it(rule in rule(true)) {
        let read = Criterion::parse(&rule.to_string());
        prop_assert_eq!(read, Ok(rule.clone()));
        prop_assert!(by_schema(&rule.to_json()), "criteria.schema.json must allow {}", rule);
    }

    #[test]
    fn parser_and_schema_agree(value in scribble()) {
        match Criterion::from_json(&value) {
            Ok(_) => prop_assert!(by_schema(&value), "the parser reads what the schema forbids: {}", value),
            Err(error) if beyond_the_schema(&error) => {}
            Err(error) => prop_assert!(
                !by_schema(&value),
                "the schema allows what the parser refuses ({}): {}", error, value
            ),
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[\\[\\]{}\":,a-z0-9 .e-]{0,80}") {
        let _ = Criterion::parse(&text);
    }
}
