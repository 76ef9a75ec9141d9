//! Commands of attendance as they are typed, and the checks of their fields.

use super::model::{Meaning, Tone, UsedFor, limits};
use crate::domain::{AppError, AttendanceStateId, FieldErrors, FieldProblem, PlayerId, name};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a state is, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StateFields {
    /// Its name.
    pub name: String,
    /// Its short form.
    pub abbreviation: String,
    /// Per cent that is credited.
    pub credit: String,
    /// What is missing of it is excused.
    pub excused: bool,
    /// It counts.
    pub counts: bool,
    /// For what Muster uses it.
    pub used_for: String,
    /// How it is drawn.
    pub tone: String,
    /// Its place in the order.
    pub order: String,
}

/// Checked [`StateFields`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedState {
    /// Its name.
    pub name: String,
    /// Its short form.
    pub abbreviation: String,
    /// What it means.
    pub meaning: Meaning,
    /// For what Muster uses it.
    pub used_for: UsedFor,
    /// How it is drawn.
    pub tone: Tone,
    /// Its place in the order.
    pub order: i64,
}

impl StateFields {
    /// Checks every field.
    ///
    /// # Errors
    /// All problems at once.
    pub fn validate(&self) -> Result<CheckedState, AppError> {
        let mut errors = FieldErrors::default();
        let name = errors.check("state[name]", name::plain(&self.name, limits::STATE));
        let short = name::plain(&self.abbreviation, limits::ABBREVIATION);
        let abbreviation = errors.check("state[abbreviation]", short);
        let credit = errors.check("state[credit]", number(&self.credit, 0, 100));
        let used_for = UsedFor::parse(&self.used_for).ok_or(FieldProblem::Unknown);
        let used_for = errors.check("state[used_for]", used_for);
        let tone = Tone::parse(&self.tone).ok_or(FieldProblem::Unknown);
        let tone = errors.check("state[tone]", tone);
        let order = errors.check("state[order]", number(&self.order, 0, 1000));
        match (name, abbreviation, credit, used_for, tone, order) {
            (
                Some(name),
                Some(abbreviation),
                Some(credit),
                Some(used_for),
                Some(tone),
                Some(order),
            ) => Ok(CheckedState {
                name,
                abbreviation,
                meaning: Meaning {
                    credit,
                    excused: self.excused,
                    counts: self.counts,
                },
                used_for,
                tone,
                order,
            }),
            _ => Err(AppError::Invalid(errors)),
        }
    }
}

fn number(text: &str, least: i64, most: i64) -> Result<i64, FieldProblem> {
    let text = text.trim().trim_end_matches('%').trim_end();
    if text.is_empty() {
        return Err(FieldProblem::Required);
    }
    let number: i64 = text.parse().map_err(|_| FieldProblem::Malformed)?;
    if (least..=most).contains(&number) {
        Ok(number)
    } else {
        Err(FieldProblem::OutOfRange)
    }
}

/// How the fields of a player's row are called: `marks[…]`, `seen[…]`. What begins with a digit would
/// be read as the place in a list.
#[must_use]
pub fn row_key(player: PlayerId) -> String {
    format!("p{player}")
}

/// The choices of a sheet by [`row_key`], and what each row showed when it was drawn: the version of the
/// entry and its state, as [`seen`] writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetFields {
    /// The chosen state; empty for none.
    pub marks: BTreeMap<String, String>,
    /// What the row showed.
    pub seen: BTreeMap<String, String>,
}

/// A row of the sheet that somebody changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Whose.
    pub player: PlayerId,
    /// What it is to be; none takes the entry away.
    pub state: Option<AttendanceStateId>,
    /// Version of the entry that they saw; 0 for none.
    pub version: i64,
}

fn player_of(key: &str) -> Option<PlayerId> {
    key.strip_prefix('p')?.parse().ok()
}

/// What a row of the sheet shows, for the form to send back.
#[must_use]
pub fn seen(version: i64, state: Option<AttendanceStateId>) -> String {
    let state = state.map(|state| state.to_string()).unwrap_or_default();
    format!("{version}.{state}")
}

impl SheetFields {
    /// The rows that somebody changed. What stands as it was drawn says nothing, so two who work on
    /// one sheet disturb each other only where both change the same row.
    ///
    /// # Errors
    /// Something that the form does not send.
    pub fn changed(&self) -> Result<Vec<Mark>, AppError> {
        let wrong = || AppError::field("marks", FieldProblem::Malformed);
        let mut changed = Vec::new();
        for (player, chosen) in &self.marks {
            let seen = self.seen.get(player).ok_or_else(wrong)?;
            let (version, was) = seen.split_once('.').ok_or_else(wrong)?;
            if was == chosen {
                continue;
            }
            let state = match chosen.as_str() {
                "" => None,
                id => Some(id.parse().map_err(|_| wrong())?),
            };
            changed.push(Mark {
                player: player_of(player).ok_or_else(wrong)?,
                state,
                version: version.parse().map_err(|_| wrong())?,
            });
        }
        Ok(changed)
    }
}

/// Checks a reason or an answer that may be empty.
///
/// # Errors
/// Too long a one.
pub fn reason(field: &str, text: &str) -> Result<String, AppError> {
    name::text(text.trim(), 0, limits::REASON).map_err(|problem| AppError::field(field, problem))
}

/// Checks a text that must be there.
///
/// # Errors
/// None, or too long a one.
pub fn needed(field: &str, text: &str, most: usize) -> Result<String, AppError> {
    if text.trim().is_empty() {
        return Err(AppError::field(field, FieldProblem::Required));
    }
    name::text(text.trim(), 1, most).map_err(|problem| AppError::field(field, problem))
}

/// Checks for how long a check-in is open.
///
/// # Errors
/// Outside of the limits.
pub fn minutes(text: &str) -> Result<i64, AppError> {
    let (least, most) = (*limits::CHECK_IN.start(), *limits::CHECK_IN.end());
    number(text, least, most).map_err(|problem| AppError::field("minutes", problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn only_what_was_changed_is_sent_on() {
        let (state, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let player = |n| row_key(PlayerId(Uuid::from_u128(n)));
        let fields = SheetFields {
            marks: [
                (player(10), state.to_string()),
                (player(11), other.to_string()),
                (player(12), String::new()),
                (player(13), String::new()),
            ]
            .into(),
            seen: [
                (player(10), seen(3, Some(AttendanceStateId(state)))),
                (player(11), seen(2, Some(AttendanceStateId(state)))),
                (player(12), seen(0, None)),
                (player(13), seen(1, Some(AttendanceStateId(state)))),
            ]
            .into(),
        };
        let changed = fields.changed().expect("what the form sends");
        let changed: Vec<_> = changed
            .iter()
            .map(|mark| {
                (
                    mark.player.0.as_u128(),
                    mark.state.map(|s| s.0),
                    mark.version,
                )
            })
            .collect();
        assert_eq!(changed, [(11, Some(other), 2), (13, None, 1)]);
    }

    #[test]
    fn forged_sheets_are_refused() {
        for (mark, seen) in [("x", "1."), ("", "x"), ("", "x.y")] {
            let fields = SheetFields {
                marks: [("not a player".to_owned(), mark.to_owned())].into(),
                seen: [("not a player".to_owned(), seen.to_owned())].into(),
            };
            let untouched = seen == "1." && mark.is_empty();
            assert!(fields.changed().is_err() || untouched, "{mark:?} {seen:?}");
        }
        let without = SheetFields {
            marks: [("a".to_owned(), String::new())].into(),
            ..SheetFields::default()
        };
        assert!(without.changed().is_err());
    }

    #[test]
    fn states_are_checked_field_by_field() {
        let fields = StateFields {
            name: "Present".into(),
            abbreviation: "P".into(),
            credit: "100 %".into(),
            counts: true,
            tone: "good".into(),
            order: "0".into(),
            ..StateFields::default()
        };
        assert_eq!(fields.validate().map(|state| state.meaning.credit), Ok(100));
        let wrong = StateFields {
            credit: "101".into(),
            tone: "loud".into(),
            ..fields
        };
        match wrong.validate() {
            Err(AppError::Invalid(errors)) => assert_eq!(errors.0.len(), 2),
            other => panic!("{other:?}"),
        }
    }
}
