//! A rule as a form holds it: a list of rows, each at a level, like an outline. What stands one level
//! further in belongs to the joining row above it. A list needs no program in the browser, and people
//! know outlines.

use crate::domain::{
    CategoryId, GroupId, RoleId,
    criteria::{Criterion, Fact, Thing, TimeIn, Window},
    error::{AppError, FieldErrors, FieldProblem},
    name::key,
};
use serde::{Deserialize, Serialize};
use std::{ops::RangeInclusive, str::FromStr};

/// Levels of rows: with the whole rule and a fact these are the six that rules may have.
pub const LEVELS: usize = 5;

/// One row of the form. Everything is text, so that what was typed wrongly can be shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleRow {
    /// How far in: `0` to `4`.
    pub level: String,
    /// What it is: a word of [`KINDS`], [`KEPT`], or empty for no row at all.
    pub kind: String,
    /// How many, how many percent, how many days.
    pub number: String,
    /// Days of the window; empty for ever.
    pub days: String,
    /// Category of operations; empty for any.
    pub category: String,
    /// Level of a rank.
    pub rank: String,
    /// Name of a group.
    pub group: String,
    /// Role and group, as [`Choices`] has it.
    pub role: String,
    /// The part of the rule as JSON, for what the form cannot show.
    pub kept: String,
}

/// The kind of a row that stays as it is.
pub const KEPT: &str = "kept";

/// Words and labels of what a row can be.
pub const KINDS: [(&str, &str); 15] = [
    ("rank", "Rank at least"),
    ("member", "Member of the group"),
    ("member_below", "Member of the group or below it"),
    ("role", "Holds the role"),
    ("attended_percent", "Attended, in percent"),
    ("accountable_percent", "Attended or excused, in percent"),
    ("attended_count", "Attended so many operations"),
    ("time_rank", "Days in the present rank"),
    ("time_service", "Days in the organisation"),
    ("time_assignment", "Days in the present assignment"),
    ("on_leave", "On leave of absence"),
    ("all", "All of the rows inside"),
    ("any", "One of the rows inside"),
    ("none", "None of the rows inside"),
    ("at_least", "At least so many of the rows inside"),
];

/// What rows can choose from, for one viewer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// Groups that the viewer sees.
    pub groups: Vec<(GroupId, String)>,
    /// Their roles: "Leader of Alpha".
    pub roles: Vec<(RoleId, String)>,
    /// Categories of operations.
    pub categories: Vec<(CategoryId, String)>,
    /// Ranks by level, the highest first.
    pub ranks: Vec<(i64, String)>,
}

fn named<Id: Copy>(things: &[(Id, String)], name: &str) -> Option<Id> {
    let wanted = key(name);
    let found = things.iter().find(|(_, name)| key(name) == wanted);
    found.map(|(id, _)| *id)
}

fn name_of<Id: PartialEq>(things: &[(Id, String)], id: &Id) -> Option<String> {
    let found = things.iter().find(|(thing, _)| thing == id);
    found.map(|(_, name)| name.clone())
}

impl Choices {
    /// The name of a thing that can be chosen.
    #[must_use]
    pub fn name(&self, thing: Thing) -> Option<String> {
        match thing {
            Thing::Group(id) => name_of(&self.groups, &id),
            Thing::Role(id) => name_of(&self.roles, &id),
            Thing::Category(id) => name_of(&self.categories, &id),
            Thing::RankLevel(level) => {
                let at_least = self.ranks.iter().rev().find(|(rung, _)| *rung >= level);
                at_least.map(|(_, name)| name.clone())
            }
            Thing::Qualification(_) | Thing::Award(_) | Thing::Key(_) | Thing::Pool(_) => None,
        }
    }
}

// --- from a rule ---------------------------------------------------------------------------------

/// The rows of a rule.
#[must_use]
pub fn rows_of(rule: &Criterion, choices: &Choices) -> Vec<RuleRow> {
    let mut rows = Vec::new();
    let parts = match rule {
        Criterion::All(parts) => parts.as_slice(),
        other => std::slice::from_ref(other),
    };
    for part in parts {
        put(part, 0, choices, &mut rows);
    }
    rows
}

fn put(part: &Criterion, level: usize, choices: &Choices, rows: &mut Vec<RuleRow>) {
    let (kind, number, inside): (_, _, &[Criterion]) = match part {
        Criterion::All(of) => ("all", String::new(), of),
        Criterion::Any(of) => ("any", String::new(), of),
        Criterion::AtLeast { n, of } => ("at_least", n.to_string(), of),
        Criterion::Not(part) => match part.as_ref() {
            Criterion::Any(of) => ("none", String::new(), of),
            other => ("none", String::new(), std::slice::from_ref(other)),
        },
        Criterion::Fact(fact) => {
            let row = fact_row(*fact, choices).unwrap_or_else(|| kept(part));
            return rows.push(at_level(row, level));
        }
    };
    if inside.is_empty() || level + 1 >= LEVELS {
        return rows.push(at_level(kept(part), level));
    }
    let row = RuleRow {
        kind: kind.to_owned(),
        number,
        ..RuleRow::default()
    };
    rows.push(at_level(row, level));
    for part in inside {
        put(part, level + 1, choices, rows);
    }
}

fn at_level(row: RuleRow, level: usize) -> RuleRow {
    RuleRow {
        level: level.to_string(),
        ..row
    }
}

fn kept(part: &Criterion) -> RuleRow {
    RuleRow {
        kind: KEPT.to_owned(),
        kept: part.to_json().to_string(),
        ..RuleRow::default()
    }
}

/// The row of a fact; none when the form does not offer it.
fn fact_row(fact: Fact, choices: &Choices) -> Option<RuleRow> {
    let row = |kind: &str| RuleRow {
        kind: kind.to_owned(),
        ..RuleRow::default()
    };
    let counted = |kind: &str, number: u32| RuleRow {
        number: number.to_string(),
        ..row(kind)
    };
    let windowed = |kind: &str, number: u32, window: Window| {
        if let Some(category) = window.category {
            name_of(&choices.categories, &category)?;
        }
        Some(RuleRow {
            days: window
                .days
                .map_or_else(String::new, |days| days.to_string()),
            category: window
                .category
                .map_or_else(String::new, |id| id.to_string()),
            ..counted(kind, number)
        })
    };
    Some(match fact {
        Fact::AttendedPercent { window, percent } => {
            return windowed("attended_percent", percent.into(), window);
        }
        Fact::AccountablePercent { window, percent } => {
            return windowed("accountable_percent", percent.into(), window);
        }
        Fact::AttendedCount { window, count } => return windowed("attended_count", count, window),
        Fact::TimeIn { what, days } => match what {
            TimeIn::Rank => counted("time_rank", days),
            TimeIn::Service => counted("time_service", days),
            TimeIn::Assignment => counted("time_assignment", days),
        },
        Fact::RankLevel(level) => RuleRow {
            rank: level.to_string(),
            ..row("rank")
        },
        Fact::MemberOf { group, or_below } => RuleRow {
            group: name_of(&choices.groups, &group)?,
            ..row(if or_below { "member_below" } else { "member" })
        },
        Fact::Role(role) => RuleRow {
            role: name_of(&choices.roles, &role)?,
            ..row("role")
        },
        Fact::OnLeave => row("on_leave"),
        Fact::Qualification(_)
        | Fact::Award(_)
        | Fact::KeyTotal { .. }
        | Fact::Points { .. }
        | Fact::NoReprimand { .. } => return None,
    })
}

// --- to a rule -----------------------------------------------------------------------------------

/// Reads the rows of a form whose fields are called `field[0][kind]` and so on. Rows without a kind
/// are left out.
///
/// # Errors
/// Everything that is wrong, at its field.
pub fn read_rows(rows: &[RuleRow], field: &str, choices: &Choices) -> Result<Criterion, AppError> {
    let typed = rows.iter().enumerate();
    let typed: Vec<(usize, &RuleRow)> = typed.filter(|(_, row)| !row.kind.is_empty()).collect();
    let mut reader = Reader {
        rows: &typed,
        at: 0,
        field,
        choices,
        errors: FieldErrors::default(),
    };
    let mut parts = reader.level(0);
    let first = typed.first().map_or(0, |(index, _)| *index);
    let rule = match parts.as_slice() {
        [Criterion::All(_)] | [] | [_, _, ..] => Criterion::All(parts),
        [_] => parts.remove(0),
    };
    // Limits that are those of the whole rule.
    if reader.errors.0.is_empty() && Criterion::from_json(&rule.to_json()).is_err() {
        reader.problem(first, "kind", FieldProblem::OutOfRange);
    }
    reader.errors.into_result().map(|()| rule)
}

struct Reader<'a> {
    rows: &'a [(usize, &'a RuleRow)],
    at: usize,
    field: &'a str,
    choices: &'a Choices,
    errors: FieldErrors,
}

impl Reader<'_> {
    fn problem(&mut self, row: usize, part: &str, problem: FieldProblem) {
        let name = format!("{}[{row}][{part}]", self.field);
        self.errors.0.push((name, problem));
    }

    /// The rows from here on that stand at this level or further in.
    fn level(&mut self, level: usize) -> Vec<Criterion> {
        let mut parts = Vec::new();
        while let Some((index, row)) = self.rows.get(self.at).copied() {
            let own = row.level.parse().unwrap_or(0);
            if own < level {
                break;
            }
            if own > level {
                // Nothing above it that it could belong to.
                self.problem(index, "level", FieldProblem::OutOfRange);
            }
            self.at += 1;
            parts.extend(self.part(index, row, level));
        }
        parts
    }

    fn part(&mut self, index: usize, row: &RuleRow, level: usize) -> Option<Criterion> {
        if !matches!(row.kind.as_str(), "all" | "any" | "none" | "at_least") {
            return self.single(index, row);
        }
        let mut of = self.level(level + 1);
        if of.is_empty() {
            self.problem(index, "kind", FieldProblem::Required);
            return None;
        }
        Some(match row.kind.as_str() {
            "all" => Criterion::All(of),
            "any" => Criterion::Any(of),
            "none" => match of.as_slice() {
                [Criterion::Any(_)] | [] | [_, _, ..] => {
                    Criterion::Not(Box::new(Criterion::Any(of)))
                }
                [_] => Criterion::Not(Box::new(of.remove(0))),
            },
            _ => {
                let most = i64::try_from(of.len()).unwrap_or(i64::MAX);
                let n = self.number(index, "number", &row.number, 1..=most)?;
                Criterion::AtLeast { n, of }
            }
        })
    }

    fn single(&mut self, index: usize, row: &RuleRow) -> Option<Criterion> {
        use crate::domain::criteria::limits;
        let fact = match row.kind.as_str() {
            KEPT => {
                let part = Criterion::parse(&row.kept);
                if part.is_err() {
                    self.problem(index, "kind", FieldProblem::Malformed);
                }
                return part.ok();
            }
            "attended_percent" => Fact::AttendedPercent {
                percent: self.number(index, "number", &row.number, limits::PERCENT)?,
                window: self.window(index, row)?,
            },
            "accountable_percent" => Fact::AccountablePercent {
                percent: self.number(index, "number", &row.number, limits::PERCENT)?,
                window: self.window(index, row)?,
            },
            "attended_count" => Fact::AttendedCount {
                count: self.number(index, "number", &row.number, limits::COUNT)?,
                window: self.window(index, row)?,
            },
            "time_rank" => self.time(index, row, TimeIn::Rank)?,
            "time_service" => self.time(index, row, TimeIn::Service)?,
            "time_assignment" => self.time(index, row, TimeIn::Assignment)?,
            "rank" => Fact::RankLevel(self.number(index, "rank", &row.rank, limits::LEVEL)?),
            "member" | "member_below" => Fact::MemberOf {
                group: self.thing(index, "group", &row.group, |choices| &choices.groups)?,
                or_below: row.kind == "member_below",
            },
            "role" => Fact::Role(self.thing(index, "role", &row.role, |choices| &choices.roles)?),
            "on_leave" => Fact::OnLeave,
            _ => {
                self.problem(index, "kind", FieldProblem::Unknown);
                return None;
            }
        };
        Some(Criterion::Fact(fact))
    }

    fn time(&mut self, index: usize, row: &RuleRow, what: TimeIn) -> Option<Fact> {
        let days = crate::domain::criteria::limits::DAYS;
        let days = self.number(index, "number", &row.number, days)?;
        Some(Fact::TimeIn { what, days })
    }

    fn window(&mut self, index: usize, row: &RuleRow) -> Option<Window> {
        let days = match row.days.trim() {
            "" => None,
            text => {
                let days = crate::domain::criteria::limits::DAYS;
                Some(self.number(index, "days", text, days)?)
            }
        };
        let category = match row.category.as_str() {
            "" => None,
            text => {
                let id = CategoryId::from_str(text).ok();
                let id = id.filter(|id| name_of(&self.choices.categories, id).is_some());
                if id.is_none() {
                    self.problem(index, "category", FieldProblem::Unknown);
                }
                Some(id?)
            }
        };
        Some(Window { days, category })
    }

    fn number<N: TryFrom<i64>>(
        &mut self,
        index: usize,
        part: &str,
        text: &str,
        range: RangeInclusive<i64>,
    ) -> Option<N> {
        let problem = match text.trim() {
            "" => FieldProblem::Required,
            text => match text.parse::<i64>() {
                Ok(number) if range.contains(&number) => return N::try_from(number).ok(),
                Ok(_) => FieldProblem::OutOfRange,
                Err(_) => FieldProblem::Malformed,
            },
        };
        self.problem(index, part, problem);
        None
    }

    fn thing<Id: Copy>(
        &mut self,
        index: usize,
        part: &str,
        name: &str,
        things: impl Fn(&Choices) -> &Vec<(Id, String)>,
    ) -> Option<Id> {
        let found = named(things(self.choices), name);
        if found.is_none() {
            let problem = match name.trim() {
                "" => FieldProblem::Required,
                _ => FieldProblem::Unknown,
            };
            self.problem(index, part, problem);
        }
        found
    }
}

#[cfg(test)]
mod tests;
