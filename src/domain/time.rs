//! Instants and dates: UTC everywhere, microseconds at most, text forms that need no locale.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Timelike, Utc};

/// An instant. Stored in UTC with microseconds, the precision that both databases keep.
pub type Instant = DateTime<Utc>;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Cuts an instant to microseconds, so that what was written equals what is read back.
#[must_use]
pub fn to_micros(at: Instant) -> Instant {
    at.with_nanosecond(at.nanosecond() / 1_000 * 1_000)
        .unwrap_or(at)
}

/// The day, or that of an instant in UTC, as `6 Jun 2026`.
#[must_use]
pub fn day(at: impl Datelike) -> String {
    format!(
        "{} {} {}",
        at.day(),
        MONTHS[at.month0() as usize % 12],
        at.year()
    )
}

/// The minute as `6 Jun 2026, 20:00 UTC`; the browser replaces it by the viewer's own zone.
#[must_use]
pub fn minute(at: Instant) -> String {
    format!("{}, {} UTC", day(at), clock(at))
}

/// The time of day as `20:14`, in UTC.
#[must_use]
pub fn clock(at: Instant) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// The instant in RFC 3339 with `Z`, for `datetime` attributes.
#[must_use]
pub fn rfc3339(at: Instant) -> String {
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// The date as `2026-06-06`, the form of date inputs and of the `as_of` query value.
#[must_use]
pub fn iso_date(date: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// Reads `2026-06-06`. Years 1900 to 2200.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.trim().splitn(3, '-');
    let year: i32 = parts.next()?.parse().ok()?;
    let month: u32 = parts.next()?.parse().ok()?;
    let day: u32 = parts.next()?.parse().ok()?;
    (1900..=2200)
        .contains(&year)
        .then(|| NaiveDate::from_ymd_opt(year, month, day))
        .flatten()
}

/// The instant that stands for "as of this date": its last microsecond in UTC, so that a change
/// made on the day itself counts (§4.6).
#[must_use]
pub fn end_of_day(date: NaiveDate) -> Instant {
    date.and_time(NaiveTime::MIN).and_utc() + Duration::days(1) - Duration::microseconds(1)
}

/// How long ago, or a span, in one coarse unit: `3 days`, `2 months`, `1 year`.
#[must_use]
pub fn span(from: Instant, until: Instant) -> String {
    let days = (until - from).num_days().max(0);
    let (count, unit) = match days {
        0 => return "less than a day".to_owned(),
        1..60 => (days, "day"),
        60..730 => (days / 30, "month"),
        _ => (days / 365, "year"),
    };
    if count == 1 {
        format!("1 {unit}")
    } else {
        format!("{count} {unit}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_round_trip_and_junk_is_refused() {
        for text in ["2019-06-01", "1900-01-01", "2200-12-31"] {
            assert_eq!(parse_date(text).map(iso_date).as_deref(), Some(text));
        }
        for junk in [
            "",
            "2019",
            "2019-13-01",
            "2019-02-30",
            "0019-01-01",
            "x-y-z",
            "2019-06-01T00",
        ] {
            assert_eq!(
                parse_date(junk),
                None,
                "{junk:?} must not be read as a date"
            );
        }
    }

    #[test]
    fn as_of_a_date_includes_that_day() {
        let date = NaiveDate::from_ymd_opt(2019, 6, 1).expect("a real date");
        assert_eq!(
            end_of_day(date).to_rfc3339(),
            "2019-06-01T23:59:59.999999+00:00"
        );
    }
}
