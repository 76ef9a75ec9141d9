//! The JSON form of rules: read by hand, because derived readers of recursive enums are large in
//! WebAssembly and answer with errors about types instead of telling people what to mend.
//!
//! Every condition is an object that one word of [`WORDS`] names; the others of its line may stand
//! beside it. `criteria.schema.json` says the same to other programs.

use super::{Criterion, Fact, TimeIn, Window, limits};
use crate::domain::ids::CategoryId;
use serde_json::{Map, Value, json};
use std::{fmt, ops::RangeInclusive, str::FromStr};

/// The word that names a condition, and what may stand beside it.
const WORDS: [(&str, &[&str]); 17] = [
    ("all", &[]),
    ("any", &[]),
    ("not", &[]),
    ("at_least", &["of"]),
    ("attended_percent", &["days", "category"]),
    ("accountable_percent", &["days", "category"]),
    ("attended_count", &["days", "category"]),
    ("time_in", &["days"]),
    ("rank_level", &[]),
    ("qualification", &[]),
    ("award", &[]),
    ("key", &["total"]),
    ("member_of", &["or_below"]),
    ("role", &[]),
    ("points", &["pool"]),
    ("on_leave", &[]),
    ("no_reprimand_days", &[]),
];

/// Why a text is no rule, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriterionError {
    /// The way from the whole rule to the part that is wrong.
    pub path: Vec<Step>,
    /// What is wrong there.
    pub problem: CriterionProblem,
}

/// One step into a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The value of this word.
    Word(&'static str),
    /// The part of this number, the first being 1.
    Part(usize),
}

/// What is wrong with a rule. Codes with data, so that a page words them and a text that somebody
/// sends never comes back as a sentence, but for the one word that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CriterionProblem {
    /// Longer than [`limits::TEXT`].
    TooLong,
    /// Not JSON; the line and column where reading stopped.
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// Nested deeper than [`limits::DEPTH`].
    TooDeep,
    /// More conditions than [`limits::NODES`].
    TooMany,
    /// A condition is an object such as `{"rank_level": 3}`.
    NotCondition,
    /// The object says none of the words that name a condition.
    NoWord,
    /// It says two of them.
    TwoWords(&'static str, &'static str),
    /// This word is not known here.
    UnknownWord(String),
    /// This word has to stand beside it.
    Missing(&'static str),
    /// Should be a list of conditions.
    NotList,
    /// A list without a condition in it, which could never be met.
    EmptyList,
    /// Should be a whole number from one to the other.
    NotNumber {
        /// The least.
        from: i64,
        /// The greatest.
        to: i64,
    },
    /// Should be an id.
    NotId,
    /// Should be `true`, or not be there.
    NotTrue,
    /// Should be `"rank"`, `"service"` or `"assignment"`.
    NotTimeIn,
}

impl fmt::Display for CriterionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.path.iter().enumerate() {
            let arrow = if index == 0 { "" } else { " → " };
            match step {
                Step::Word(word) => write!(f, "{arrow}“{word}”")?,
                Step::Part(number) => write!(f, "{arrow}part {number}")?,
            }
        }
        if !self.path.is_empty() {
            f.write_str(": ")?;
        }
        self.problem.fmt(f)
    }
}

impl std::error::Error for CriterionError {}

impl fmt::Display for CriterionProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "the rule is longer than {} characters", limits::TEXT),
            Self::NotJson { line, column } => {
                write!(f, "not readable as JSON at line {line}, column {column}")
            }
            Self::TooDeep => write!(f, "nested deeper than {} levels", limits::DEPTH),
            Self::TooMany => write!(f, "more than {} conditions", limits::NODES),
            Self::NotCondition => f.write_str("should be a condition, such as {\"rank_level\": 3}"),
            Self::NoWord => {
                f.write_str("names no condition; it needs one of ")?;
                for (index, (word, _)) in WORDS.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{word}")?;
                }
                Ok(())
            }
            Self::TwoWords(one, other) => write!(
                f,
                "says “{one}” and “{other}”; put them into a list of “all” or “any”"
            ),
            Self::UnknownWord(word) => write!(f, "“{word}” is not known here"),
            Self::Missing(word) => write!(f, "“{word}” is missing"),
            Self::NotList => f.write_str("should be a list of conditions"),
            Self::EmptyList => f.write_str("needs at least one condition"),
            Self::NotNumber { from, to } => {
                write!(f, "should be a whole number from {from} to {to}")
            }
            Self::NotId => f.write_str("should be an id"),
            Self::NotTrue => f.write_str("should be true, or be left out"),
            Self::NotTimeIn => f.write_str("should be rank, service or assignment"),
        }
    }
}

impl Criterion {
    /// Reads and checks the JSON form. An empty text is no condition.
    ///
    /// # Errors
    /// What is wrong first, and where.
    pub fn parse(text: &str) -> Result<Self, CriterionError> {
        let at_root = |problem| CriterionError {
            path: Vec::new(),
            problem,
        };
        if text.len() > limits::TEXT {
            return Err(at_root(CriterionProblem::TooLong));
        }
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let value = serde_json::from_str(text).map_err(|error| {
            at_root(CriterionProblem::NotJson {
                line: error.line(),
                column: error.column(),
            })
        })?;
        Self::from_json(&value)
    }

    /// Reads and checks the JSON form.
    ///
    /// # Errors
    /// What is wrong first, and where.
    pub fn from_json(value: &Value) -> Result<Self, CriterionError> {
        let mut reader = Reader {
            path: Vec::new(),
            depth: 0,
            nodes: 0,
        };
        let rule = reader.condition(value);
        rule.map_err(|problem| CriterionError {
            path: reader.path,
            problem,
        })
    }

    /// The JSON form; [`Criterion::parse`] reads the same rule from it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let list = |parts: &[Self]| Value::Array(parts.iter().map(Self::to_json).collect());
        match self {
            Self::All(parts) => json!({ "all": list(parts) }),
            Self::Any(parts) => json!({ "any": list(parts) }),
            Self::Not(part) => json!({ "not": part.to_json() }),
            Self::AtLeast { n, of } => json!({ "at_least": n, "of": list(of) }),
            Self::Fact(fact) => fact.to_json(),
        }
    }
}

impl fmt::Display for Criterion {
    /// The JSON form in one line, as it is stored.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_json().fmt(f)
    }
}

impl Fact {
    fn to_json(self) -> Value {
        match self {
            Self::AttendedPercent { window, percent } => {
                in_window("attended_percent", percent.into(), window)
            }
            Self::AccountablePercent { window, percent } => {
                in_window("accountable_percent", percent.into(), window)
            }
            Self::AttendedCount { window, count } => in_window("attended_count", count, window),
            Self::TimeIn { what, days } => json!({ "time_in": what.word(), "days": days }),
            Self::RankLevel(level) => json!({ "rank_level": level }),
            Self::Qualification(id) => json!({ "qualification": id.to_string() }),
            Self::Award(id) => json!({ "award": id.to_string() }),
            Self::KeyTotal { key, total } => json!({ "key": key.to_string(), "total": total }),
            Self::MemberOf {
                group,
                or_below: true,
            } => json!({ "member_of": group.to_string(), "or_below": true }),
            Self::MemberOf {
                group,
                or_below: false,
            } => json!({ "member_of": group.to_string() }),
            Self::Role(id) => json!({ "role": id.to_string() }),
            Self::Points { pool, points } => json!({ "points": points, "pool": pool.to_string() }),
            Self::OnLeave => json!({ "on_leave": true }),
            Self::NoReprimand { days } => json!({ "no_reprimand_days": days }),
        }
    }
}

fn in_window(word: &str, least: u32, window: Window) -> Value {
    let mut object = Map::new();
    object.insert(word.to_owned(), least.into());
    if let Some(days) = window.days {
        object.insert("days".to_owned(), days.into());
    }
    if let Some(category) = window.category {
        object.insert("category".to_owned(), category.to_string().into());
    }
    Value::Object(object)
}

/// Reads conditions and keeps where it is, so that an error finds its path here.
struct Reader {
    path: Vec<Step>,
    depth: usize,
    nodes: usize,
}

type Read<T> = Result<T, CriterionProblem>;

impl Reader {
    fn condition(&mut self, value: &Value) -> Read<Criterion> {
        let object = value.as_object().ok_or(CriterionProblem::NotCondition)?;
        self.nodes += 1;
        if self.nodes > limits::NODES {
            return Err(CriterionProblem::TooMany);
        }
        if self.depth >= limits::DEPTH {
            return Err(CriterionProblem::TooDeep);
        }
        self.depth += 1;
        let rule = self.named(object)?;
        self.depth -= 1;
        Ok(rule)
    }

    fn named(&mut self, object: &Map<String, Value>) -> Read<Criterion> {
        let word = only_word(object)?;
        Ok(match word {
            "all" => Criterion::All(self.at(word, object, Self::list)?),
            "any" => Criterion::Any(self.at(word, object, Self::some)?),
            "not" => Criterion::Not(Box::new(self.at(word, object, Self::condition)?)),
            "at_least" => {
                let of = self.at("of", object, Self::some)?;
                let most = i64::try_from(of.len()).unwrap_or(i64::MAX);
                let n = self.number(word, object, 1..=most)?;
                Criterion::AtLeast { n, of }
            }
            word => Criterion::Fact(self.fact(word, object)?),
        })
    }

    fn fact(&mut self, word: &'static str, object: &Map<String, Value>) -> Read<Fact> {
        Ok(match word {
            "attended_percent" => Fact::AttendedPercent {
                percent: self.number(word, object, limits::PERCENT)?,
                window: self.window(object)?,
            },
            "accountable_percent" => Fact::AccountablePercent {
                percent: self.number(word, object, limits::PERCENT)?,
                window: self.window(object)?,
            },
            "attended_count" => Fact::AttendedCount {
                count: self.number(word, object, limits::COUNT)?,
                window: self.window(object)?,
            },
            "time_in" => Fact::TimeIn {
                what: self.at(word, object, |_, value| time_in(value))?,
                days: self.number("days", object, limits::DAYS)?,
            },
            "rank_level" => Fact::RankLevel(self.number(word, object, limits::LEVEL)?),
            "qualification" => Fact::Qualification(self.id(word, object)?),
            "award" => Fact::Award(self.id(word, object)?),
            "key" => Fact::KeyTotal {
                key: self.id(word, object)?,
                total: self.number("total", object, limits::TOTAL)?,
            },
            "member_of" => Fact::MemberOf {
                group: self.id(word, object)?,
                or_below: object.contains_key("or_below")
                    && self.at("or_below", object, |_, value| only_true(value))?,
            },
            "role" => Fact::Role(self.id(word, object)?),
            "points" => Fact::Points {
                points: self.number(word, object, limits::POINTS)?,
                pool: self.id("pool", object)?,
            },
            "on_leave" => {
                self.at(word, object, |_, value| only_true(value))?;
                Fact::OnLeave
            }
            "no_reprimand_days" => Fact::NoReprimand {
                days: self.number(word, object, limits::DAYS)?,
            },
            _ => return Err(CriterionProblem::NoWord),
        })
    }

    /// Reads the value of a word; an error in it has the word in its path.
    fn at<T>(
        &mut self,
        word: &'static str,
        object: &Map<String, Value>,
        read: impl FnOnce(&mut Self, &Value) -> Read<T>,
    ) -> Read<T> {
        let value = object.get(word).ok_or(CriterionProblem::Missing(word))?;
        self.path.push(Step::Word(word));
        let read = read(self, value)?;
        self.path.pop();
        Ok(read)
    }

    fn list(&mut self, value: &Value) -> Read<Vec<Criterion>> {
        let values = value.as_array().ok_or(CriterionProblem::NotList)?;
        let mut parts = Vec::new();
        for (index, value) in values.iter().enumerate() {
            self.path.push(Step::Part(index + 1));
            parts.push(self.condition(value)?);
            self.path.pop();
        }
        Ok(parts)
    }

    /// A list with something in it: of nothing, not even one can be met.
    fn some(&mut self, value: &Value) -> Read<Vec<Criterion>> {
        let parts = self.list(value)?;
        if parts.is_empty() {
            return Err(CriterionProblem::EmptyList);
        }
        Ok(parts)
    }

    fn number<T: TryFrom<i64>>(
        &mut self,
        word: &'static str,
        object: &Map<String, Value>,
        range: RangeInclusive<i64>,
    ) -> Read<T> {
        self.at(word, object, |_, value| {
            let number = whole(value).filter(|number| range.contains(number));
            let number = number.and_then(|number| T::try_from(number).ok());
            number.ok_or(CriterionProblem::NotNumber {
                from: *range.start(),
                to: *range.end(),
            })
        })
    }

    fn id<T: FromStr>(&mut self, word: &'static str, object: &Map<String, Value>) -> Read<T> {
        self.at(word, object, |_, value| id(value))
    }

    fn window(&mut self, object: &Map<String, Value>) -> Read<Window> {
        let mut window = Window::default();
        if object.contains_key("days") {
            window.days = Some(self.number("days", object, limits::DAYS)?);
        }
        if object.contains_key("category") {
            window.category = Some(self.id::<CategoryId>("category", object)?);
        }
        Ok(window)
    }
}

/// The one word that names the condition; every other must belong to it.
fn only_word(object: &Map<String, Value>) -> Read<&'static str> {
    let mut named = WORDS.iter().filter(|(word, _)| object.contains_key(*word));
    let (word, beside) = named.next().ok_or(CriterionProblem::NoWord)?;
    if let Some((other, _)) = named.next() {
        return Err(CriterionProblem::TwoWords(word, other));
    }
    let strange = object
        .keys()
        .find(|key| key != word && !beside.contains(&key.as_str()));
    match strange {
        Some(key) => Err(CriterionProblem::UnknownWord(
            key.chars().take(40).collect(),
        )),
        None => Ok(word),
    }
}

/// A whole number; JSON Schema counts `3.0` among them, and so must we.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        let number = value.as_f64()?;
        // Up to here every whole number has its own floating-point number.
        let exact = number.fract() == 0.0 && number.abs() < 9e15;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole and small enough"
        )]
        exact.then_some(number as i64)
    })
}

/// An id in its one form, lower case with hyphens, as the schema has it.
fn id<T: FromStr>(value: &Value) -> Read<T> {
    let text = value
        .as_str()
        .filter(|text| text.len() == 36 && !text.contains(|c: char| c.is_ascii_uppercase()));
    text.and_then(|text| text.parse().ok())
        .ok_or(CriterionProblem::NotId)
}

fn only_true(value: &Value) -> Read<bool> {
    match value {
        Value::Bool(true) => Ok(true),
        _ => Err(CriterionProblem::NotTrue),
    }
}

fn time_in(value: &Value) -> Read<TimeIn> {
    let known = TimeIn::ALL
        .into_iter()
        .find(|what| value.as_str() == Some(what.word()));
    known.ok_or(CriterionProblem::NotTimeIn)
}
