//! Commands of operations as they are typed, and the checks of their fields. Numbers and times are
//! texts, so that what was typed wrongly can be shown again.

mod billet;
mod repeat;
pub mod stages;

pub use billet::{BilletFields, CheckedBillet};
pub use repeat::RepeatFields;

use super::model::{Audience, Mark, OperationShape, OperationState, limits, shape::ShapeAudience};
use crate::domain::{
    AppError, FieldErrors, FieldProblem, OperationId, TemplateId, name,
    time::{Instant, parse_date},
};
use chrono::{NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What an operation is, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OperationFields {
    /// What people call it.
    pub title: String,
    /// Its category; empty for none.
    pub category_id: String,
    /// Its campaign; empty for none.
    pub campaign_id: String,
    /// For whom it is.
    pub audience: String,
    /// Day of its beginning in the organiser's zone: `2026-03-06`.
    pub date: String,
    /// Time of its beginning there: `20:00`.
    pub time: String,
    /// How long it takes: `2:30`, or minutes.
    pub length: String,
    /// IANA name of the organiser's zone; empty: that of the organisation.
    pub zone: String,
    /// Place or server.
    pub place: String,
    /// Markdown.
    pub briefing: String,
    /// Places; empty: no limit.
    pub capacity: String,
    /// Answers are taken until so many minutes before the start; empty: until it begins.
    pub answer_before: String,
    /// Reminders, in minutes before the start.
    pub remind: Vec<i64>,
}

/// Checked [`OperationFields`]. The zone is checked where zones are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedOperation {
    /// Everything but the time; without billets.
    pub shape: OperationShape,
    /// Its beginning in the organiser's zone.
    pub starts_local: NaiveDateTime,
}

impl OperationFields {
    /// Checks every field but the zone.
    ///
    /// # Errors
    /// All problems at once.
    pub fn validate(&self) -> Result<CheckedOperation, AppError> {
        let mut errors = FieldErrors::default();
        let starts = (
            errors.check("operation[date]", date(&self.date)),
            errors.check("operation[time]", time(&self.time)),
        );
        let shape = self.shape(&mut errors);
        match (starts, shape) {
            ((Some(date), Some(time)), Some(shape)) => Ok(CheckedOperation {
                shape,
                starts_local: date.and_time(time),
            }),
            _ => Err(AppError::Invalid(errors)),
        }
    }

    /// Checks what does not depend on when it is.
    pub fn shape(&self, errors: &mut FieldErrors) -> Option<OperationShape> {
        let title = errors.check("operation[title]", name::plain(&self.title, limits::TITLE));
        let category = errors.check("operation[category_id]", optional_id(&self.category_id));
        let campaign = errors.check("operation[campaign_id]", optional_id(&self.campaign_id));
        let audience = Audience::parse(&self.audience).ok_or(FieldProblem::Unknown);
        let audience = errors.check("operation[audience]", audience);
        let minutes = errors.check("operation[length]", length(&self.length));
        let place = errors.check(
            "operation[place]",
            name::optional(&self.place, limits::PLACE),
        );
        let briefing = errors.check(
            "operation[briefing]",
            name::text(&self.briefing, 0, limits::BRIEFING),
        );
        let capacity = errors.check(
            "operation[capacity]",
            optional_number(&self.capacity, 1, limits::CAPACITY),
        );
        let answer_before = errors.check(
            "operation[answer_before]",
            optional_number(&self.answer_before, 0, limits::BEFORE_MOST),
        );
        let reminders = errors.check("operation[remind][]", reminders(&self.remind));
        Some(OperationShape {
            title: title?,
            category: category?,
            campaign: campaign?,
            briefing: briefing?,
            place: place?,
            minutes: minutes?,
            audience: ShapeAudience(audience?),
            capacity: capacity?,
            remind_before: reminders?,
            answer_before: answer_before?.filter(|minutes| *minutes > 0),
            ..OperationShape::default()
        })
    }
}

/// What a new operation begins with besides what was typed: the billets of an operation that was, or
/// of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nothing.
    Blank,
    /// An operation.
    Operation(OperationId),
    /// A template.
    Template(TemplateId),
}

impl Source {
    /// Reads `operation:…`, `template:…` or nothing.
    ///
    /// # Errors
    /// Anything else.
    pub fn read(text: &str) -> Result<Self, AppError> {
        let unknown = || AppError::field("source", FieldProblem::Unknown);
        match text.split_once(':') {
            None if text.is_empty() => Ok(Self::Blank),
            Some(("operation", id)) => id.parse().map(Self::Operation).map_err(|_| unknown()),
            Some(("template", id)) => id.parse().map(Self::Template).map_err(|_| unknown()),
            _ => Err(unknown()),
        }
    }

    /// The text that [`Source::read`] reads.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Operation(id) => format!("operation:{id}"),
            Self::Template(id) => format!("template:{id}"),
        }
    }
}

/// When an operation becomes public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publishing {
    /// Not before somebody says so.
    Later,
    /// At once.
    Now,
    /// At this time in the organiser's zone.
    At(NaiveDateTime),
}

impl Publishing {
    /// Reads `draft`, `now` or `at` with a date and a time.
    ///
    /// # Errors
    /// No such choice, or a wrong date or time.
    pub fn read(choice: &str, on: &str, at: &str) -> Result<Self, AppError> {
        match choice {
            "draft" => Ok(Self::Later),
            "now" => Ok(Self::Now),
            "at" => {
                let mut errors = FieldErrors::default();
                let day = errors.check("publish_date", date(on));
                let clock = errors.check("publish_time", time(at));
                match (day, clock) {
                    (Some(day), Some(clock)) => Ok(Self::At(day.and_time(clock))),
                    _ => Err(AppError::Invalid(errors)),
                }
            }
            _ => Err(AppError::field("publish", FieldProblem::Unknown)),
        }
    }
}

/// A category as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryFields {
    /// Unique in the organisation.
    pub name: String,
    /// Hue of its mark, 0 to 359.
    pub hue: i64,
    /// Shape of its mark.
    pub mark: Mark,
    /// Its operations count towards attendance.
    #[serde(default)]
    pub counts: bool,
}

impl CategoryFields {
    /// Checks every field.
    ///
    /// # Errors
    /// All problems at once.
    pub fn validate(self) -> Result<Self, AppError> {
        let mut errors = FieldErrors::default();
        let name = errors.check("category[name]", name::plain(&self.name, limits::NAME));
        if !(0..360).contains(&self.hue) {
            let problem = Err(FieldProblem::OutOfRange);
            errors.check::<()>("category[hue]", problem);
        }
        match name {
            Some(name) if errors.0.is_empty() => Ok(Self { name, ..self }),
            _ => Err(AppError::Invalid(errors)),
        }
    }
}

/// Checks name and description of a campaign.
///
/// # Errors
/// All problems at once.
pub fn campaign(name: &str, description: &str) -> Result<(String, String), AppError> {
    let mut errors = FieldErrors::default();
    let name = errors.check("name", name::plain(name, limits::NAME));
    let text = name::text(description, 0, limits::DESCRIPTION);
    let description = errors.check("description", text);
    match (name, description) {
        (Some(name), Some(description)) => Ok((name, description)),
        _ => Err(AppError::Invalid(errors)),
    }
}

/// Checks the name of a template.
///
/// # Errors
/// What is wrong with it.
pub fn template_name(text: &str) -> Result<String, AppError> {
    name::plain(text, limits::NAME).map_err(|problem| AppError::field("name", problem))
}

/// Any command of operations that takes another back, as an event keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Deletes an operation that is still as it was planned.
    Unplan(OperationId),
    /// Lets an operation be as it was, if nobody changed it since.
    Restore(Box<Restore>),
    /// Lets an operation be in this state again.
    SetState(SetState),
}

/// See [`Command::Restore`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restore {
    /// Which.
    pub operation_id: OperationId,
    /// The version that the change gave it.
    pub version: i64,
    /// The zone it had.
    pub zone: String,
    /// When it began.
    pub starts_at: Instant,
    /// What it was, without billets.
    pub shape: OperationShape,
    /// It had been changed by itself before.
    pub detached: bool,
}

/// See [`Command::SetState`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetState {
    /// Which.
    pub operation_id: OperationId,
    /// The state that the change gave it.
    pub now: OperationState,
    /// The state it had.
    pub state: OperationState,
    /// When it was to be published.
    pub publish_at: Option<Instant>,
    /// Why it was cancelled.
    pub reason: String,
}

/// Checks the reason of a cancellation.
///
/// # Errors
/// None given, or too long a one.
pub fn reason(text: &str) -> Result<String, AppError> {
    name::text(text, 1, limits::REASON).map_err(|problem| AppError::field("reason", problem))
}

pub(super) fn date(text: &str) -> Result<chrono::NaiveDate, FieldProblem> {
    if text.trim().is_empty() {
        return Err(FieldProblem::Required);
    }
    parse_date(text).ok_or(FieldProblem::Malformed)
}

/// `20:00`, with or without seconds, which browsers may add.
pub(super) fn time(text: &str) -> Result<NaiveTime, FieldProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldProblem::Required);
    }
    let mut parts = text.split(':');
    let mut part = |most: u32| {
        let digits = parts.next().filter(|part| matches!(part.len(), 1 | 2));
        let number = digits.and_then(|part| part.parse::<u32>().ok());
        number.filter(|number| *number <= most)
    };
    let (hour, minute) = (part(23), part(59));
    match (hour, minute) {
        (Some(hour), Some(minute)) => {
            NaiveTime::from_hms_opt(hour, minute, 0).ok_or(FieldProblem::Malformed)
        }
        _ => Err(FieldProblem::Malformed),
    }
}

/// `2:30` or minutes.
fn length(text: &str) -> Result<i64, FieldProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldProblem::Required);
    }
    let number = |part: &str| part.parse::<u32>().map_err(|_| FieldProblem::Malformed);
    let minutes = match text.split_once(':') {
        Some((hours, minutes)) => {
            let minutes = i64::from(number(minutes)?);
            if minutes > 59 {
                return Err(FieldProblem::Malformed);
            }
            i64::from(number(hours)?) * 60 + minutes
        }
        None => i64::from(number(text)?),
    };
    if (limits::MINUTES_LEAST..=limits::MINUTES_MOST).contains(&minutes) {
        Ok(minutes)
    } else {
        Err(FieldProblem::OutOfRange)
    }
}

/// Minutes as [`OperationFields::length`] takes them.
#[must_use]
pub fn typed_length(minutes: i64) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

fn optional_number(text: &str, least: i64, most: i64) -> Result<Option<i64>, FieldProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number: i64 = text.parse().map_err(|_| FieldProblem::Malformed)?;
    if (least..=most).contains(&number) {
        Ok(Some(number))
    } else {
        Err(FieldProblem::OutOfRange)
    }
}

fn optional_id<T: FromStr>(text: &str) -> Result<Option<T>, FieldProblem> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| FieldProblem::Unknown)
}

/// The farthest first, each once.
fn reminders(minutes: &[i64]) -> Result<Vec<i64>, FieldProblem> {
    let mut minutes = minutes.to_vec();
    minutes.sort_unstable_by(|one, other| other.cmp(one));
    minutes.dedup();
    let allowed = |minutes: &i64| (5..=limits::BEFORE_MOST).contains(minutes);
    if minutes.len() > limits::REMINDERS || !minutes.iter().all(allowed) {
        return Err(FieldProblem::OutOfRange);
    }
    Ok(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> OperationFields {
        OperationFields {
            title: "Patrol".into(),
            audience: "members".into(),
            date: "2026-03-06".into(),
            time: "20:00".into(),
            length: "2:30".into(),
            ..OperationFields::default()
        }
    }

    fn problems(fields: &OperationFields) -> Vec<String> {
        match fields.validate() {
            Err(AppError::Invalid(errors)) => {
                errors.0.into_iter().map(|(field, _)| field).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn what_is_typed_is_read() {
        let fields = OperationFields {
            remind: vec![60, 1440, 60],
            answer_before: "120".into(),
            ..typed()
        };
        let checked = fields.validate().expect("all fields are good");
        assert_eq!(checked.starts_local.to_string(), "2026-03-06 20:00:00");
        assert_eq!(checked.shape.minutes, 150);
        assert_eq!(checked.shape.remind_before, [1440, 60]);
        assert_eq!(checked.shape.answer_before, Some(120));
        assert_eq!(typed_length(150), "2:30");
    }

    #[test]
    fn every_field_is_checked_at_once() {
        let fields = OperationFields {
            audience: "nobody".into(),
            time: "25:00".into(),
            length: "0:04".into(),
            capacity: "0".into(),
            remind: vec![1],
            category_id: "x".into(),
            ..OperationFields::default()
        };
        assert_eq!(
            problems(&fields),
            [
                "date",
                "time",
                "title",
                "category_id",
                "audience",
                "length",
                "capacity"
            ]
            .map(|field| format!("operation[{field}]"))
            .into_iter()
            .chain(["operation[remind][]".to_owned()])
            .collect::<Vec<_>>()
        );
    }

    #[test]
    fn lengths_and_times_have_their_limits() {
        for (length, good) in [
            ("5", true),
            ("4", false),
            ("336:00", true),
            ("336:01", false),
            ("1:60", false),
            ("-1", false),
            ("99999999999", false),
            ("2h", false),
        ] {
            let fields = OperationFields {
                length: length.into(),
                ..typed()
            };
            assert_eq!(problems(&fields).is_empty(), good, "length {length:?}");
        }
        for (time, good) in [
            ("0:00", true),
            ("23:59:00", true),
            ("24:00", false),
            ("8", false),
        ] {
            let fields = OperationFields {
                time: time.into(),
                ..typed()
            };
            assert_eq!(problems(&fields).is_empty(), good, "time {time:?}");
        }
    }

    #[test]
    fn publishing_is_one_of_three() {
        assert_eq!(Publishing::read("draft", "", ""), Ok(Publishing::Later));
        assert!(Publishing::read("at", "2026-03-01", "18:00").is_ok());
        assert!(Publishing::read("at", "", "18:00").is_err());
        assert!(Publishing::read("never", "", "").is_err());
    }
}
