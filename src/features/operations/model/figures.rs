//! Figures of attendance (§9.7), from what the sheets of operations say about one player.
//!
//! A mark has a meaning, not a name: credit, excused or not, counts or not. Renaming a state
//! changes no figure, because no name gets here (field defect 7). Percentages are those of
//! [`Attendance`]: whole hundredths, half up, 0 without operations.

use crate::domain::{criteria::Attendance, time::Instant};
use chrono::Duration;

/// The windows that are shown, in days; lifetime stands beside them.
pub const WINDOWS: [u32; 3] = [30, 60, 90];

/// What one operation says about one player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When the operation ended.
    pub ended_at: Instant,
    /// How much of it is credited, in percent; above 100 is 100.
    pub credit: u8,
    /// The absence, or what is missing of the credit, is excused.
    pub excused: bool,
    /// The operation counts for this player. What does not count changes no figure.
    pub counts: bool,
}

/// The figures of one player.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// In the windows of [`WINDOWS`].
    pub windows: [Attendance; WINDOWS.len()],
    /// Ever.
    pub lifetime: Attendance,
}

/// The figures as of an instant.
#[must_use]
pub fn figures(marks: &[Mark], as_of: Instant) -> Figures {
    Figures {
        windows: WINDOWS.map(|days| sums(marks, Some(days), as_of)),
        lifetime: sums(marks, None, as_of),
    }
}

/// Sums over the operations that ended within so many days before the instant, or ever. One that
/// ended exactly so many days before is out: a weekly operation is in a window of 28 days four
/// times, whenever one looks.
#[must_use]
pub fn sums(marks: &[Mark], days: Option<u32>, as_of: Instant) -> Attendance {
    let after = days.map(|days| as_of - Duration::days(i64::from(days)));
    let within = |mark: &&Mark| {
        mark.counts && mark.ended_at <= as_of && after.is_none_or(|after| mark.ended_at > after)
    };
    let marks = marks.iter().filter(within);
    marks.fold(Attendance::default(), |sums, mark| {
        let credit = u32::from(mark.credit.min(100));
        Attendance {
            operations: sums.operations + 1,
            attended: sums.attended + u32::from(credit > 0),
            credit: sums.credit + credit,
            accountable: sums.accountable + if mark.excused { 100 } else { credit },
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;

    fn day(number: i64) -> Instant {
        DateTime::UNIX_EPOCH + Duration::days(number)
    }

    fn mark(number: i64, credit: u8) -> Mark {
        Mark {
            ended_at: day(number),
            credit,
            excused: false,
            counts: true,
        }
    }

    fn marks() -> impl Strategy<Value = Vec<Mark>> {
        let one = (0..200_i64, 0..=120_u8, any::<bool>(), any::<bool>());
        let one = one.prop_map(|(number, credit, excused, counts)| Mark {
            excused,
            counts,
            ..mark(number, credit)
        });
        prop::collection::vec(one, 0..40)
    }

    #[test]
    fn no_operations_are_no_percent_and_not_eligible() {
        let figures = figures(&[], day(100));
        for sums in figures.windows.into_iter().chain([figures.lifetime]) {
            assert_eq!(
                (sums.attended_percent(), sums.accountable_percent()),
                (0, 0)
            );
            assert!(!sums.eligible());
        }
    }

    #[test]
    fn percentages_are_rounded_to_two_places_half_up() {
        // Credits, and the percentage in hundredths that a pocket calculator gives.
        let cases: [(&[u8], u32); 8] = [
            (&[100, 0, 0], 3_333),
            (&[100, 100, 0], 6_667),
            (&[50, 0, 0, 0, 0, 0, 0], 714),
            (&[100, 100, 100, 100, 100, 0], 8_333),
            (&[1, 0, 0, 0, 0, 0, 0, 0], 13), // 0.125
            (&[3, 0, 0, 0, 0, 0, 0, 0], 38), // 0.375
            (&[100], 10_000),
            (&[120], 10_000),
        ];
        for (credits, expected) in cases {
            let marks: Vec<_> = credits.iter().map(|credit| mark(1, *credit)).collect();
            let sums = sums(&marks, None, day(2));
            assert_eq!(sums.attended_percent(), expected, "of {credits:?}");
        }
        // 1 in 20,000 is 0.005 %, which is rounded up; 1 in 20,001 is not.
        let many = |operations| Attendance {
            operations,
            attended: 1,
            credit: 100,
            accountable: 100,
        };
        assert_eq!(many(20_000).attended_percent(), 1);
        assert_eq!(many(20_001).attended_percent(), 0);
    }

    #[test]
    fn excused_counts_for_one_percentage_and_against_the_other() {
        let excused = Mark {
            excused: true,
            ..mark(2, 0)
        };
        let left_out = Mark {
            counts: false,
            ..mark(3, 0)
        };
        let sums = sums(&[mark(1, 100), excused, left_out, mark(4, 0)], None, day(9));
        assert_eq!(sums.operations, 3);
        assert_eq!(sums.attended, 1);
        assert_eq!(sums.attended_percent(), 3_333);
        assert_eq!(sums.accountable_percent(), 6_667);
    }

    #[test]
    fn a_window_begins_after_its_first_instant_and_ends_with_the_last() {
        let marks = [mark(10, 100), mark(11, 100), mark(40, 100), mark(41, 100)];
        assert_eq!(sums(&marks, Some(30), day(40)).operations, 2);
        assert_eq!(sums(&marks, None, day(40)).operations, 3);
        let weekly: Vec<_> = (0..20).map(|week| mark(7 * week, 100)).collect();
        for hour in 0..24 * 7 {
            let as_of = day(100) + Duration::hours(hour);
            assert_eq!(sums(&weekly, Some(28), as_of).operations, 4);
        }
    }

    proptest! {
        #[test]
        fn percentages_are_the_nearest_hundredths(marks in marks(), now in 0..220_i64) {
            let figures = figures(&marks, day(now));
            for sums in figures.windows.into_iter().chain([figures.lifetime]) {
                let shares = [
                    (sums.credit, sums.attended_percent()),
                    (sums.accountable, sums.accountable_percent()),
                ];
                for (credit, percent) in shares {
                    // |percent / 100 − credit / operations| ≤ 1/200, and at half it went up.
                    let (operations, credit) = (i64::from(sums.operations), i64::from(credit));
                    let over = 2 * i64::from(percent) * operations - 200 * credit;
                    let half = -operations < over && over <= operations;
                    prop_assert!(operations == 0 || half, "{percent} of {sums:?}");
                    prop_assert!(percent <= 10_000);
                }
                prop_assert!(sums.attended_percent() <= sums.accountable_percent());
                prop_assert!(sums.attended <= sums.operations);
            }
        }

        #[test]
        fn longer_windows_hold_the_shorter(marks in marks(), now in 0..220_i64) {
            let figures = figures(&marks, day(now));
            let [month, two, three] = figures.windows.map(|sums| sums.operations);
            prop_assert!(month <= two && two <= three && three <= figures.lifetime.operations);
        }

        #[test]
        fn the_order_of_marks_and_what_does_not_count_change_nothing(
            marks in marks(), now in 0..220_i64
        ) {
            let mut other: Vec<_> = marks.iter().copied().filter(|mark| mark.counts).collect();
            other.reverse();
            prop_assert_eq!(figures(&marks, day(now)), figures(&other, day(now)));
        }
    }
}
