//! How an operation comes again (§9.1): the few forms that people choose from.
//!
//! A [`Recurrence`] is what the form offers, and is stored as the text of an RFC 5545 rule
//! ([`Recurrence::text`]). Other rules can be entered as such a text; `service::recurrence` reads
//! both and knows on which instants they fall. An end by date is kept as the date
//! (`UNTIL=20261231`), which means the same after the zone was corrected; calendars get it as the
//! instant that RFC 5545 §3.3.10 demands.

use crate::domain::time;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};

/// Limits of rules.
pub mod limits {
    /// Bytes of a rule's text.
    pub const TEXT: usize = 300;
    /// Days, weeks or months from one to the next.
    pub const INTERVAL: u32 = 99;
    /// Times in all, and how many are reckoned at a time.
    pub const COUNT: u32 = 500;
    /// A rule whose second time is farther from its first than this is no use to anybody, and would
    /// have calendars search centuries for the next one.
    pub const FARTHEST_YEARS: i32 = 10;
}

/// An operation that comes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// When.
    pub every: Every,
    /// Until when.
    pub ends: Ends,
}

/// The forms that people choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Every {
    /// Every so many days.
    Days(u32),
    /// Every so many weeks on these days of the week.
    Weeks {
        /// From one week to the next.
        weeks: u32,
        /// At least one, Monday first.
        on: Vec<Weekday>,
    },
    /// Every so many months on this day; a month without it is passed over. −1 is the last day.
    MonthDay {
        /// From one month to the next.
        months: u32,
        /// 1 to 31, or −1.
        day: i32,
    },
    /// Every so many months on the first, …, fourth or last (−1) such day of the week.
    MonthWeekday {
        /// From one month to the next.
        months: u32,
        /// 1 to 4, or −1.
        nth: i32,
        /// Which day of the week.
        weekday: Weekday,
    },
}

/// When it stops coming again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Not by itself.
    Never,
    /// After this day in the organiser's zone, on which it may still be.
    On(NaiveDate),
    /// After so many times.
    After(u32),
}

/// Days of the week as RFC 5545 and as people write them, Monday first.
pub const WEEKDAYS: [(Weekday, &str, &str); 7] = [
    (Weekday::Mon, "MO", "Monday"),
    (Weekday::Tue, "TU", "Tuesday"),
    (Weekday::Wed, "WE", "Wednesday"),
    (Weekday::Thu, "TH", "Thursday"),
    (Weekday::Fri, "FR", "Friday"),
    (Weekday::Sat, "SA", "Saturday"),
    (Weekday::Sun, "SU", "Sunday"),
];

fn code(weekday: Weekday) -> &'static str {
    WEEKDAYS[weekday.num_days_from_monday() as usize % 7].1
}

fn label(weekday: Weekday) -> &'static str {
    WEEKDAYS[weekday.num_days_from_monday() as usize % 7].2
}

/// The day of the week of an RFC 5545 code.
#[must_use]
pub fn weekday(code: &str) -> Option<Weekday> {
    let found = WEEKDAYS.iter().find(|(_, known, _)| *known == code);
    found.map(|(weekday, _, _)| *weekday)
}

impl Recurrence {
    /// The text of the rule, as it is stored. Its end by date is a date; `service::recurrence` has
    /// the text for calendars.
    #[must_use]
    pub fn text(&self) -> String {
        let (frequency, interval, by) = match &self.every {
            Every::Days(days) => ("DAILY", *days, String::new()),
            Every::Weeks { weeks, on } => {
                let codes: Vec<_> = on.iter().map(|weekday| code(*weekday)).collect();
                ("WEEKLY", *weeks, format!(";BYDAY={}", codes.join(",")))
            }
            Every::MonthDay { months, day } => ("MONTHLY", *months, format!(";BYMONTHDAY={day}")),
            Every::MonthWeekday {
                months,
                nth,
                weekday,
            } => {
                let by = format!(";BYDAY={nth}{}", code(*weekday));
                ("MONTHLY", *months, by)
            }
        };
        let interval = match interval {
            1 => String::new(),
            interval => format!(";INTERVAL={interval}"),
        };
        let ends = match self.ends {
            Ends::Never => String::new(),
            Ends::On(date) => format!(";UNTIL={}", date_text(date)),
            Ends::After(count) => format!(";COUNT={count}"),
        };
        format!("FREQ={frequency}{interval}{by}{ends}")
    }

    /// Reads what [`Recurrence::text`] wrote. None for any other rule, also for a correct one.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let part = |name: &str| {
            let mut parts = text.split(';').filter_map(|part| part.split_once('='));
            parts.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let interval = part("INTERVAL").map_or(Some(1), |value| value.parse().ok())?;
        let by_day = part("BYDAY");
        let every = match part("FREQ")? {
            "DAILY" => Every::Days(interval),
            "WEEKLY" => Every::Weeks {
                weeks: interval,
                on: by_day?.split(',').map(weekday).collect::<Option<_>>()?,
            },
            "MONTHLY" => match by_day {
                None => Every::MonthDay {
                    months: interval,
                    day: part("BYMONTHDAY")?.parse().ok()?,
                },
                Some(by_day) => {
                    let (nth, day) = by_day.split_at_checked(by_day.len().checked_sub(2)?)?;
                    Every::MonthWeekday {
                        months: interval,
                        nth: nth.parse().ok()?,
                        weekday: weekday(day)?,
                    }
                }
            },
            _ => return None,
        };
        let ends = match (part("UNTIL"), part("COUNT")) {
            (None, None) => Ends::Never,
            (Some(date), None) => Ends::On(date_of(date)?),
            (None, Some(count)) => Ends::After(count.parse().ok()?),
            (Some(_), Some(_)) => return None,
        };
        let read = Self { every, ends };
        (read.is_sound() && read.text() == text).then_some(read)
    }

    /// Are its numbers within the limits?
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let interval = |number: &u32| (1..=limits::INTERVAL).contains(number);
        let every = match &self.every {
            Every::Days(days) => interval(days),
            Every::Weeks { weeks, on } => {
                let rising = |pair: &[Weekday]| {
                    pair[0].num_days_from_monday() < pair[1].num_days_from_monday()
                };
                interval(weeks) && !on.is_empty() && on.windows(2).all(rising)
            }
            Every::MonthDay { months, day } => {
                interval(months) && (*day == -1 || (1..=31).contains(day))
            }
            Every::MonthWeekday { months, nth, .. } => {
                interval(months) && (*nth == -1 || (1..=4).contains(nth))
            }
        };
        let ends = match self.ends {
            Ends::Never => true,
            Ends::On(date) => (1900..=2200).contains(&date.year()),
            Ends::After(count) => (1..=limits::COUNT).contains(&count),
        };
        every && ends
    }

    /// In words: "Every Friday at 20:00, Europe/Berlin".
    #[must_use]
    pub fn told(&self, at: NaiveTime, zone: &str) -> String {
        let every = match &self.every {
            Every::Days(1) => "Every day".to_owned(),
            Every::Days(days) => format!("Every {days} days"),
            Every::Weeks { weeks: 1, on } => format!("Every {}", listed(on)),
            Every::Weeks { weeks, on } => format!("Every {weeks} weeks on {}", listed(on)),
            Every::MonthDay { months, day: -1 } => {
                format!("{} on the last day", monthly(*months))
            }
            Every::MonthDay { months, day } => {
                format!("{} on the {}", monthly(*months), nth_day(*day))
            }
            Every::MonthWeekday {
                months,
                nth,
                weekday,
            } => {
                let nth = match nth {
                    -1 => "last",
                    1 => "first",
                    2 => "second",
                    3 => "third",
                    _ => "fourth",
                };
                let day = label(*weekday);
                format!("{} on the {nth} {day}", monthly(*months))
            }
        };
        let ends = match self.ends {
            Ends::Never => String::new(),
            Ends::On(date) => {
                let last = date.and_time(NaiveTime::MIN).and_utc();
                format!(", until {}", time::day(last))
            }
            Ends::After(1) => ", once".to_owned(),
            Ends::After(count) => format!(", {count} times"),
        };
        format!("{every} at {}{ends}, {zone}", clock(at))
    }
}

/// Another rule in words: its text, which is all that can be said for sure.
#[must_use]
pub fn told_text(text: &str, at: NaiveTime, zone: &str) -> String {
    match Recurrence::of_text(text) {
        Some(recurrence) => recurrence.told(at, zone),
        None => format!("By the rule {text} at {}, {zone}", clock(at)),
    }
}

fn clock(at: NaiveTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

fn listed(days: &[Weekday]) -> String {
    let names: Vec<_> = days.iter().map(|day| label(*day)).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [many @ .., last] => format!("{} and {last}", many.join(", ")),
    }
}

fn monthly(months: u32) -> String {
    match months {
        1 => "Every month".to_owned(),
        months => format!("Every {months} months"),
    }
}

/// "31st", and what becomes of months that are shorter.
fn nth_day(day: i32) -> String {
    let ending = match (day % 10, day % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    let where_there_is_one = if day > 28 {
        " (where there is one)"
    } else {
        ""
    };
    format!("{day}{ending}{where_there_is_one}")
}

/// A date in the form of RFC 5545.
#[must_use]
pub fn date_text(date: NaiveDate) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// Reads a date in the form of RFC 5545.
#[must_use]
pub fn date_of(text: &str) -> Option<NaiveDate> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    if !digits {
        return None;
    }
    let year = i32::try_from(number(0, 4)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(4, 6)?, number(6, 8)?)
}

/// A local date and time in the form of RFC 5545.
#[must_use]
pub fn local_text(at: NaiveDateTime) -> String {
    let time = at.time();
    format!(
        "{}T{:02}{:02}{:02}",
        date_text(at.date()),
        time.hour(),
        time.minute(),
        time.second()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(text: &str) -> String {
        let at = NaiveTime::from_hms_opt(20, 0, 0).expect("a time of day");
        told_text(text, at, "Europe/Berlin")
    }

    #[test]
    fn rules_are_told_as_people_say_them() {
        for (text, expected) in [
            (
                "FREQ=WEEKLY;BYDAY=FR",
                "Every Friday at 20:00, Europe/Berlin",
            ),
            (
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR,SU;COUNT=10",
                "Every 2 weeks on Tuesday, Friday and Sunday at 20:00, 10 times, Europe/Berlin",
            ),
            (
                "FREQ=DAILY;UNTIL=20261231",
                "Every day at 20:00, until 31 Dec 2026, Europe/Berlin",
            ),
            (
                "FREQ=DAILY;INTERVAL=3",
                "Every 3 days at 20:00, Europe/Berlin",
            ),
            (
                "FREQ=MONTHLY;BYMONTHDAY=31",
                "Every month on the 31st (where there is one) at 20:00, Europe/Berlin",
            ),
            (
                "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=1",
                "Every month on the last day at 20:00, once, Europe/Berlin",
            ),
            (
                "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=12",
                "Every 2 months on the 12th at 20:00, Europe/Berlin",
            ),
            (
                "FREQ=MONTHLY;BYDAY=-1SA",
                "Every month on the last Saturday at 20:00, Europe/Berlin",
            ),
            (
                "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=6",
                "By the rule FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=6 at 20:00, Europe/Berlin",
            ),
        ] {
            assert_eq!(told(text), expected);
        }
    }

    #[test]
    fn what_the_form_cannot_show_is_not_read_as_if_it_could() {
        for text in [
            "",
            "FREQ=WEEKLY",
            "FREQ=WEEKLY;BYDAY=FR,MO",
            "FREQ=WEEKLY;BYDAY=FR;WKST=SU",
            "FREQ=WEEKLY;BYDAY=FR;INTERVAL=2",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;INTERVAL=100",
            "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;COUNT=501",
            "FREQ=DAILY;COUNT=5;UNTIL=20261231",
            "FREQ=DAILY;UNTIL=20261231T200000Z",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=MONTHLY;BYDAY=5MO",
            "FREQ=MONTHLY;BYDAY=O",
            "FREQ=MONTHLY;BYDAY=é",
            "FREQ=MONTHLY;BYDAY=1MO,2MO",
        ] {
            assert_eq!(Recurrence::of_text(text), None, "{text}");
        }
    }

    fn every() -> impl Strategy<Value = Every> {
        let weekday = || prop::sample::select(WEEKDAYS.map(|(day, _, _)| day).to_vec());
        let on = prop::sample::subsequence(WEEKDAYS.map(|(day, _, _)| day).to_vec(), 1..=7);
        let interval = || 1..=limits::INTERVAL;
        prop_oneof![
            interval().prop_map(Every::Days),
            (interval(), on).prop_map(|(weeks, on)| Every::Weeks { weeks, on }),
            (interval(), prop_oneof![Just(-1), 1..=31])
                .prop_map(|(months, day)| Every::MonthDay { months, day }),
            (interval(), prop_oneof![Just(-1), 1..=4], weekday()).prop_map(
                |(months, nth, weekday)| Every::MonthWeekday {
                    months,
                    nth,
                    weekday
                }
            ),
        ]
    }

    fn ends() -> impl Strategy<Value = Ends> {
        prop_oneof![
            Just(Ends::Never),
            (1..=limits::COUNT).prop_map(Ends::After),
            (0..30_000_u64).prop_map(|days| {
                let first = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a date");
                Ends::On(first + chrono::Days::new(days))
            }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read((every, ends) in (every(), ends())) {
            let recurrence = Recurrence { every, ends };
            prop_assert_eq!(Recurrence::of_text(&recurrence.text()), Some(recurrence));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "[A-Z0-9=;,é-]{0,40}") {
            let _ = Recurrence::of_text(&text);
        }
    }
}
