//! Writing calendars as RFC 5545 has it: lines, texts, zones. Our own, because what is hard about it
//! is what the `icalendar` crate leaves to its caller: it names zones and writes no `VTIMEZONE`. What
//! it would spare us is [`Lines`].

use super::{recurrence::instant_of, times::local_of};
use crate::domain::time::Instant;
use chrono::{DateTime, Duration, Offset, TimeZone};
use chrono_tz::{OffsetComponents, OffsetName, Tz};
use std::fmt::Write as _;

/// Longest line in octets, without its end (§3.1).
const LINE: usize = 75;
/// How far apart two looks at a clock are while its changes are looked for. No clock was ever changed
/// there and back within a day.
const LOOK_EVERY: Duration = Duration::days(1);

/// The lines of a calendar: folded, each ending with CR and LF.
#[derive(Debug, Default)]
pub(super) struct Lines(String);

impl Lines {
    /// A line whose value is written as it is.
    pub(super) fn put(&mut self, name: &str, value: &str) {
        let line = [name, ":", value].concat();
        let mut used = 0;
        for letter in line.chars() {
            if used + letter.len_utf8() > LINE {
                // The space that marks the rest is part of its line.
                self.0.push_str("\r\n ");
                used = 1;
            }
            self.0.push(letter);
            used += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A line whose value is a text that somebody wrote; none when it is empty.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.put(name, &escaped(text));
        }
    }

    /// A line with a time: local with the name of the zone, where that names this instant.
    pub(super) fn time(&mut self, name: &str, at: Instant, zone: Tz) {
        let local = local_of(at, zone);
        if zone == Tz::UTC || instant_of(zone, local) != at {
            // The second of two equal local times cannot be written as one.
            self.put(name, &utc(at));
        } else {
            let name = format!("{name};TZID={}", zone.name());
            self.put(&name, &local.format(LOCAL).to_string());
        }
    }

    /// A zone as it is between two instants: its clocks at the beginning, and every change.
    pub(super) fn zone(&mut self, zone: Tz, from: Instant, until: Instant) {
        self.put("BEGIN", "VTIMEZONE");
        self.put("TZID", zone.name());
        let first = Clock::at(zone, from);
        self.observance(&first, &first, "19700101T000000");
        for (at, before, after) in changes(zone, from, until) {
            let local = (at + Duration::seconds(i64::from(before.offset))).naive_utc();
            self.observance(&before, &after, &local.format(LOCAL).to_string());
        }
        self.put("END", "VTIMEZONE");
    }

    fn observance(&mut self, before: &Clock, after: &Clock, onset: &str) {
        let kind = if after.is_summer {
            "DAYLIGHT"
        } else {
            "STANDARD"
        };
        self.put("BEGIN", kind);
        self.put("DTSTART", onset);
        self.put("TZOFFSETFROM", &offset(before.offset));
        self.put("TZOFFSETTO", &offset(after.offset));
        self.text("TZNAME", &after.name);
        self.put("END", kind);
    }

    /// The whole.
    pub(super) fn done(self) -> String {
        self.0
    }
}

const LOCAL: &str = "%Y%m%dT%H%M%S";

/// An instant in UTC.
pub(super) fn utc(at: Instant) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text as a value (§3.3.11). Controls other than line breaks may not stand in one.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\r' => {
                letters.next_if_eq(&'\n');
                escaped.push_str("\\n");
            }
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => escaped.push_str("\\n"),
            '\t' => escaped.push(letter),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// Several texts as one value.
pub(super) fn list(texts: &[&str]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| escaped(text)).collect();
    texts.join(",")
}

/// How the clocks of a zone stand.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Clock {
    /// Seconds before UTC.
    offset: i32,
    is_summer: bool,
    name: String,
}

impl Clock {
    fn at(zone: Tz, at: Instant) -> Self {
        let found = zone.offset_from_utc_datetime(&at.naive_utc());
        Self {
            offset: found.fix().local_minus_utc(),
            is_summer: found.dst_offset() > Duration::zero(),
            name: found.abbreviation().unwrap_or_default().to_owned(),
        }
    }
}

/// Every change of the clocks between two instants: when, and how they stand before and after.
fn changes(zone: Tz, from: Instant, until: Instant) -> Vec<(Instant, Clock, Clock)> {
    let mut found = Vec::new();
    let (mut at, mut clock) = (from, Clock::at(zone, from));
    while at < until {
        let next = at + LOOK_EVERY;
        let then = Clock::at(zone, next);
        if then != clock {
            found.push((change_between(zone, &clock, at, next), clock, then.clone()));
        }
        (at, clock) = (next, then);
    }
    found
}

/// The second from which the clocks no longer stand like this.
fn change_between(zone: Tz, before: &Clock, from: Instant, until: Instant) -> Instant {
    let (mut same, mut other) = (from.timestamp(), until.timestamp());
    let instant = |second: i64| DateTime::from_timestamp(second, 0).unwrap_or(until);
    while other - same > 1 {
        let middle = i64::midpoint(same, other);
        if Clock::at(zone, instant(middle)) == *before {
            same = middle;
        } else {
            other = middle;
        }
    }
    instant(other)
}

/// `+0100`, or with seconds where a zone has some.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.abs();
    let mut text = format!("{sign}{:02}{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds % 60 != 0 {
        let _ = write!(text, "{:02}", seconds % 60);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::operations::service::times::utc as at;

    fn written(what: impl FnOnce(&mut Lines)) -> String {
        let mut lines = Lines::default();
        what(&mut lines);
        lines.done()
    }

    #[test]
    fn lines_are_folded_between_letters() {
        for text in ["x".repeat(300), "ü€🎖️".repeat(60), "x".repeat(67)] {
            let folded = written(|lines| lines.put("SUMMARY", &text));
            assert!(folded.ends_with("\r\n"));
            for line in folded.trim_end().split("\r\n") {
                assert!(line.len() <= LINE, "{} octets: {line}", line.len());
            }
            let unfolded = folded.replace("\r\n ", "");
            assert_eq!(unfolded, format!("SUMMARY:{text}\r\n"));
        }
        assert_eq!(
            written(|lines| lines.put("X", &"x".repeat(73)))
                .matches("\r\n")
                .count(),
            1
        );
        assert_eq!(
            written(|lines| lines.put("X", &"x".repeat(74)))
                .matches("\r\n")
                .count(),
            2
        );
    }

    #[test]
    fn texts_are_escaped() {
        assert_eq!(
            escaped("a\\b; c, d\r\ne\nf\rg\u{7}\th: \"i\""),
            "a\\\\b\\; c\\, d\\ne\\nf\\ng\th: \"i\""
        );
        assert_eq!(escaped("\\n"), "\\\\n", "no line break");
        assert_eq!(list(&["a,b", "c"]), "a\\,b,c");
        assert_eq!(written(|lines| lines.text("LOCATION", "")), "");
    }

    #[test]
    fn a_zone_says_its_clocks_and_their_changes() {
        let berlin = Tz::Europe__Berlin;
        let text = written(|lines| {
            lines.zone(
                berlin,
                at("2026-01-01T00:00:00Z"),
                at("2026-12-31T00:00:00Z"),
            );
        });
        let expected = "BEGIN:VTIMEZONE|TZID:Europe/Berlin|\
            BEGIN:STANDARD|DTSTART:19700101T000000|TZOFFSETFROM:+0100|TZOFFSETTO:+0100|TZNAME:CET|END:STANDARD|\
            BEGIN:DAYLIGHT|DTSTART:20260329T020000|TZOFFSETFROM:+0100|TZOFFSETTO:+0200|TZNAME:CEST|END:DAYLIGHT|\
            BEGIN:STANDARD|DTSTART:20261025T030000|TZOFFSETFROM:+0200|TZOFFSETTO:+0100|TZNAME:CET|END:STANDARD|\
            END:VTIMEZONE|";
        assert_eq!(text.replace("\r\n", "|"), expected);
        let found = changes(
            berlin,
            at("2020-01-01T00:00:00Z"),
            at("2030-01-01T00:00:00Z"),
        );
        assert_eq!(found.len(), 20, "ten years have twenty changes");
        let none = changes(
            Tz::Asia__Tokyo,
            at("2020-01-01T00:00:00Z"),
            at("2030-01-01T00:00:00Z"),
        );
        assert_eq!(none, []);
    }

    #[test]
    fn every_instant_can_be_written() {
        let berlin = Tz::Europe__Berlin;
        for (instant, expected) in [
            (
                "2026-03-06T19:00:00Z",
                "DTSTART;TZID=Europe/Berlin:20260306T200000",
            ),
            (
                "2026-10-25T00:30:00Z",
                "DTSTART;TZID=Europe/Berlin:20261025T023000",
            ),
            // The same local time again.
            ("2026-10-25T01:30:00Z", "DTSTART:20261025T013000Z"),
        ] {
            let line = written(|lines| lines.time("DTSTART", at(instant), berlin));
            assert_eq!(line.trim_end(), expected);
        }
        let line = written(|lines| lines.time("DTEND", at("2026-03-06T19:00:00Z"), Tz::UTC));
        assert_eq!(line.trim_end(), "DTEND:20260306T190000Z");
    }

    #[test]
    fn offsets_are_written_with_their_sign() {
        let texts = [0, 3600, -12600, 20700, -1, -18000].map(offset);
        assert_eq!(
            texts,
            ["+0000", "+0100", "-0330", "+0545", "-000001", "-0500"]
        );
    }
}
