//! Which stretches of time are taken, for "at most one at a time" (§4.3, §4.4, §4.6).

use crate::domain::time::Instant;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Half-open: [since, until). `None` lasts for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Interval {
    pub(super) since: Instant,
    pub(super) until: Option<Instant>,
}

impl Interval {
    /// The end as an instant that sorts after all others when there is none.
    pub(super) fn end(&self) -> Instant {
        self.until.unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// What takes a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A row of the memberships file, by line.
    Line(u32),
    /// A membership that is there and not in the file.
    Existing,
}

/// Taken stretches that do not overlap, by their start.
#[derive(Clone, Debug, Default)]
pub(super) struct Timeline(BTreeMap<Instant, (Instant, Source)>);

impl Timeline {
    /// What takes some of the interval already. Touching is no clash.
    pub(super) fn clash(&self, interval: &Interval) -> Option<Source> {
        let (_, (end, source)) = self.0.range(..interval.end()).next_back()?;
        (*end > interval.since).then_some(*source)
    }

    /// Takes the interval. What it overlaps becomes one stretch with it, so that old data which
    /// breaks the rule is still covered whole.
    pub(super) fn take(&mut self, interval: &Interval, source: Source) {
        let (mut start, mut end) = (interval.since, interval.end());
        if end <= start {
            return;
        }
        while let Some((other_start, (other_end, _))) = self.0.range(..end).next_back() {
            if *other_end <= start {
                break;
            }
            let other_start = *other_start;
            end = end.max(*other_end);
            start = start.min(other_start);
            self.0.remove(&other_start);
        }
        self.0.insert(start, (end, source));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(since: i64, until: Option<i64>) -> Interval {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).expect("in range");
        Interval {
            since: at(since),
            until: until.map(at),
        }
    }

    #[test]
    fn touching_is_no_clash_and_sharing_an_instant_is() {
        let mut timeline = Timeline::default();
        timeline.take(&interval(10, Some(20)), Source::Line(1));
        timeline.take(&interval(30, None), Source::Existing);
        for (since, until) in [(0, Some(10)), (20, Some(30))] {
            assert_eq!(timeline.clash(&interval(since, until)), None);
        }
        for (since, until) in [(0, Some(11)), (19, Some(21)), (12, Some(13)), (0, Some(25))] {
            assert_eq!(
                timeline.clash(&interval(since, until)),
                Some(Source::Line(1))
            );
        }
        for (since, until) in [(20, Some(31)), (40, Some(41)), (50, None), (0, None)] {
            assert_eq!(
                timeline.clash(&interval(since, until)),
                Some(Source::Existing)
            );
        }
    }

    #[test]
    fn overlapping_stretches_are_covered_whole() {
        let mut timeline = Timeline::default();
        timeline.take(&interval(0, Some(100)), Source::Existing);
        timeline.take(&interval(10, Some(20)), Source::Existing);
        timeline.take(&interval(5, Some(5)), Source::Existing);
        assert!(timeline.clash(&interval(50, Some(60))).is_some());
        assert!(timeline.clash(&interval(100, None)).is_none());
    }
}
