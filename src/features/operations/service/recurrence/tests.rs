use super::*;
use crate::features::operations::model::recurrence::{Ends, Every};
use chrono::{DateTime, Weekday};

/// What Python's dateutil says; expected.py beside it writes it and tells how.
const DATEUTIL: &str = include_str!("expected.txt");

fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").expect("a local time of this test")
}

fn utc(text: &str) -> Instant {
    DateTime::parse_from_rfc3339(text)
        .expect("an instant of this test")
        .to_utc()
}

fn named(name: &str) -> Tz {
    zone(name).expect("a zone of this test")
}

fn rule(name: &str, start: &str, text: &str) -> Rule {
    match Rule::parse(text, named(name), local(start)) {
        Ok(rule) => rule,
        Err(problem) => panic!("{text} from {start} must be read: {problem}"),
    }
}

fn problem(start: &str, text: &str) -> RuleProblem {
    match Rule::parse(text, named("Europe/Berlin"), local(start)) {
        Ok(_) => panic!("{text} from {start} must be refused"),
        Err(problem) => problem,
    }
}

#[test]
fn every_instant_is_that_of_dateutil() {
    let mut cases: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in DATEUTIL.lines() {
        match line.strip_prefix("  ") {
            Some(coming) => cases.last_mut().expect("a case before it").1.push(coming),
            None => cases.push((line, Vec::new())),
        }
    }
    assert!(cases.len() > 90, "expected.txt is cut off: run expected.py");
    for (case, expected) in cases {
        let mut words = case.split(' ');
        let mut word = || words.next().expect("zone, start and rule");
        let (name, start, text) = (word(), word(), word());
        let all = rule(name, start, text);
        let comings = all.occurrences(utc("2000-01-01T00:00:00Z"), utc("2100-01-01T00:00:00Z"));
        let found = comings.iter().map(|coming| {
            let (slot, at) = (coming.slot, coming.starts_at);
            format!(
                "{} {}",
                slot.format("%Y-%m-%dT%H:%M"),
                at.format("%Y-%m-%dT%H:%MZ")
            )
        });
        // expected.py writes 60 of each at most.
        let found: Vec<_> = found.take(60).collect();
        assert_eq!(found, expected, "dateutil reckons otherwise for {case}");
    }
}

/// Field defect 2: a weekly operation over both clock changes keeps 20:00 local.
#[test]
fn eight_in_the_evening_stays_eight_in_the_evening() {
    for name in [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Sydney",
        "Australia/Lord_Howe",
    ] {
        let weekly = rule(name, "2026-01-02T20:00", "FREQ=WEEKLY;BYDAY=FR");
        let year = (utc("2026-01-01T00:00:00Z"), utc("2027-01-01T00:00:00Z"));
        let comings = weekly.occurrences(year.0, year.1);
        assert_eq!(comings.len(), 52, "Fridays of 2026 in {name}");
        let mut offsets: Vec<_> = Vec::new();
        for coming in comings {
            let there = coming.starts_at.with_timezone(&named(name));
            let told = there.format("%a %H:%M").to_string();
            assert_eq!(told, "Fri 20:00", "{name}, {}", coming.slot);
            offsets.push(there.offset().fix().local_minus_utc());
        }
        offsets.sort_unstable();
        offsets.dedup();
        assert_eq!(offsets.len(), 2, "{name} has summer and winter time");
    }
}

#[test]
fn a_time_that_is_not_there_is_read_with_the_offset_before_and_one_twice_is_the_first() {
    for (name, text, at) in [
        // The examples of RFC 5545 §3.3.5.
        (
            "America/New_York",
            "2007-11-04T01:30",
            "2007-11-04T05:30:00Z",
        ),
        (
            "America/New_York",
            "2007-03-11T02:30",
            "2007-03-11T07:30:00Z",
        ),
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30:00Z"),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z"),
        // Half an hour only.
        (
            "Australia/Lord_Howe",
            "2026-10-04T02:15",
            "2026-10-03T15:45:00Z",
        ),
        (
            "Australia/Lord_Howe",
            "2026-04-05T01:45",
            "2026-04-04T14:45:00Z",
        ),
        // A whole day.
        ("Pacific/Apia", "2011-12-30T20:00", "2011-12-31T06:00:00Z"),
    ] {
        assert_eq!(
            instant_of(named(name), local(text)),
            utc(at),
            "{text} in {name}"
        );
    }
}

#[test]
fn the_slot_is_the_name_even_where_the_clocks_have_no_such_time() {
    let daily = rule("Europe/Berlin", "2026-03-28T02:30", "FREQ=DAILY;COUNT=3");
    let comings = daily.occurrences(utc("2026-03-01T00:00:00Z"), utc("2026-05-01T00:00:00Z"));
    let slots: Vec<_> = comings.iter().map(|coming| coming.slot).collect();
    let expected = ["2026-03-28T02:30", "2026-03-29T02:30", "2026-03-30T02:30"].map(local);
    assert_eq!(slots, expected, "none is left out or moved");
    assert_eq!(comings[1].starts_at, utc("2026-03-29T01:30:00Z"));
}

#[test]
fn a_window_holds_what_begins_in_it_and_500_at_most() {
    let daily = rule("Europe/Berlin", "2026-01-01T20:00", "FREQ=DAILY");
    let begins = |from, until| daily.occurrences(utc(from), utc(until)).len();
    assert_eq!(begins("2026-02-01T19:00:00Z", "2026-02-03T19:00:00Z"), 2);
    assert_eq!(begins("2026-02-01T19:00:01Z", "2026-02-03T19:00:01Z"), 2);
    assert_eq!(begins("2020-01-01T00:00:00Z", "2026-01-01T19:00:00Z"), 0);
    assert_eq!(begins("2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z"), 500);
    assert_eq!(begins("2126-01-01T00:00:00Z", "2126-02-01T00:00:00Z"), 31);
}

#[test]
fn an_end_by_date_includes_the_day_there_and_calendars_get_an_instant() {
    let recurrence = Recurrence {
        every: Every::Weeks {
            weeks: 1,
            on: vec![Weekday::Fri],
        },
        ends: Ends::On(NaiveDate::from_ymd_opt(2026, 7, 31).expect("a Friday")),
    };
    let start = local("2026-07-03T23:30");
    let rule = Rule::of(&recurrence, named("America/New_York"), start).expect("a sound rule");
    let comings = rule.occurrences(utc("2026-01-01T00:00:00Z"), utc("2027-01-01T00:00:00Z"));
    assert_eq!(comings.len(), 5, "the last one begins on 1 August in UTC");
    assert_eq!(rule.text(), "FREQ=WEEKLY;BYDAY=FR;UNTIL=20260731");
    assert_eq!(
        rule.calendar_text(),
        "FREQ=WEEKLY;BYDAY=FR;UNTIL=20260801T035959Z"
    );
    assert_eq!(rule.recurrence(), Some(recurrence));
}

#[test]
fn a_text_is_read_as_calendars_write_it() {
    let text = "rrule:freq=weekly;interval=1;until=20260731T213000Z;wkst=su;byday=fr";
    let rule = rule("Europe/Berlin", "2026-07-03T20:00", text);
    assert_eq!(
        rule.text(),
        "FREQ=WEEKLY;WKST=SU;BYDAY=FR;UNTIL=20260731T213000Z"
    );
    assert_eq!(rule.calendar_text(), rule.text());
    assert_eq!(rule.recurrence(), None, "the form has no such end");
}

#[test]
fn what_we_cannot_promise_is_refused_with_a_reason() {
    let start = "2026-01-02T20:00"; // A Friday.
    let part = |text: &str| text.to_owned();
    for (text, expected) in [
        ("", RuleProblem::Malformed),
        ("FREQ", RuleProblem::Malformed),
        ("FREQ=WEEKLY;", RuleProblem::Malformed),
        ("INTERVAL=2", RuleProblem::NoFrequency),
        ("FREQ=HOURLY", RuleProblem::TooOften),
        ("FREQ=MINUTELY;BYHOUR=3", RuleProblem::TooOften),
        ("FREQ=SECONDLY", RuleProblem::TooOften),
        ("FREQ=OFTEN", RuleProblem::BadValue(part("FREQ"))),
        ("FREQ=DAILY;FREQ=DAILY", RuleProblem::Twice(part("FREQ"))),
        (
            "FREQ=DAILY;BYHOUR=3",
            RuleProblem::UnknownPart(part("BYHOUR")),
        ),
        (
            "FREQ=DAILY;BYEASTER=1",
            RuleProblem::UnknownPart(part("BYEASTER")),
        ),
        (
            "FREQ=DAILY;INTERVAL=0",
            RuleProblem::BadValue(part("INTERVAL")),
        ),
        (
            "FREQ=DAILY;INTERVAL=100",
            RuleProblem::BadValue(part("INTERVAL")),
        ),
        (
            "FREQ=DAILY;INTERVAL=1,2",
            RuleProblem::BadValue(part("INTERVAL")),
        ),
        ("FREQ=DAILY;COUNT=501", RuleProblem::BadValue(part("COUNT"))),
        ("FREQ=DAILY;COUNT=-1", RuleProblem::BadValue(part("COUNT"))),
        (
            "FREQ=DAILY;COUNT=99999999999",
            RuleProblem::BadValue(part("COUNT")),
        ),
        (
            "FREQ=DAILY;UNTIL=20260230",
            RuleProblem::BadValue(part("UNTIL")),
        ),
        (
            "FREQ=DAILY;UNTIL=20260201T2000",
            RuleProblem::BadValue(part("UNTIL")),
        ),
        ("FREQ=DAILY;COUNT=3;UNTIL=20260301", RuleProblem::TwoEnds),
        (
            "FREQ=WEEKLY;BYDAY=2FR",
            RuleProblem::BadValue(part("BYDAY")),
        ),
        (
            "FREQ=WEEKLY;BYDAY=XXFR",
            RuleProblem::BadValue(part("BYDAY")),
        ),
        (
            "FREQ=MONTHLY;BYDAY=6FR",
            RuleProblem::BadValue(part("BYDAY")),
        ),
        ("FREQ=MONTHLY;BYDAY=é", RuleProblem::BadValue(part("BYDAY"))),
        (
            "FREQ=MONTHLY;BYMONTHDAY=0",
            RuleProblem::BadValue(part("BYMONTHDAY")),
        ),
        ("FREQ=WEEKLY;BYMONTHDAY=2", RuleProblem::Contradictory),
        ("FREQ=DAILY;BYSETPOS=1", RuleProblem::Contradictory),
        (
            "FREQ=WEEKLY;BYDAY=MO",
            RuleProblem::StartsOff(Some(local("2026-01-05T20:00"))),
        ),
        ("FREQ=DAILY;UNTIL=20260101", RuleProblem::EndsBeforeStart),
        (
            "FREQ=DAILY;UNTIL=20260102T185959Z",
            RuleProblem::EndsBeforeStart,
        ),
        // 2 January is a Friday again in 2032, but with 99 years between it is too far.
        ("FREQ=YEARLY;INTERVAL=99", RuleProblem::TooSeldom),
    ] {
        assert_eq!(problem(start, text), expected, "{text}");
    }
    assert_eq!(problem(start, &"A".repeat(301)), RuleProblem::TooLong);
    assert_eq!(zone("Europe/Atlantis"), Err(RuleProblem::UnknownZone));
}

/// Rules that the crate searches for until the year 10,000 must be answers, not accidents; once
/// accepted, no rule makes a reader search.
#[test]
fn rules_that_never_come_are_refused() {
    for text in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=5FR;BYSETPOS=2",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=3",
    ] {
        assert_eq!(
            problem("2026-01-02T20:00", text),
            RuleProblem::StartsOff(None),
            "{text}"
        );
    }
    // Comes once, and again centuries later.
    assert_eq!(
        problem("2024-02-29T20:00", "FREQ=YEARLY;INTERVAL=97"),
        RuleProblem::TooSeldom
    );
}
