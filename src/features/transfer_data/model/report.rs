//! What people are told about an import (§19.1): problems by file and line, and counts.

use super::parse::FileKind;
use super::plan::{Existing, Plan};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// How many problems a report lists; further ones are only counted.
pub const MAX_LISTED_PROBLEMS: usize = 1_000;

/// How many characters of a cell a sentence repeats.
const SHOWN_CHARACTERS: usize = 60;

/// What is wrong with a row or a file (§19.1). Programs read this, people read the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The file is not UTF-8; nothing of it was read.
    WrongEncoding,
    /// The file has more bytes than allowed; nothing of it was read.
    FileTooLarge,
    /// The file has more rows than allowed; nothing of it was imported.
    TooManyRows,
    /// The header row has more columns than any file of this kind.
    TooManyColumns,
    /// The file has no header row.
    MissingHeader,
    /// A column that must be there is not.
    MissingColumn,
    /// Two columns have the same name.
    DuplicateColumn,
    /// A column that means nothing here; ignored.
    UnknownColumn,
    /// The row has fewer or more fields than the header row.
    WrongFieldCount,
    /// A quotation mark is never closed, or text follows the closing one.
    BadQuotes,
    /// A name or text is missing, too long, or has characters that names may not have (§4.1, §4.4).
    BadName,
    /// Not a date this import reads, or out of the years 1900 to 2200.
    BadDate,
    /// Not a yes or no.
    BadBoolean,
    /// Not one of the words this column knows (visibility §4.1, join policy §5.1).
    BadChoice,
    /// The same group on two rows; when the rows are identical, only a warning.
    DuplicateGroup,
    /// The parent is neither in the file nor in the organisation.
    UnknownParent,
    /// The group would stand below itself (§4.1).
    ParentCycle,
    /// The parent, or a group above it, was not imported.
    ParentSkipped,
    /// Exclusive or not is fixed when a group is created (§4.2).
    ExclusiveIsFixed,
    /// Two rows about one player say different things.
    DuplicatePlayer,
    /// Names that differ only in case.
    SimilarNames,
    /// A claimed player or a co-founder does not leave or come back by a file (§3.3).
    StandingIsHeld,
    /// The name of the group cannot be used.
    NameTaken,
    /// The group is neither in the file nor in the organisation.
    UnknownGroup,
    /// The group was not imported.
    GroupSkipped,
    /// The player was not imported.
    PlayerSkipped,
    /// The same row twice; once is enough.
    DuplicateRow,
    /// It ends before it starts.
    ReversedInterval,
    /// The same player, group and role twice at one time (§4.6).
    OverlappingIntervals,
    /// The organisation has another interval of this player, group and role at that time (§4.6).
    OverlapsExisting,
    /// Two exclusive groups at one time (§4.3).
    ExclusiveOverlap,
    /// Somebody else holds the singular role at that time (§4.4).
    RoleTaken,
    /// The role grants what the importer may not give.
    RoleNotGivable,
    /// The founder's or a co-founder's membership, which the importer does not end (§3.1).
    MemberProtected,
    /// The membership reaches over the group's life; kept.
    OutsideGroupLife,
    /// A membership without an end in a retired group.
    OpenInRetired,
    /// The membership ends in the future; kept.
    EndsInFuture,
    /// The membership starts in the future.
    StartsInFuture,
}

impl ProblemCode {
    /// The code as it is written in reports: `snake_case`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WrongEncoding => "wrong_encoding",
            Self::FileTooLarge => "file_too_large",
            Self::TooManyRows => "too_many_rows",
            Self::TooManyColumns => "too_many_columns",
            Self::MissingHeader => "missing_header",
            Self::MissingColumn => "missing_column",
            Self::DuplicateColumn => "duplicate_column",
            Self::UnknownColumn => "unknown_column",
            Self::WrongFieldCount => "wrong_field_count",
            Self::BadQuotes => "bad_quotes",
            Self::BadName => "bad_name",
            Self::BadDate => "bad_date",
            Self::BadBoolean => "bad_boolean",
            Self::BadChoice => "bad_choice",
            Self::DuplicateGroup => "duplicate_group",
            Self::UnknownParent => "unknown_parent",
            Self::ParentCycle => "parent_cycle",
            Self::ParentSkipped => "parent_skipped",
            Self::ExclusiveIsFixed => "exclusive_is_fixed",
            Self::DuplicatePlayer => "duplicate_player",
            Self::SimilarNames => "similar_names",
            Self::StandingIsHeld => "standing_is_held",
            Self::NameTaken => "name_taken",
            Self::UnknownGroup => "unknown_group",
            Self::GroupSkipped => "group_skipped",
            Self::PlayerSkipped => "player_skipped",
            Self::DuplicateRow => "duplicate_row",
            Self::ReversedInterval => "reversed_interval",
            Self::OverlappingIntervals => "overlapping_intervals",
            Self::OverlapsExisting => "overlaps_existing",
            Self::ExclusiveOverlap => "exclusive_overlap",
            Self::RoleTaken => "role_taken",
            Self::RoleNotGivable => "role_not_givable",
            Self::MemberProtected => "member_protected",
            Self::OutsideGroupLife => "outside_group_life",
            Self::OpenInRetired => "open_in_retired",
            Self::EndsInFuture => "ends_in_future",
            Self::StartsInFuture => "starts_in_future",
        }
    }
}

/// Whether the row (or file) was left out, or only deserves a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Not imported.
    Error,
    /// Imported, or ignored without harm.
    Warning,
}

/// One thing to look at, with its place in the uploaded file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// The file's display name.
    pub file: String,
    /// The line where the record starts, from 1.
    pub line: u32,
    /// The column's name, when one column is to blame.
    pub column: Option<String>,
    /// For programs.
    pub code: ProblemCode,
    /// Left out or only worth a look.
    pub severity: Severity,
    /// For people: names the value and says what to do.
    pub text: String,
}

/// What happened to one kind of thing. For groups and memberships the four add up to the rows of
/// the file; players and roles are counted by person and role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// New.
    pub created: u32,
    /// Changed.
    pub updated: u32,
    /// As it was, or said twice.
    pub unchanged: u32,
    /// Left out because of an error.
    pub skipped: u32,
}

/// The answer to an import or its dry run (§19.1); made from the [`Plan`], so both are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Groups by row.
    pub groups: Counts,
    /// Players by person.
    pub players: Counts,
    /// Memberships by row.
    pub memberships: Counts,
    /// Roles by role, those that the rows use.
    pub roles: Counts,
    /// At most [`MAX_LISTED_PROBLEMS`], by file and line.
    pub problems: Vec<Problem>,
    /// All problems, also those not listed.
    pub problem_count: u32,
    /// Groups of the file that have no description yet (§4.1).
    pub empty_descriptions: u32,
    /// Memberships that end because no row names them (§4.8).
    #[serde(default)]
    pub memberships_ended: u32,
    /// Which those are, at most [`MAX_LISTED_PROBLEMS`]; left out when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<Ended>,
}

/// A membership that ends because no row names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Whose.
    pub player: String,
    /// In which group.
    pub group: String,
}

/// The memberships that end, with the names of now.
fn ended(plan: &Plan, existing: &Existing) -> Vec<Ended> {
    let names = |id, of: &HashMap<Uuid, &String>| of.get(&id).map(|name| (*name).clone());
    let players = existing.players.iter().map(|p| (p.id, &p.name)).collect();
    let groups = existing.groups.iter().map(|g| (g.id, &g.name)).collect();
    let mut ended: Vec<Ended> = plan
        .memberships_to_end
        .iter()
        .map(|close| Ended {
            player: names(close.player_id, &players).unwrap_or_default(),
            group: names(close.group_id, &groups).unwrap_or_default(),
        })
        .collect();
    ended.sort_by(|a, b| (&a.group, &a.player).cmp(&(&b.group, &b.player)));
    ended.truncate(MAX_LISTED_PROBLEMS);
    ended
}

impl Report {
    /// The report of a plan.
    #[must_use]
    pub fn new(plan: &Plan, existing: &Existing, dry_run: bool) -> Self {
        Self {
            dry_run,
            groups: plan.groups,
            players: plan.players,
            memberships: plan.memberships,
            roles: plan.roles,
            problems: plan.problems.clone(),
            problem_count: plan.problem_count,
            empty_descriptions: plan.empty_descriptions,
            memberships_ended: u32::try_from(plan.memberships_to_end.len()).unwrap_or(u32::MAX),
            ended: ended(plan, existing),
        }
    }
}

/// Where a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: FileKind,
    pub(super) line: u32,
    pub(super) column: Option<&'static str>,
}

impl Place {
    pub(super) fn row(file: FileKind, line: u32) -> Self {
        Self {
            file,
            line,
            column: None,
        }
    }

    pub(super) fn cell(file: FileKind, line: u32, column: &'static str) -> Self {
        Self {
            file,
            line,
            column: Some(column),
        }
    }
}

/// The problems found so far: the first thousand, and the number of all.
#[derive(Debug)]
pub(super) struct ProblemList {
    names: [String; 3],
    kept: Vec<(FileKind, Problem)>,
    total: u32,
}

impl ProblemList {
    /// `names` are the display names in the order of [`FileKind`].
    pub(super) fn new(names: [&str; 3]) -> Self {
        Self {
            names: names.map(clean),
            kept: Vec::new(),
            total: 0,
        }
    }

    pub(super) fn error(&mut self, place: Place, code: ProblemCode, text: String) {
        self.push(place, code, Severity::Error, text);
    }

    pub(super) fn warn(&mut self, place: Place, code: ProblemCode, text: String) {
        self.push(place, code, Severity::Warning, text);
    }

    fn push(&mut self, place: Place, code: ProblemCode, severity: Severity, text: String) {
        self.total = self.total.saturating_add(1);
        if self.kept.len() >= MAX_LISTED_PROBLEMS {
            return;
        }
        let problem = Problem {
            file: self.names[place.file as usize].clone(),
            line: place.line,
            column: place.column.map(str::to_owned),
            code,
            severity,
            text,
        };
        self.kept.push((place.file, problem));
    }

    /// The kept problems by file and line, and the number of all.
    pub(super) fn finish(mut self) -> (Vec<Problem>, u32) {
        self.kept.sort();
        (
            self.kept.into_iter().map(|(_, problem)| problem).collect(),
            self.total,
        )
    }
}

/// A value as sentences repeat it: in quotation marks, cut, nothing hidden in it.
pub(super) fn show(value: &str) -> String {
    format!("\"{}\"", clean(value))
}

fn clean(value: &str) -> String {
    let mut shown = String::new();
    let mut characters = value.chars();
    for c in characters.by_ref().take(SHOWN_CHARACTERS) {
        if is_hidden(c) {
            shown.extend(c.escape_default())
        } else {
            shown.push(c)
        }
    }
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// Control characters and those that hide or reorder the text around them.
fn is_hidden(c: char) -> bool {
    let reorders = matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
    let invisible = matches!(
        c,
        '\u{ad}' | '\u{200b}' | '\u{2028}'..='\u{2029}' | '\u{feff}'
    );
    c.is_control() || reorders || invisible || matches!(c, '\u{2060}'..='\u{206f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_cut_and_hidden_characters_are_shown() {
        assert_eq!(show("plain ö"), "\"plain ö\"");
        assert_eq!(show("a\u{202e}b\nc"), "\"a\\u{202e}b\\nc\"");
        assert_eq!(show(&"x".repeat(60)), format!("\"{}\"", "x".repeat(60)));
        assert_eq!(show(&"x".repeat(61)), format!("\"{}…\"", "x".repeat(60)));
    }

    #[test]
    fn codes_are_written_as_serde_writes_them() {
        for code in [
            ProblemCode::WrongEncoding,
            ProblemCode::OpenInRetired,
            ProblemCode::BadName,
        ] {
            let json = serde_json::to_string(&code).expect("a unit variant");
            assert_eq!(json, format!("\"{}\"", code.as_str()));
        }
    }

    #[test]
    fn the_list_is_capped_but_counts_on() {
        let mut list = ProblemList::new(["g", "m", "p"]);
        for line in 0..1_500 {
            let place = Place::row(FileKind::Groups, 1_500 - line);
            list.error(place, ProblemCode::BadDate, String::new());
        }
        let (problems, total) = list.finish();
        assert_eq!((problems.len(), total), (MAX_LISTED_PROBLEMS, 1_500));
        assert!(problems.is_sorted_by_key(|problem| problem.line));
    }
}
