//! Instants in words, in the zones of organisers and viewers. The other way round, from a local time
//! to its instant, goes `recurrence::instant_of`, for single operations as for series: a time that a
//! change of clocks leaves out or has twice is no mistake of whoever typed it.

use crate::{
    domain::time::Instant,
    features::operations::model::{length, pages::When},
    server::{Ctx, Result, db::Read},
};
use chrono::{Datelike, Duration, NaiveDateTime};
use chrono_tz::Tz;

/// The zone of this name; UTC for what is none, which the database never holds.
#[must_use]
pub fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::UTC)
}

/// The zones to choose from: those named after places, and UTC.
pub fn zones() -> impl Iterator<Item = &'static str> {
    const AREAS: [&str; 10] = [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ];
    let of_places = chrono_tz::TZ_VARIANTS
        .iter()
        .map(|zone| zone.name())
        .filter(|name| {
            name.split_once('/')
                .is_some_and(|(area, _)| AREAS.contains(&area))
        });
    std::iter::once("UTC").chain(of_places)
}

/// A zone in words: `Berlin time`.
#[must_use]
pub fn zone_words(zone: Tz) -> String {
    if zone == Tz::UTC {
        return "UTC".to_owned();
    }
    let place = zone.name().rsplit('/').next().unwrap_or_default();
    format!("{} time", place.replace('_', " "))
}

/// The local time of an instant.
#[must_use]
pub fn local_of(at: Instant, zone: Tz) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}

/// A minute as `Fri 6 Mar 2026, 20:00`.
#[must_use]
pub fn minute_in(at: Instant, zone: Tz) -> String {
    at.with_timezone(&zone)
        .format("%a %-d %b %Y, %H:%M")
        .to_string()
}

/// A day as `Friday 6 March 2026`.
#[must_use]
pub fn day_in(at: Instant, zone: Tz) -> String {
    at.with_timezone(&zone).format("%A %-d %B %Y").to_string()
}

/// The time of day as `20:00`.
#[must_use]
pub fn clock_in(at: Instant, zone: Tz) -> String {
    at.with_timezone(&zone).format("%H:%M").to_string()
}

/// When something is, for somebody in `here`, organised in `there`.
#[must_use]
pub fn when(starts_at: Instant, ends_at: Instant, here: Tz, there: Tz, now: Instant) -> When {
    let same_day = |zone: Tz| {
        let day = |at: Instant| at.with_timezone(&zone).num_days_from_ce();
        day(starts_at) == day(ends_at)
    };
    let span = |zone: Tz| {
        let until = if same_day(zone) {
            clock_in(ends_at, zone)
        } else {
            minute_in(ends_at, zone)
        };
        format!("{}–{until}", minute_in(starts_at, zone))
    };
    let offset = |zone: Tz| local_of(starts_at, zone) - starts_at.naive_utc();
    let there = if offset(here) == offset(there) {
        String::new()
    } else {
        format!("{} {}", span(there), zone_words(there))
    };
    When {
        starts_at,
        ends_at,
        here: span(here),
        there,
        length: length((ends_at - starts_at).num_minutes()),
        countdown: countdown(starts_at, ends_at, now),
    }
}

/// How far away something is, in words.
#[must_use]
pub fn countdown(starts_at: Instant, ends_at: Instant, now: Instant) -> String {
    if now < starts_at {
        format!("in {}", coarse(starts_at - now))
    } else if now < ends_at {
        format!("now, for another {}", coarse(ends_at - now))
    } else {
        format!("{} ago", coarse(now - ends_at))
    }
}

/// A span in its greatest unit, rounded down; less than a minute is one.
fn coarse(span: Duration) -> String {
    let minutes = span.num_minutes().max(1);
    let (count, unit) = match minutes {
        0..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        1440..20160 => (minutes / 1440, "day"),
        20160..86400 => (minutes / 10080, "week"),
        86400..1_051_200 => (minutes / 43200, "month"),
        _ => (minutes / 525_600, "year"),
    };
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{s}")
}

/// The zone in which somebody reads times: their own, and for visitors that of the organisation.
///
/// # Errors
/// When the database fails.
pub async fn viewer_zone(tx: &mut Read, ctx: &Ctx) -> Result<Tz> {
    let of_org = zone(&ctx.tenant()?.time_zone);
    let Some(user) = &ctx.actor.user else {
        return Ok(of_org);
    };
    let own: Option<(String,)> = tx
        .optional(
            "select time_zone from user_account where user_id = $1",
            (user.id,),
        )
        .await?;
    let own = own.filter(|(name,)| !name.is_empty());
    Ok(own.map_or(of_org, |(name,)| zone(&name)))
}

/// An instant from its parts in UTC, for tests.
#[cfg(test)]
pub(super) fn utc(text: &str) -> Instant {
    text.parse().expect("an instant")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_far_is_said_coarsely() {
        let start = utc("2026-03-06T19:00:00Z");
        let end = utc("2026-03-06T21:00:00Z");
        for (now, words) in [
            ("2026-03-06T18:59:50Z", "in 1 minute"),
            ("2026-03-06T17:10:00Z", "in 1 hour"),
            ("2026-03-03T18:00:00Z", "in 3 days"),
            ("2026-02-01T18:00:00Z", "in 4 weeks"),
            ("2026-03-06T20:40:00Z", "now, for another 20 minutes"),
            ("2026-03-08T21:00:00Z", "2 days ago"),
        ] {
            assert_eq!(countdown(start, end, utc(now)), words, "{now}");
        }
    }

    #[test]
    fn the_organisers_time_is_said_where_it_differs() {
        let start = utc("2026-03-06T19:00:00Z");
        let end = utc("2026-03-06T21:00:00Z");
        let berlin = zone("Europe/Berlin");
        let there = |here: Tz| when(start, end, here, berlin, start).there;
        assert_eq!(there(berlin), "");
        assert_eq!(
            there(zone("Europe/Paris")),
            "",
            "the same clocks need no second time"
        );
        assert_eq!(
            there(zone("America/New_York")),
            "Fri 6 Mar 2026, 20:00–22:00 Berlin time"
        );
        let here = when(start, end, zone("Asia/Tokyo"), berlin, start).here;
        assert_eq!(here, "Sat 7 Mar 2026, 04:00–06:00");
    }

    #[test]
    fn zones_to_choose_from_can_be_read() {
        assert!(zones().count() > 300);
        assert!(zones().all(|name| name.parse::<Tz>().is_ok()));
        assert_eq!(zone_words(zone("America/New_York")), "New York time");
    }
}
