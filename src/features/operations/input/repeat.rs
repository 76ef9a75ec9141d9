//! How an operation comes again, as typed: one of the forms that people choose from, or the text of
//! a rule.

use super::optional_number;
use crate::{
    domain::{AppError, FieldErrors, FieldProblem, time::parse_date},
    features::operations::model::recurrence::{Ends, Every, Recurrence, WEEKDAYS, limits, weekday},
};
use chrono::{Datelike, NaiveDateTime, Weekday};
use serde::{Deserialize, Serialize};

/// See the module's documentation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RepeatFields {
    /// Empty for not at all; `days`, `weeks`, `month_day`, `month_weekday` or `rule`.
    pub every: String,
    /// From one to the next; empty for 1.
    pub interval: String,
    /// Days of the week of `weeks`, as RFC 5545 writes them; that of the start when empty.
    pub on: Vec<String>,
    /// `never`, `on` or `after`; empty for `never`.
    pub ends: String,
    /// The last day of `on`.
    pub until: String,
    /// How many of `after`.
    pub count: String,
    /// The text of `rule`.
    pub rule: String,
}

impl RepeatFields {
    /// The text of the rule for a start; none: it does not come again. Of a weekly rule for one day,
    /// the day goes with the start when that is moved to another.
    ///
    /// # Errors
    /// All problems at once. Whether a text is a rule is known to the server alone.
    pub fn rule(&self, start: NaiveDateTime) -> Result<Option<String>, AppError> {
        let mut errors = FieldErrors::default();
        let most = i64::from(limits::INTERVAL);
        let interval = optional_number(&self.interval, 1, most).map(|number| number.unwrap_or(1));
        let interval = match self.every.as_str() {
            "" | "rule" => Some(1),
            _ => errors.check("repeat[interval]", interval),
        };
        let interval = interval.unwrap_or(1) as u32;
        let every = match self.every.as_str() {
            "" => return Ok(None),
            "rule" => {
                let text = self.rule.trim();
                if text.is_empty() {
                    return Err(AppError::field("repeat[rule]", FieldProblem::Required));
                }
                return Ok(Some(text.to_owned()));
            }
            "days" => Some(Every::Days(interval)),
            "weeks" => {
                let on = errors.check("repeat[on][]", self.weekdays(start.weekday()));
                on.map(|on| Every::Weeks {
                    weeks: interval,
                    on,
                })
            }
            "month_day" => Some(Every::MonthDay {
                months: interval,
                day: start.day() as i32,
            }),
            "month_weekday" => {
                let nth = start.day0() as i32 / 7 + 1;
                Some(Every::MonthWeekday {
                    months: interval,
                    // Not every month has a fifth.
                    nth: if nth > 4 { -1 } else { nth },
                    weekday: start.weekday(),
                })
            }
            _ => errors.check("repeat[every]", Err(FieldProblem::Unknown)),
        };
        let ends = match self.ends.as_str() {
            "" | "never" => Some(Ends::Never),
            "on" => {
                let until = parse_date(&self.until).ok_or(FieldProblem::Malformed);
                let until = until.and_then(|until| {
                    let late = until >= start.date();
                    late.then_some(until).ok_or(FieldProblem::OutOfRange)
                });
                errors.check("repeat[until]", until).map(Ends::On)
            }
            "after" => {
                let count = optional_number(&self.count, 1, i64::from(limits::COUNT));
                let count = count.and_then(|count| count.ok_or(FieldProblem::Required));
                let count = errors.check("repeat[count]", count);
                count.map(|count| Ends::After(count as u32))
            }
            _ => errors.check("repeat[ends]", Err(FieldProblem::Unknown)),
        };
        match (every, ends) {
            (Some(every), Some(ends)) if errors.0.is_empty() => {
                Ok(Some(Recurrence { every, ends }.text()))
            }
            _ => Err(AppError::Invalid(errors)),
        }
    }

    /// The chosen days, Monday first.
    fn weekdays(&self, start: Weekday) -> Result<Vec<Weekday>, FieldProblem> {
        let chosen = self.on.iter().map(|code| weekday(code));
        let chosen: Option<Vec<Weekday>> = chosen.collect();
        let chosen = chosen.ok_or(FieldProblem::Unknown)?;
        if chosen.len() <= 1 {
            return Ok(vec![start]);
        }
        if !chosen.contains(&start) {
            return Err(FieldProblem::NotInRule);
        }
        let in_order = WEEKDAYS.iter().map(|(weekday, ..)| *weekday);
        Ok(in_order.filter(|day| chosen.contains(day)).collect())
    }

    /// The form that shows a rule.
    #[must_use]
    pub fn of_rule(text: &str) -> Self {
        let Some(recurrence) = Recurrence::of_text(text) else {
            return Self {
                every: "rule".into(),
                rule: text.to_owned(),
                ..Self::default()
            };
        };
        let (every, interval, on) = match recurrence.every {
            Every::Days(days) => ("days", days, Vec::new()),
            Every::Weeks { weeks, on } => ("weeks", weeks, on),
            Every::MonthDay { months, .. } => ("month_day", months, Vec::new()),
            Every::MonthWeekday { months, .. } => ("month_weekday", months, Vec::new()),
        };
        let codes = WEEKDAYS.iter().filter(|(day, ..)| on.contains(day));
        let mut fields = Self {
            every: every.into(),
            interval: interval.to_string(),
            on: codes.map(|(_, code, _)| (*code).to_owned()).collect(),
            ends: "never".into(),
            ..Self::default()
        };
        match recurrence.ends {
            Ends::Never => {}
            Ends::On(day) => {
                fields.ends = "on".into();
                fields.until = crate::domain::time::iso_date(day);
            }
            Ends::After(count) => {
                fields.ends = "after".into();
                fields.count = count.to_string();
            }
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> NaiveDateTime {
        "2026-03-06T20:00:00".parse().expect("a local time")
    }

    fn rule(fields: &RepeatFields) -> Option<String> {
        fields.rule(start()).expect("good fields")
    }

    #[test]
    fn forms_become_rules() {
        let every = |every: &str| RepeatFields {
            every: every.into(),
            ..RepeatFields::default()
        };
        assert_eq!(rule(&every("")), None);
        for (form, text) in [
            ("days", "FREQ=DAILY"),
            ("weeks", "FREQ=WEEKLY;BYDAY=FR"),
            ("month_day", "FREQ=MONTHLY;BYMONTHDAY=6"),
            ("month_weekday", "FREQ=MONTHLY;BYDAY=1FR"),
        ] {
            assert_eq!(rule(&every(form)).as_deref(), Some(text));
            let again = RepeatFields::of_rule(text);
            assert_eq!(rule(&again).as_deref(), Some(text), "read back");
        }
        let raw = RepeatFields::of_rule("FREQ=YEARLY;BYMONTH=3");
        assert_eq!(rule(&raw).as_deref(), Some("FREQ=YEARLY;BYMONTH=3"));
    }

    #[test]
    fn days_of_the_week_go_with_the_start() {
        let weekly = |on: &[&str]| RepeatFields {
            every: "weeks".into(),
            interval: "2".into(),
            on: on.iter().map(|day| (*day).to_owned()).collect(),
            ..RepeatFields::default()
        };
        let text = |on| rule(&weekly(on)).expect("it comes again");
        assert_eq!(text(&["SU"]), "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR");
        assert_eq!(text(&["FR", "TU"]), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR");
        assert_eq!(
            weekly(&["TU", "WE"]).rule(start()),
            Err(AppError::field("repeat[on][]", FieldProblem::NotInRule))
        );
        assert!(weekly(&["XX", "FR"]).rule(start()).is_err());
    }

    #[test]
    fn ends_are_checked() {
        let ends = |ends: &str, until: &str, count: &str| {
            let fields = RepeatFields {
                every: "days".into(),
                ends: ends.into(),
                until: until.into(),
                count: count.into(),
                ..RepeatFields::default()
            };
            fields.rule(start())
        };
        let text = ends("on", "2026-03-31", "").expect("a day to come");
        assert_eq!(text.as_deref(), Some("FREQ=DAILY;UNTIL=20260331"));
        let text = ends("after", "", "10").expect("ten times");
        assert_eq!(text.as_deref(), Some("FREQ=DAILY;COUNT=10"));
        for wrong in [
            ends("on", "2026-03-05", ""),
            ends("on", "", ""),
            ends("after", "", ""),
            ends("after", "", "501"),
            ends("sometime", "", ""),
        ] {
            assert!(wrong.is_err(), "{wrong:?}");
        }
    }
}
