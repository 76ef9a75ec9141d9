//! What a new organisation begins with. The migration that brought operations has the same for
//! those that were there before; a test holds the two equal.

use super::Mark;

/// A state of attendance (§9.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultState {
    /// Its name.
    pub name: &'static str,
    /// Its short form.
    pub abbreviation: &'static str,
    /// Per cent credited.
    pub credit: i64,
    /// Excused.
    pub excused: bool,
    /// It counts at all.
    pub counts: bool,
    /// What Muster uses it for by itself.
    pub used_for: &'static str,
    /// Its tone.
    pub tone: &'static str,
}

const fn state(
    name: &'static str,
    abbreviation: &'static str,
    credit: i64,
    excused: bool,
    used_for: &'static str,
    tone: &'static str,
) -> DefaultState {
    DefaultState {
        name,
        abbreviation,
        credit,
        excused,
        counts: true,
        used_for,
        tone,
    }
}

/// States of attendance, in order.
pub const STATES: &[DefaultState] = &[
    state("Present", "P", 100, false, "present", "good"),
    state("Late", "L", 50, false, "", "warning"),
    state("Excused", "E", 0, true, "", "neutral"),
    state("On leave", "LOA", 0, true, "leave", "neutral"),
    state("Absent", "A", 0, false, "absent", "bad"),
    state("Standby", "S", 100, false, "", "good"),
];

/// A category of operations (§9.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultCategory {
    /// Its name.
    pub name: &'static str,
    /// Hue of its mark.
    pub hue: i64,
    /// Shape of its mark.
    pub mark: Mark,
    /// Its operations count towards attendance.
    pub counts: bool,
}

const fn category(name: &'static str, hue: i64, mark: Mark, counts: bool) -> DefaultCategory {
    DefaultCategory {
        name,
        hue,
        mark,
        counts,
    }
}

/// Categories, in order.
pub const CATEGORIES: &[DefaultCategory] = &[
    category("Operation", 25, Mark::Diamond, true),
    category("Training", 215, Mark::Square, true),
    category("Meeting", 140, Mark::Disc, false),
    category("Social", 310, Mark::Star, false),
];

#[cfg(test)]
mod tests {
    use super::*;

    const MIGRATIONS: [&str; 2] = [
        include_str!("../../../../migrations/sqlite/20261121000061_fill_operations.sql"),
        include_str!("../../../../migrations/postgres/20261121000061_fill_operations.sql"),
    ];

    /// The values of the rows between these words, without the names of columns in the first.
    fn rows(sql: &str, from: &str, until: &str) -> Vec<String> {
        let start = sql.find(from).expect("the migration inserts them");
        let part = &sql[start..];
        let part = &part[part.find("cross join (").expect("made of a list")..];
        let part = &part[..part.find(until).expect("the list ends")];
        part.lines()
            .filter_map(|line| line.split_once("select "))
            .map(|(_, row)| {
                let values = row.trim().split(", ");
                let plain = |value: &str| value.split(" as ").next().unwrap_or_default().to_owned();
                values.map(plain).collect::<Vec<_>>().join(", ")
            })
            .collect()
    }

    #[test]
    fn the_migration_gives_old_organisations_the_same() {
        for sql in MIGRATIONS {
            let states: Vec<String> = STATES
                .iter()
                .enumerate()
                .map(|(at, s)| {
                    let key = s.name.to_lowercase();
                    format!(
                        "'{}', '{key}', '{}', {}, {}, {}, '{}', '{}', {at}",
                        s.name, s.abbreviation, s.credit, s.excused, s.counts, s.used_for, s.tone
                    )
                })
                .collect();
            let found = rows(sql, "into attendance_state", ") s;");
            assert_eq!(
                found, states,
                "change the constants and both migrations alike"
            );
            let categories: Vec<String> = CATEGORIES
                .iter()
                .enumerate()
                .map(|(at, c)| {
                    let (key, mark) = (c.name.to_lowercase(), c.mark.as_str());
                    format!(
                        "'{}', '{key}', {}, '{mark}', {}, {at}",
                        c.name, c.hue, c.counts
                    )
                })
                .collect();
            let found = rows(sql, "into operation_category", ") c;");
            assert_eq!(
                found, categories,
                "change the constants and both migrations alike"
            );
        }
    }
}
