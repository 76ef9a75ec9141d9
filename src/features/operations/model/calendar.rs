//! The calendar (§9.2): what was asked for, which days a view shows, and what stands in them. Days
//! and hours are those of one zone, the viewer's; which instants they are is the server's work.

use super::{Answer, OperationState, pages::CategoryMark};
use crate::domain::{
    GroupId, OperationId,
    time::{Instant, parse_date},
};
use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// Days of the agenda: four weeks.
const AGENDA_DAYS: u64 = 28;
/// The evening, when most operations are: the week shows at least these hours.
const EVENING: (i64, i64) = (17, 22);

/// How the calendar is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CalendarView {
    /// Whole weeks, in which a month lies.
    #[default]
    Month,
    /// Seven days by hours.
    Week,
    /// The days on which something is, one below the other.
    Agenda,
}

impl CalendarView {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Month, Self::Week, Self::Agenda];

    /// Its name in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Week => "week",
            Self::Agenda => "agenda",
        }
    }

    /// What people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Month => "Month",
            Self::Week => "Week",
            Self::Agenda => "Agenda",
        }
    }

    /// The view of this name; the month for what is none.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        let known = Self::ALL.into_iter().find(|view| view.as_str() == name);
        known.unwrap_or_default()
    }

    /// The first day it shows around a day, and how many. Weeks begin on Monday.
    #[must_use]
    pub fn days(self, around: NaiveDate) -> (NaiveDate, u64) {
        match self {
            Self::Month => {
                let first = first_of_month(around);
                let start = monday(first);
                let end = monday(first + Months::new(1) - Days::new(1)) + Days::new(7);
                (start, (end - start).num_days().unsigned_abs())
            }
            Self::Week => (monday(around), 7),
            Self::Agenda => (around, AGENDA_DAYS),
        }
    }

    /// The days to go back and on to.
    #[must_use]
    pub fn neighbours(self, around: NaiveDate) -> (NaiveDate, NaiveDate) {
        let by = |days: u64| (around - Days::new(days), around + Days::new(days));
        match self {
            Self::Month => {
                let first = first_of_month(around);
                (first - Months::new(1), first + Months::new(1))
            }
            Self::Week => by(7),
            Self::Agenda => by(AGENDA_DAYS),
        }
    }
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.day0()))
}

fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

/// What is asked for, as the address says it. Empty is everything, or today.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CalendarAsked {
    /// `month`, `week` or `agenda`.
    pub view: String,
    /// A day of the span: `2026-03-06`.
    pub date: String,
    /// IANA name of the zone, for those who have none of their own.
    pub zone: String,
    /// Id of a category.
    pub category: String,
    /// Id of a group: what it and the groups below it organise.
    pub group: String,
    /// What I answered.
    pub answer: String,
}

impl CalendarAsked {
    /// The address of the calendar with exactly this.
    #[must_use]
    pub fn href(&self) -> String {
        let parts = [
            ("view", &self.view),
            ("date", &self.date),
            ("zone", &self.zone),
            ("category", &self.category),
            ("group", &self.group),
            ("answer", &self.answer),
        ];
        let mut href = "/calendar".to_owned();
        let mut mark = '?';
        for (name, value) in parts.into_iter().filter(|(_, value)| !value.is_empty()) {
            // Names of zones have slashes, which may stand in a query; nothing else is special.
            let safe = |c: &char| c.is_ascii_alphanumeric() || "-_/+".contains(*c);
            let value: String = value.chars().filter(safe).collect();
            let value = value.replace('+', "%2B");
            let _ = write!(href, "{mark}{name}={value}");
            mark = '&';
        }
        href
    }

    /// The same, in another view.
    #[must_use]
    pub fn in_view(&self, view: CalendarView) -> Self {
        Self {
            view: view.as_str().to_owned(),
            ..self.clone()
        }
    }

    /// The same, around another day.
    #[must_use]
    pub fn on(&self, date: &str) -> Self {
        Self {
            date: date.to_owned(),
            ..self.clone()
        }
    }

    /// The day asked for; today for what is none, or so far away that nobody plans there.
    #[must_use]
    pub fn day(&self, today: NaiveDate) -> NaiveDate {
        let near = |day: &NaiveDate| (1971..=2150).contains(&day.year());
        parse_date(&self.date).filter(near).unwrap_or(today)
    }
}

/// Which part of an operation a day holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DayPart {
    /// All of it.
    Whole,
    /// It begins and goes on.
    First,
    /// It began before and goes on.
    Middle,
    /// It began before and ends.
    Last,
}

impl DayPart {
    /// Its name in the style sheet.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::First => "first",
            Self::Middle => "middle",
            Self::Last => "last",
        }
    }
}

/// The days that an operation lies on, with its part of each, inside a span. What ends at midnight
/// is not on the day that begins then.
pub fn parts(
    starts: NaiveDateTime,
    ends: NaiveDateTime,
    first: NaiveDate,
    count: u64,
) -> impl Iterator<Item = (u64, DayPart)> {
    let begins_on = starts.date();
    let ends_on = if ends.time() == NaiveTime::MIN && ends.date() > begins_on {
        ends.date() - Days::new(1)
    } else {
        // A change of clocks can make the local end come before the local beginning.
        ends.date().max(begins_on)
    };
    (0..count).filter_map(move |at| {
        let day = first + Days::new(at);
        let part = match (day == begins_on, day == ends_on) {
            (true, true) => DayPart::Whole,
            (true, false) => DayPart::First,
            (false, true) => DayPart::Last,
            (false, false) if begins_on < day && day < ends_on => DayPart::Middle,
            _ => return None,
        };
        Some((at, part))
    })
}

/// An operation, or a part of it, in a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarEntry {
    /// Its id.
    pub id: OperationId,
    /// For optimistic locking.
    pub version: i64,
    /// Its title.
    pub title: String,
    /// Its category.
    pub category: Option<CategoryMark>,
    /// Where it stands.
    pub state: OperationState,
    /// It begins.
    pub starts_at: Instant,
    /// The day of its beginning.
    pub date: String,
    /// The hour of its beginning.
    pub hour: i64,
    /// The time of its beginning: `20:00`.
    pub clock: String,
    /// Its beginning and end in words: `20:00–22:00`.
    pub span: String,
    /// The same in the organiser's zone, when that has other clocks.
    pub there: String,
    /// Which part of it this is.
    pub part: DayPart,
    /// Place or server.
    pub place: String,
    /// Name of the organising group.
    pub group: String,
    /// What the viewer answered.
    pub answer: Option<Answer>,
    /// They wait for a place.
    pub waits: bool,
    /// The viewer's billet.
    pub billet: String,
    /// Title of another operation of the viewer's at the same time.
    pub clash: String,
    /// The viewer may move it.
    pub moves: bool,
    /// It is one of a series.
    pub in_series: bool,
}

/// A day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarDay {
    /// `2026-03-06`.
    pub date: String,
    /// `6`.
    pub number: u32,
    /// `Fri`.
    pub short: String,
    /// `Friday 6 March 2026`.
    pub name: String,
    /// It is today.
    pub is_today: bool,
    /// It is of another month than the one that is shown.
    pub is_outside: bool,
    /// What is on it, in order of time; what began before comes first.
    pub entries: Vec<CalendarEntry>,
}

/// The calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarPage {
    /// What was asked for, with the view and the day that it came to.
    pub asked: CalendarAsked,
    /// The view.
    pub view: CalendarView,
    /// What the days are together.
    pub title: String,
    /// Where "previous" leads.
    pub previous: String,
    /// Where "next" leads.
    pub next: String,
    /// The zone of days and times, in words.
    pub zone: String,
    /// The zones to choose from, for who has none of their own.
    pub zones: Vec<String>,
    /// The days, in order.
    pub days: Vec<CalendarDay>,
    /// The hours that the week shows, the last included.
    pub hours: (i64, i64),
    /// The categories to choose from.
    pub categories: Vec<CategoryMark>,
    /// The groups to choose from: those that organise something here.
    pub groups: Vec<(GroupId, String)>,
    /// The viewer can have answered something.
    pub is_member: bool,
    /// The viewer may plan operations of some group.
    pub plans: bool,
    /// There is more than the calendar can show.
    pub too_many: bool,
}

/// The page on which an operation is moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovePage {
    /// Its id.
    pub id: OperationId,
    /// For optimistic locking.
    pub version: i64,
    /// Its title.
    pub title: String,
    /// The day to which it is moved, as the form begins.
    pub date: String,
    /// The time there.
    pub time: String,
    /// The organiser's zone in words.
    pub zone: String,
    /// When it begins as it is, in that zone.
    pub now: String,
    /// It is one of a series.
    pub in_series: bool,
    /// Where it stands.
    pub state: OperationState,
    /// It can be moved in this state.
    pub possible: bool,
}

/// The hours that a week shows: from the first to the last in which something begins, and the evening.
pub fn hours(starts: impl Iterator<Item = i64>) -> (i64, i64) {
    starts.fold(EVENING, |(first, last), hour| {
        (first.min(hour), last.max(hour))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn local(text: &str) -> NaiveDateTime {
        text.parse().expect("a local time")
    }

    #[test]
    fn months_are_whole_weeks_from_monday() {
        for (around, first, count) in [
            ("2026-03-06", "2026-02-23", 42),
            ("2026-02-01", "2026-01-26", 35),
            ("2027-02-28", "2027-02-01", 28),
            ("2026-11-30", "2026-10-26", 42),
        ] {
            let found = CalendarView::Month.days(day(around));
            assert_eq!(found, (day(first), count), "{around}");
            assert_eq!(found.0.weekday(), chrono::Weekday::Mon);
            let days = found.0.iter_days().take(count as usize);
            let of_month = days.filter(|one| one.month() == day(around).month());
            assert!(of_month.count() >= 28, "{around}: a day is missing");
        }
        assert_eq!(
            CalendarView::Week.days(day("2026-03-08")).0,
            day("2026-03-02")
        );
    }

    #[test]
    fn the_way_back_and_on_is_by_whole_spans() {
        let month = CalendarView::Month.neighbours(day("2026-03-31"));
        assert_eq!(month, (day("2026-02-01"), day("2026-04-01")));
        let week = CalendarView::Week.neighbours(day("2026-03-06"));
        assert_eq!(week, (day("2026-02-27"), day("2026-03-13")));
    }

    #[test]
    fn operations_lie_on_the_days_they_touch() {
        use DayPart::{First, Last, Middle, Whole};
        let on = |starts: &str, ends: &str| -> Vec<(u64, DayPart)> {
            parts(local(starts), local(ends), day("2026-03-02"), 7).collect()
        };
        assert_eq!(
            on("2026-03-06T20:00:00", "2026-03-06T22:00:00"),
            [(4, Whole)]
        );
        assert_eq!(
            on("2026-03-06T22:00:00", "2026-03-07T00:00:00"),
            [(4, Whole)]
        );
        assert_eq!(
            on("2026-03-06T22:00:00", "2026-03-07T00:30:00"),
            [(4, First), (5, Last)]
        );
        assert_eq!(
            on("2026-03-06T20:00:00", "2026-03-10T20:00:00"),
            [(4, First), (5, Middle), (6, Middle)]
        );
        assert_eq!(
            on("2026-02-20T20:00:00", "2026-03-03T00:00:00"),
            [(0, Last)]
        );
        assert_eq!(on("2026-03-09T00:00:00", "2026-03-09T01:00:00"), []);
        // The clocks went back in between.
        assert_eq!(
            on("2026-03-06T02:50:00", "2026-03-06T02:10:00"),
            [(4, Whole)]
        );
    }

    #[test]
    fn addresses_say_what_was_asked_and_nothing_else() {
        let asked = CalendarAsked {
            view: "week".into(),
            zone: "Etc/GMT+3".into(),
            group: "x\"><script>&date=1".into(),
            ..CalendarAsked::default()
        };
        assert_eq!(
            asked.on("2026-03-06").href(),
            "/calendar?view=week&date=2026-03-06&zone=Etc/GMT%2B3&group=xscriptdate1"
        );
        assert_eq!(CalendarAsked::default().href(), "/calendar");
    }

    #[test]
    fn far_days_and_nonsense_are_today() {
        let today = day("2026-03-06");
        for text in ["", "soon", "2026-02-30", "1900-01-01", "2200-12-31"] {
            assert_eq!(
                CalendarAsked::default().on(text).day(today),
                today,
                "{text}"
            );
        }
        let asked = CalendarAsked::default().on("2027-01-31");
        assert_eq!(asked.day(today), day("2027-01-31"));
    }

    #[test]
    fn the_week_shows_the_evening_and_every_beginning() {
        assert_eq!(hours([].into_iter()), (17, 22));
        assert_eq!(hours([3, 20].into_iter()), (3, 22));
        assert_eq!(hours([23].into_iter()), (17, 23));
    }
}
