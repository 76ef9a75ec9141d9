//! The rows of the three files, each value checked (§4.1, §4.4, §4.6, §5.1).

use super::super::report::{Place, ProblemCode, ProblemList, show};
use super::scan::Record;
use super::sheet::Sheet;
use super::{FileKind, InputFile, Limits};
use crate::domain::error::FieldProblem;
use crate::domain::name;
use crate::domain::time::Instant;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};

const GROUP_NAME_MAX: usize = 100;
const PLAYER_NAME_MAX: usize = 64;
const ROLE_NAME_MAX: usize = 64;
const KIND_MAX: usize = 64;
const STANDING_MAX: usize = 32;
const ACRONYM_MAX: usize = 12;
const DESCRIPTION_MAX: usize = 10_000;

/// What a row of the groups file says; `None` where the cell is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct GroupFacts {
    pub(in super::super) name: String,
    pub(in super::super) parent: Option<String>,
    pub(in super::super) acronym: Option<String>,
    pub(in super::super) kind: Option<String>,
    pub(in super::super) description: Option<String>,
    pub(in super::super) exclusive: Option<bool>,
    pub(in super::super) visibility: Option<&'static str>,
    pub(in super::super) policy: Option<&'static str>,
    pub(in super::super) founded: Option<Instant>,
    pub(in super::super) retired: Option<Instant>,
}

/// A row of the groups file that at least has a name.
#[derive(Clone, Debug)]
pub(in super::super) struct GroupRow {
    pub(in super::super) line: u32,
    pub(in super::super) facts: GroupFacts,
    /// Something in the row is wrong and reported; only the name may be used.
    pub(in super::super) flawed: bool,
}

/// A row of the memberships file that at least has a player.
#[derive(Clone, Debug)]
pub(in super::super) struct MembershipRow {
    pub(in super::super) line: u32,
    pub(in super::super) player: String,
    pub(in super::super) group: String,
    pub(in super::super) role: String,
    pub(in super::super) since: Option<Instant>,
    pub(in super::super) until: Option<Instant>,
    /// Something in the row is wrong and reported; only the player may be used.
    pub(in super::super) flawed: bool,
}

/// What a row of the players file says besides the name; `None` where the cell is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct PlayerFacts {
    pub(in super::super) standing: Option<String>,
    pub(in super::super) joined: Option<Instant>,
}

/// A row of the players file that at least has a name.
#[derive(Clone, Debug)]
pub(in super::super) struct PlayerRow {
    pub(in super::super) line: u32,
    pub(in super::super) name: String,
    pub(in super::super) facts: PlayerFacts,
    /// Something in the row is wrong and reported; only the name may be used.
    pub(in super::super) flawed: bool,
}

/// The rows of one file.
#[derive(Debug)]
pub(in super::super) struct Rows<T> {
    pub(in super::super) rows: Vec<T>,
    /// Rows of which not even the name could be read.
    pub(in super::super) nameless: u32,
    /// The whole file was refused.
    pub(in super::super) refused: bool,
}

/// Reads the groups file.
pub(in super::super) fn read_groups(
    file: &InputFile<'_>,
    limits: Limits,
    problems: &mut ProblemList,
) -> Rows<GroupRow> {
    read(FileKind::Groups, file, limits, problems, |row| {
        let name = row.name("group", GROUP_NAME_MAX)?;
        let facts = if row.malformed {
            GroupFacts {
                name,
                ..GroupFacts::default()
            }
        } else {
            GroupFacts {
                name,
                // Judged when it is looked up.
                parent: Some(row.cell("parent"))
                    .filter(|cell| !cell.is_empty())
                    .map(str::to_owned),
                acronym: row.text("acronym", ACRONYM_MAX),
                kind: row.text("kind", KIND_MAX),
                description: row.markdown("description", DESCRIPTION_MAX),
                exclusive: row.flag("exclusive"),
                visibility: row.choice("visibility", &["public", "private"]),
                policy: row.choice("policy", &["open", "by_request", "closed"]),
                founded: row.instant("founded"),
                retired: row.instant("retired"),
            }
        };
        Some(GroupRow {
            line: row.record.line,
            facts,
            flawed: row.flawed,
        })
    })
}

/// Reads the memberships file.
pub(in super::super) fn read_memberships(
    file: &InputFile<'_>,
    limits: Limits,
    problems: &mut ProblemList,
) -> Rows<MembershipRow> {
    read(FileKind::Memberships, file, limits, problems, |row| {
        if row.malformed {
            // A value in the wrong column would look like a person.
            return None;
        }
        let player = row.name("player", PLAYER_NAME_MAX);
        let group = row.name("group", GROUP_NAME_MAX).unwrap_or_default();
        let role = row.name("role", ROLE_NAME_MAX).unwrap_or_default();
        let since = row.instant("since");
        let until = row.instant("until");
        let (line, flawed) = (row.record.line, row.flawed);
        Some(MembershipRow {
            line,
            player: player?,
            group,
            role,
            since,
            until,
            flawed,
        })
    })
}

/// Reads the players file.
pub(in super::super) fn read_players(
    file: &InputFile<'_>,
    limits: Limits,
    problems: &mut ProblemList,
) -> Rows<PlayerRow> {
    read(FileKind::Players, file, limits, problems, |row| {
        let name = row.name("player", PLAYER_NAME_MAX)?;
        let mut facts = PlayerFacts::default();
        if !row.malformed {
            facts.standing = row.text("standing", STANDING_MAX);
            facts.joined = row.instant("joined");
        }
        Some(PlayerRow {
            line: row.record.line,
            name,
            facts,
            flawed: row.flawed,
        })
    })
}

fn read<T>(
    kind: FileKind,
    file: &InputFile<'_>,
    limits: Limits,
    problems: &mut ProblemList,
    mut one: impl FnMut(&mut Row<'_, '_>) -> Option<T>,
) -> Rows<T> {
    let Some(sheet) = Sheet::read(kind, file, limits, problems) else {
        return Rows {
            rows: Vec::new(),
            nameless: 0,
            refused: true,
        };
    };
    let mut rows = Vec::with_capacity(sheet.records.len());
    let mut nameless = 0;
    for record in &sheet.records {
        let mut row = Row {
            sheet: &sheet,
            record,
            problems,
            malformed: false,
            flawed: false,
        };
        row.check_form();
        match one(&mut row) {
            Some(value) => rows.push(value),
            None => nameless += 1,
        }
    }
    Rows {
        rows,
        nameless,
        refused: false,
    }
}

/// One record while its cells are read; notes what is wrong.
struct Row<'r, 'a> {
    sheet: &'r Sheet<'a>,
    record: &'r Record<'a>,
    problems: &'r mut ProblemList,
    malformed: bool,
    flawed: bool,
}

impl<'r> Row<'r, '_> {
    fn check_form(&mut self) {
        if let Some((code, text)) = self.sheet.malformed(self.record) {
            self.malformed = true;
            self.flawed = true;
            self.problems
                .error(Place::row(self.sheet.kind, self.record.line), code, text);
        }
    }

    fn cell(&self, column: &str) -> &'r str {
        self.sheet.cell(self.record, column)
    }

    fn error(&mut self, column: &'static str, code: ProblemCode, text: String) {
        self.flawed = true;
        self.problems.error(
            Place::cell(self.sheet.kind, self.record.line, column),
            code,
            text,
        );
    }

    /// A name that must be there. A malformed row has its problem already.
    fn name(&mut self, column: &'static str, max: usize) -> Option<String> {
        let checked = name::plain(self.cell(column), max);
        if self.malformed {
            checked.ok()
        } else {
            self.checked(column, checked)
        }
    }

    /// A text that may be empty.
    fn text(&mut self, column: &'static str, max: usize) -> Option<String> {
        let checked = name::optional(self.cell(column), max);
        self.checked(column, checked)
            .filter(|text| !text.is_empty())
    }

    /// A text of several lines that may be empty.
    fn markdown(&mut self, column: &'static str, max: usize) -> Option<String> {
        let checked = name::text(self.cell(column), 0, max);
        self.checked(column, checked)
            .filter(|text| !text.is_empty())
    }

    fn checked(
        &mut self,
        column: &'static str,
        checked: Result<String, FieldProblem>,
    ) -> Option<String> {
        checked
            .map_err(|problem| {
                let text = bad_name_text(column, self.cell(column), &problem);
                self.error(column, ProblemCode::BadName, text);
            })
            .ok()
    }

    fn instant(&mut self, column: &'static str) -> Option<Instant> {
        let cell = self.cell(column);
        let instant = parse_instant(cell);
        if instant.is_none() && !cell.is_empty() {
            let text = format!(
                "{} is not a date that can be read. Write 2019-06-01 or 2019-06-01T20:00:00+02:00, \
                 in the years 1900 to 2200.",
                show(cell)
            );
            self.error(column, ProblemCode::BadDate, text);
        }
        instant
    }

    fn flag(&mut self, column: &'static str) -> Option<bool> {
        let cell = self.cell(column);
        match cell.to_lowercase().as_str() {
            "" => None,
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => {
                let text = format!("{} is neither yes nor no. Write yes or no.", show(cell));
                self.error(column, ProblemCode::BadBoolean, text);
                None
            }
        }
    }

    fn choice(&mut self, column: &'static str, words: &[&'static str]) -> Option<&'static str> {
        let cell = self.cell(column);
        let word = cell.to_lowercase().replace(['-', ' '], "_");
        let found = words.iter().find(|known| **known == word).copied();
        if found.is_none() && !cell.is_empty() {
            let text = format!("{} is not known. Write {}.", show(cell), words.join(" or "));
            self.error(column, ProblemCode::BadChoice, text);
        }
        found
    }
}

fn bad_name_text(column: &str, value: &str, problem: &FieldProblem) -> String {
    match problem {
        FieldProblem::Required => format!("The {column} is empty. Fill it in."),
        FieldProblem::TooLong { max } => {
            format!(
                "The {column} {} has more than {max} characters. Shorten it.",
                show(value)
            )
        }
        _ => format!(
            "The {column} {} has a character that is not allowed there. Remove it.",
            show(value)
        ),
    }
}

/// RFC 3339 with offset, or a plain date for its midnight in UTC; years 1900 to 2200.
fn parse_instant(text: &str) -> Option<Instant> {
    let instant = if is_plain_date(text) {
        text.parse::<NaiveDate>()
            .ok()?
            .and_time(NaiveTime::MIN)
            .and_utc()
    } else {
        DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc)
    };
    let instant = normal_instant(instant);
    (1900..=2200).contains(&instant.year()).then_some(instant)
}

/// Cuts to microseconds; a leap second becomes the second after it, as databases read it.
pub(in super::super) fn normal_instant(instant: Instant) -> Instant {
    DateTime::from_timestamp_micros(instant.timestamp_micros()).unwrap_or(instant)
}

fn is_plain_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| match at {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_rfc_3339_or_plain() {
        let read = |text| parse_instant(text).map(|at| at.to_rfc3339());
        assert_eq!(
            read("2019-06-01").as_deref(),
            Some("2019-06-01T00:00:00+00:00")
        );
        assert_eq!(
            read("2019-06-01T02:00:00+02:00").as_deref(),
            Some("2019-06-01T00:00:00+00:00")
        );
        assert_eq!(
            read("2019-06-01T00:00:00.123456789Z").as_deref(),
            Some("2019-06-01T00:00:00.123456+00:00")
        );
        assert_eq!(
            read("2016-12-31T23:59:60Z").as_deref(),
            Some("2017-01-01T00:00:00+00:00")
        );
        for junk in [
            "",
            "x",
            "2019",
            "2019-6-1",
            "2019-02-30",
            "1899-12-31",
            "2201-01-01",
            "01.06.2019",
            "2019-06-01T00:00:00",
            "2019-06-01T25:00:00Z",
            "+019-01-01",
            "2019/06/01",
        ] {
            assert_eq!(read(junk), None, "{junk:?} must not be read as a date");
        }
    }
}
