//! A billet as it is typed into its form (§9.4). The rule of its needs is a field of its own.

use super::optional_id;
use crate::{
    domain::{AppError, FieldErrors, FieldProblem, SectionId, name},
    features::operations::model::{Held, ShapeBillet, limits},
};
use serde::{Deserialize, Serialize};

/// A billet, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BilletFields {
    /// What it is.
    pub title: String,
    /// What is to be known of it.
    pub text: String,
    /// The section; empty: where it is.
    pub section_id: String,
    /// Nothing, `reserved` or `blocked`.
    pub held: String,
    /// Why, or for whom.
    pub held_note: String,
}

/// Checked [`BilletFields`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedBillet {
    /// The billet, without needs.
    pub shape: ShapeBillet,
    /// The section, if it is to be another.
    pub section: Option<SectionId>,
}

impl BilletFields {
    /// Checks every field.
    ///
    /// # Errors
    /// All problems at once.
    pub fn validate(&self) -> Result<CheckedBillet, AppError> {
        let mut errors = FieldErrors::default();
        let title = errors.check("billet[title]", name::plain(&self.title, limits::TITLE));
        let text = errors.check("billet[text]", name::optional(&self.text, limits::PLACE));
        let section = errors.check("billet[section_id]", optional_id(&self.section_id));
        let held = Held::parse(&self.held).ok_or(FieldProblem::Unknown);
        let held = errors.check("billet[held]", held);
        let note = name::optional(&self.held_note, limits::PLACE);
        let note = errors.check("billet[held_note]", note);
        match (title, text, section, held, note) {
            (Some(title), Some(text), Some(section), Some(held), Some(held_note)) => {
                let shape = ShapeBillet {
                    title,
                    text,
                    needs: String::new(),
                    held,
                    held_note,
                };
                Ok(CheckedBillet { shape, section })
            }
            _ => Err(AppError::Invalid(errors)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_checked_and_all_problems_are_told() {
        let fields = BilletFields {
            title: " Medic ".into(),
            held: "reserved".into(),
            held_note: "the new ones".into(),
            ..BilletFields::default()
        };
        let checked = fields.validate().expect("all fields are good");
        assert_eq!(checked.section, None);
        assert_eq!(checked.shape.title, "Medic");
        assert_eq!(checked.shape.held, Held::Reserved);
        let bad = BilletFields {
            section_id: "the second".into(),
            held: "nobody".into(),
            ..BilletFields::default()
        };
        let Err(AppError::Invalid(errors)) = bad.validate() else {
            panic!("three fields are wrong");
        };
        assert_eq!(errors.0.len(), 3, "{errors:?}");
    }
}
