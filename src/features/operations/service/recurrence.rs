//! On which instants an operation comes again (§9.1), by RFC 5545 rules in the organiser's zone.
//!
//! A rule is reckoned in local time without a zone, where every day has 24 hours, and each result is
//! then placed on the time line by [`instant_of`]. That is what keeps 20:00 at 20:00, and it goes
//! round what the `rrule` crate does in a zone (its issues 109 and 115): a time that does not exist
//! or exists twice it makes by adding the time of day to midnight, so that a day whose midnight is
//! such a time itself (São Paulo, Havana, Samoa) is left out.
//!
//! RFC 5545 §3.3.5 (and §3.3.10, which refers to it for recurrences) says: a local time that exists
//! twice is the first; one that does not exist is read with the offset before the gap, so 02:30
//! becomes 03:30 that day. The local time itself, the **slot**, stays 02:30: it is the name of that
//! coming, by which exceptions and answers find it.
//!
//! The end of a rule is not left to the crate either, because a local end date and an end instant
//! have to be compared with different things.

use crate::domain::time::Instant;
use crate::features::operations::model::recurrence::{
    Recurrence, date_of, date_text, limits, local_text, weekday,
};
use chrono::{
    Datelike, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone,
};
use chrono_tz::Tz;
use rrule::{RRule, RRuleSet, Unvalidated};
use std::fmt;

#[cfg(test)]
mod tests;

/// A rule that was read and checked, with the local start it counts from.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The rule in local time, counted from the start.
    set: RRuleSet,
    count: Option<u32>,
    zone: Tz,
    until: Option<Until>,
    /// The rule without its end by date or instant.
    open: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    /// The last day on which it may begin, in the organiser's zone.
    Day(NaiveDate),
    /// The last local time.
    Local(NaiveDateTime),
    /// The last instant.
    At(Instant),
}

/// One coming of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// The local time the rule names: its name among the comings, also where the clocks have no
    /// such time.
    pub slot: NaiveDateTime,
    /// When it begins.
    pub starts_at: Instant,
}

/// Why a text is no rule for us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleProblem {
    /// No zone of this name.
    UnknownZone,
    /// Longer than [`limits::TEXT`].
    TooLong,
    /// Not a list of `NAME=VALUE` with `;` between.
    Malformed,
    /// This part is not known, or not used here.
    UnknownPart(String),
    /// This part is there twice.
    Twice(String),
    /// The value of this part is wrong or out of range.
    BadValue(String),
    /// `FREQ` is missing.
    NoFrequency,
    /// Oftener than daily.
    TooOften,
    /// `COUNT` and `UNTIL` exclude each other.
    TwoEnds,
    /// The parts do not go together.
    Contradictory,
    /// The start is none of the times of the rule; the first that is, when one is near.
    StartsOff(Option<NaiveDateTime>),
    /// It ends before it starts.
    EndsBeforeStart,
    /// The second time is more than [`limits::FARTHEST_YEARS`] years after the first, or never.
    TooSeldom,
}

impl fmt::Display for RuleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownZone => f.write_str("there is no such time zone"),
            Self::TooLong => write!(f, "the rule is longer than {} characters", limits::TEXT),
            Self::Malformed => {
                f.write_str("a rule is written like FREQ=WEEKLY;BYDAY=FR, parts between semicolons")
            }
            Self::UnknownPart(part) => write!(f, "“{part}” is not known here"),
            Self::Twice(part) => write!(f, "“{part}” is there twice"),
            Self::BadValue(part) => write!(f, "the value of “{part}” is wrong or out of range"),
            Self::NoFrequency => f.write_str("“FREQ” is missing"),
            Self::TooOften => f.write_str("operations come again daily at the oftenest"),
            Self::TwoEnds => f.write_str("“COUNT” and “UNTIL” exclude each other"),
            Self::Contradictory => f.write_str("these parts do not go together"),
            Self::StartsOff(Some(first)) => write!(
                f,
                "the operation starts on a day that the rule does not name; the first it names is {}",
                first.date()
            ),
            Self::StartsOff(None) => f.write_str("the rule never names the day of the start"),
            Self::EndsBeforeStart => f.write_str("the rule ends before the operation starts"),
            Self::TooSeldom => write!(
                f,
                "after the first time it does not come again within {} years",
                limits::FARTHEST_YEARS
            ),
        }
    }
}

impl std::error::Error for RuleProblem {}

/// The zone of an IANA name.
///
/// # Errors
/// [`RuleProblem::UnknownZone`].
pub fn zone(name: &str) -> Result<Tz, RuleProblem> {
    name.parse().map_err(|_| RuleProblem::UnknownZone)
}

/// The instant of a local time, as RFC 5545 §3.3.5 says: the first of two; what does not exist is
/// read with the offset before the gap.
#[must_use]
pub fn instant_of(zone: Tz, local: NaiveDateTime) -> Instant {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => at.to_utc(),
        LocalResult::Ambiguous(first, second) => first.to_utc().min(second.to_utc()),
        LocalResult::None => (local - offset_before(zone, local)).and_utc(),
    }
}

/// The offset just before the gap that a local time lies in. Gaps are at most a day long (Samoa
/// went without 30 December 2011).
fn offset_before(zone: Tz, local: NaiveDateTime) -> Duration {
    let earlier = (1..=200).map(|quarters| local - Duration::minutes(15 * quarters));
    let offset = earlier
        .filter_map(|local| zone.offset_from_local_datetime(&local).latest())
        .next();
    let seconds = offset.map_or(0, |offset| offset.fix().local_minus_utc());
    Duration::seconds(i64::from(seconds))
}

impl Rule {
    /// The rule of a form.
    ///
    /// # Errors
    /// What is wrong with it for this start.
    pub fn of(
        recurrence: &Recurrence,
        zone: Tz,
        start: NaiveDateTime,
    ) -> Result<Self, RuleProblem> {
        if !recurrence.is_sound() {
            return Err(RuleProblem::Contradictory);
        }
        Self::parse(&recurrence.text(), zone, start)
    }

    /// Reads the text of a rule, with or without `RRULE:` before it, for a start in local time.
    /// The start has to be a time of the rule: calendars disagree on what it means otherwise.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str, zone: Tz, start: NaiveDateTime) -> Result<Self, RuleProblem> {
        let (open, until) = checked(text)?;
        let rule: RRule<Unvalidated> = open.parse().map_err(|_| RuleProblem::Contradictory)?;
        let local = start.and_utc().with_timezone(&rrule::Tz::UTC);
        let rule = rule
            .validate(local)
            .map_err(|_| RuleProblem::Contradictory)?;
        let rule = Self {
            count: rule.get_count(),
            set: RRuleSet::new(local).rrule(rule).limit(),
            zone,
            until,
            open,
        };
        let farthest = NaiveDate::from_ymd_opt(start.year() + limits::FARTHEST_YEARS, 12, 31);
        let near = |slot: &NaiveDateTime| farthest.is_none_or(|last| slot.date() <= last);
        let mut slots = rule.slots();
        let first = slots.next();
        if first != Some(start) {
            return Err(RuleProblem::StartsOff(first.filter(near)));
        }
        if !rule.reaches(start) {
            return Err(RuleProblem::EndsBeforeStart);
        }
        let second = slots.next();
        if rule.count != Some(1) && !second.as_ref().is_some_and(near) {
            return Err(RuleProblem::TooSeldom);
        }
        Ok(rule)
    }

    /// The text as it is stored.
    #[must_use]
    pub fn text(&self) -> String {
        self.ending(self.until.map(|until| match until {
            Until::Day(date) => date_text(date),
            Until::Local(local) => local_text(local),
            Until::At(at) => format!("{}Z", local_text(at.naive_utc())),
        }))
    }

    /// The text for calendars, where the end is an instant because the start has a zone
    /// (RFC 5545 §3.3.10).
    #[must_use]
    pub fn calendar_text(&self) -> String {
        let last = self.until.map(|until| match until {
            Until::Day(date) => instant_of(self.zone, date.and_time(last_second())),
            Until::Local(local) => instant_of(self.zone, local),
            Until::At(at) => at,
        });
        self.ending(last.map(|at| format!("{}Z", local_text(at.naive_utc()))))
    }

    fn ending(&self, until: Option<String>) -> String {
        match until {
            Some(until) => format!("{};UNTIL={until}", self.open),
            None => self.open.clone(),
        }
    }

    /// The form that shows this rule, when one does.
    #[must_use]
    pub fn recurrence(&self) -> Option<Recurrence> {
        Recurrence::of_text(&self.text())
    }

    /// Its local times from the start on, without its end by date.
    fn slots(&self) -> impl Iterator<Item = NaiveDateTime> + use<> {
        self.set.into_iter().map(|slot| slot.naive_utc())
    }

    /// Is this time not after the end?
    fn reaches(&self, slot: NaiveDateTime) -> bool {
        match self.until {
            None => true,
            Some(Until::Day(last)) => slot.date() <= last,
            Some(Until::Local(last)) => slot <= last,
            Some(Until::At(last)) => instant_of(self.zone, slot) <= last,
        }
    }

    /// The comings that begin in [from, until), in order, at most [`limits::COUNT`] of them: who
    /// wants more asks again from the last one on.
    #[must_use]
    pub fn occurrences(&self, from: Instant, until: Instant) -> Vec<Occurrence> {
        let slots = self.slots().take_while(|slot| self.reaches(*slot));
        let all = slots.map(|slot| Occurrence {
            slot,
            starts_at: instant_of(self.zone, slot),
        });
        // A gap can put a coming up to a day later than the next slot, hence not `take_while` alone.
        let until_slot = (until + Duration::days(2)).naive_utc();
        all.take_while(|coming| coming.slot < until_slot)
            .filter(|coming| from <= coming.starts_at && coming.starts_at < until)
            .take(limits::COUNT as usize)
            .collect()
    }
}

fn last_second() -> NaiveTime {
    NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default()
}

/// The text in a plain form without its end by date or instant, and that end. Every part is checked
/// here, because the crate reads leniently what it does not understand.
fn checked(text: &str) -> Result<(String, Option<Until>), RuleProblem> {
    if text.len() > limits::TEXT {
        return Err(RuleProblem::TooLong);
    }
    let text = text.trim().to_ascii_uppercase();
    let text = text.strip_prefix("RRULE:").unwrap_or(&text);
    let mut parts: Vec<(&str, &str)> = Vec::new();
    for part in text.split(';') {
        let (name, value) = part.split_once('=').ok_or(RuleProblem::Malformed)?;
        if parts.iter().any(|(known, _)| *known == name) {
            return Err(RuleProblem::Twice(name.chars().take(20).collect()));
        }
        parts.push((name, value));
    }
    let find = |name| {
        let part = parts.iter().find(|(known, _)| *known == name);
        part.map(|(_, value)| *value)
    };
    let frequency = find("FREQ").ok_or(RuleProblem::NoFrequency)?;
    if find("UNTIL").is_some() && find("COUNT").is_some() {
        return Err(RuleProblem::TwoEnds);
    }
    // RFC 5545 §3.3.10 wants another part to choose from; the crate takes the start's own day.
    let chooses = ["BYDAY", "BYMONTHDAY", "BYMONTH"].map(find);
    if find("BYSETPOS").is_some() && chooses.iter().all(Option::is_none) {
        return Err(RuleProblem::Contradictory);
    }
    let mut open = String::new();
    let mut until = None;
    for (name, value) in &parts {
        let good = match *name {
            "FREQ" if matches!(*value, "HOURLY" | "MINUTELY" | "SECONDLY") => {
                return Err(RuleProblem::TooOften);
            }
            "FREQ" => matches!(*value, "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY"),
            "INTERVAL" => numbers(value, 1, limits::INTERVAL, false) && !value.contains(','),
            "COUNT" => numbers(value, 1, limits::COUNT, false) && !value.contains(','),
            "UNTIL" => {
                until = until_of(value);
                until.is_some()
            }
            "BYMONTH" => numbers(value, 1, 12, false),
            "BYMONTHDAY" => numbers(value, 1, 31, true),
            "BYSETPOS" => numbers(value, 1, 31, true),
            "BYDAY" => {
                let nth = matches!(frequency, "MONTHLY" | "YEARLY");
                value.split(',').all(|day| is_day(day, nth))
            }
            "WKST" => weekday(value).is_some(),
            name => return Err(RuleProblem::UnknownPart(name.chars().take(20).collect())),
        };
        if !good {
            return Err(RuleProblem::BadValue((*name).to_owned()));
        }
        if *name != "UNTIL" && (*name, *value) != ("INTERVAL", "1") {
            let between = if open.is_empty() { "" } else { ";" };
            open.push_str(&format!("{between}{name}={value}"));
        }
    }
    Ok((open, until))
}

/// Whole numbers with commas between, each from the least to the most, or as far below zero.
fn numbers(value: &str, least: u32, most: u32, negative: bool) -> bool {
    value.split(',').all(|number| {
        let plain = number.strip_prefix('-').filter(|_| negative);
        let plain = plain.unwrap_or(number);
        let digits = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
        digits
            && plain
                .parse()
                .is_ok_and(|number: u32| (least..=most).contains(&number))
    })
}

/// `FR`, and with `nth` also `2FR` or `-1FR`.
fn is_day(text: &str, nth: bool) -> bool {
    let at = text.len().saturating_sub(2);
    match text.split_at_checked(at) {
        Some(("", day)) => weekday(day).is_some(),
        Some((number, day)) => nth && weekday(day).is_some() && numbers(number, 1, 5, true),
        None => false,
    }
}

/// The end in one of its three forms: `20261231`, `20261231T200000`, `20261231T190000Z`.
fn until_of(value: &str) -> Option<Until> {
    let Some((date, time)) = value.split_once('T') else {
        return date_of(value).map(Until::Day);
    };
    let (time, utc) = match time.strip_suffix('Z') {
        Some(time) => (time, true),
        None => (time, false),
    };
    let digits = time.len() == 6 && time.bytes().all(|byte| byte.is_ascii_digit());
    let number = |from: usize| time.get(from..from + 2)?.parse().ok();
    if !digits {
        return None;
    }
    let time = NaiveTime::from_hms_opt(number(0)?, number(2)?, number(4)?)?;
    let local = date_of(date)?.and_time(time);
    Some(if utc {
        Until::At(local.and_utc())
    } else {
        Until::Local(local)
    })
}
