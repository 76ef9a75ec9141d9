//! Rules as forms hold them, and what the preview shows.

pub mod rows;

pub use rows::{Choices, RuleRow};

use crate::domain::{FieldErrors, PlayerId, criteria::Told};
use serde::{Deserialize, Serialize};

/// People on a page of the preview.
pub const PAGE: usize = 50;

/// Who qualifies, and who does not (§7.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewPage {
    /// The rule as JSON, as the value of a field in an address; empty while it is no rule.
    pub rule: String,
    /// What it demands, in one line.
    pub demand: String,
    /// Why what was sent is no rule.
    pub problem: Option<String>,
    /// What is wrong with what was typed, by field.
    pub errors: FieldErrors,
    /// The rule for the editor.
    pub rows: Vec<RuleRow>,
    /// What the editor offers.
    pub choices: Choices,
    /// How many qualify.
    pub met: u32,
    /// How many do not.
    pub unmet: u32,
    /// Those who do are shown; else those who do not.
    pub shows_met: bool,
    /// Those shown on this page, by name.
    pub people: Vec<Person>,
    /// This page, the first being 0.
    pub page: u32,
    /// How many there are.
    pub pages: u32,
}

/// Somebody, and how the rule comes out for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub id: PlayerId,
    /// Their name.
    pub name: String,
    /// Why.
    pub told: Told,
}
