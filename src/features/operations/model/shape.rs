//! The shape of an operation: everything but when and by whom. Templates and series keep it as JSON,
//! "copy last" takes it from an operation that was.

use super::{Audience, Held};
use crate::domain::{CampaignId, CategoryId};
use serde::{Deserialize, Serialize};

/// See the module's documentation. What a later version adds reads as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OperationShape {
    /// What people call it.
    pub title: String,
    /// What kind of thing it is.
    pub category: Option<CategoryId>,
    /// To what it belongs.
    pub campaign: Option<CampaignId>,
    /// Markdown.
    pub briefing: String,
    /// Place or server.
    pub place: String,
    /// How long it takes.
    pub minutes: i64,
    /// For whom it is.
    pub audience: ShapeAudience,
    /// Places for those who attend; none is no limit.
    pub capacity: Option<i64>,
    /// Members take free billets themselves.
    pub self_service: bool,
    /// Stages of release, as JSON.
    pub release: String,
    /// Reminders, in minutes before the start.
    pub remind_before: Vec<i64>,
    /// Answers are taken until so many minutes before the start; none: until it begins.
    pub answer_before: Option<i64>,
    /// Of a series: its occurrences are published so many minutes before they begin; none: when
    /// somebody says so.
    pub publish_before: Option<i64>,
    /// Its billets.
    pub sections: Vec<ShapeSection>,
}

/// Published as soon as it is made: longer before the start than anything is planned.
pub const AT_ONCE: i64 = 10 * 366 * 24 * 60;

/// An audience that is all members unless something else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShapeAudience(pub Audience);

impl Default for ShapeAudience {
    fn default() -> Self {
        Self(Audience::Members)
    }
}

/// A section of billets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShapeSection {
    /// Its name.
    pub name: String,
    /// Its billets, in order.
    pub billets: Vec<ShapeBillet>,
}

/// A billet, empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShapeBillet {
    /// What it is.
    pub title: String,
    /// What is to be known of it.
    pub text: String,
    /// What it needs: a criterion (§7) as JSON, or nothing.
    pub needs: String,
    /// Who may fill it.
    pub held: Held,
    /// Why, or for whom.
    pub held_note: String,
}

impl OperationShape {
    /// Reminders as they are stored.
    #[must_use]
    pub fn stored_reminders(&self) -> String {
        let minutes = self.remind_before.iter().map(ToString::to_string);
        minutes.collect::<Vec<_>>().join(" ")
    }

    /// How many billets it has.
    #[must_use]
    pub fn billets(&self) -> usize {
        let billets = self.sections.iter().map(|section| section.billets.len());
        billets.sum()
    }
}

/// Reads stored reminders.
#[must_use]
pub fn read_reminders(stored: &str) -> Vec<i64> {
    let minutes = stored.split_whitespace();
    minutes.filter_map(|minute| minute.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_outlives_what_is_added_to_it() {
        let old: OperationShape = serde_json::from_str(r#"{"title":"Patrol","minutes":90}"#)
            .expect("fields that are missing have their defaults");
        assert_eq!(old.audience, ShapeAudience(Audience::Members));
        assert!(old.sections.is_empty());
        let text = serde_json::to_string(&old).expect("plain data");
        let again: OperationShape = serde_json::from_str(&text).expect("what was written");
        assert_eq!(again, old);
    }

    #[test]
    fn reminders_are_read_as_they_are_stored() {
        let shape = OperationShape {
            remind_before: vec![1440, 60],
            ..OperationShape::default()
        };
        assert_eq!(read_reminders(&shape.stored_reminders()), [1440, 60]);
        assert!(read_reminders("").is_empty());
    }
}
