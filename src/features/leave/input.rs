//! Commands of leave as they are typed, and the checks of their fields.

use super::model::{Days, LeaveKind, limits};
use crate::domain::{AppError, FieldErrors, FieldProblem, name, time::parse_date};
use chrono::{Duration, NaiveDate};

/// Asks for leave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskLeave {
    /// The first day: `2026-03-01`.
    pub from: String,
    /// The last day; empty while nobody knows.
    pub until: String,
    /// Why.
    pub reason: String,
    /// `planned`, `late` or `emergency`.
    pub kind: String,
}

/// Checked [`AskLeave`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedLeave {
    /// When.
    pub days: Days,
    /// Why.
    pub reason: String,
    /// How it is asked for.
    pub kind: LeaveKind,
}

impl AskLeave {
    /// Checks every field. What is planned begins today or later; what is late, or an emergency, may
    /// have begun.
    ///
    /// # Errors
    /// All problems at once.
    pub fn validate(&self, today: NaiveDate) -> Result<CheckedLeave, AppError> {
        let mut errors = FieldErrors::default();
        let kind = LeaveKind::parse(&self.kind).ok_or(FieldProblem::Unknown);
        let kind = errors.check("kind", kind);
        let from = errors.check("from", day(&self.from)).flatten();
        let until = errors.check("until", day(&self.until));
        let reason = name::text(self.reason.trim(), 0, limits::REASON);
        let reason = errors.check("reason", reason);
        if from.is_none() && errors.at("from").is_none() {
            errors.0.push(("from".to_owned(), FieldProblem::Required));
        }
        if let (Some(from), Some(kind)) = (from, kind) {
            let ago = match kind {
                LeaveKind::Planned => 0,
                LeaveKind::Late | LeaveKind::Emergency => limits::AGO,
            };
            let earliest = today - Duration::days(ago);
            if from < earliest || from > today + Duration::days(limits::AHEAD) {
                errors.0.push(("from".to_owned(), FieldProblem::OutOfRange));
            }
        }
        if let (Some(from), Some(Some(until))) = (from, until)
            && (until < from || until > from + Duration::days(limits::DAYS) || until < today)
        {
            errors
                .0
                .push(("until".to_owned(), FieldProblem::OutOfRange));
        }
        match (from, until, reason, kind) {
            (Some(from), Some(until), Some(reason), Some(kind)) if errors.0.is_empty() => {
                Ok(CheckedLeave {
                    days: Days { from, until },
                    reason,
                    kind,
                })
            }
            _ => Err(AppError::Invalid(errors)),
        }
    }
}

fn day(text: &str) -> Result<Option<NaiveDate>, FieldProblem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    parse_date(text).map(Some).ok_or(FieldProblem::Malformed)
}

/// Checks an answer; to decline, say why.
///
/// # Errors
/// None where it is needed, or too long a one.
pub fn answer(text: &str, needed: bool) -> Result<String, AppError> {
    let text = text.trim();
    if needed && text.is_empty() {
        return Err(AppError::field("note", FieldProblem::Required));
    }
    name::text(text, 0, limits::REASON).map_err(|problem| AppError::field("note", problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_planned_does_not_begin_in_the_past() {
        let today = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap_or_default();
        let asked = |from: &str, until: &str, kind: &str| AskLeave {
            from: from.into(),
            until: until.into(),
            kind: kind.into(),
            ..AskLeave::default()
        };
        for (from, until, kind, good) in [
            ("2026-03-10", "2026-03-12", "planned", true),
            ("2026-03-10", "", "planned", true),
            ("2026-03-09", "2026-03-12", "planned", false),
            ("2026-03-09", "2026-03-12", "late", true),
            ("2026-01-09", "2026-03-12", "emergency", false),
            ("2026-03-12", "2026-03-11", "planned", false),
            ("2026-03-01", "2026-03-09", "late", false),
            ("", "2026-03-12", "planned", false),
            ("soon", "", "planned", false),
            ("2026-03-12", "", "holiday", false),
        ] {
            let checked = asked(from, until, kind).validate(today);
            assert_eq!(
                checked.is_ok(),
                good,
                "{from} to {until}, {kind}: {checked:?}"
            );
        }
    }
}
