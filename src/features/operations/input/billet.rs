//! A billet as it is typed into its form (§9.4).

use super::{optional_id, optional_number};
use crate::{
    domain::{
        AppError, FieldErrors, FieldProblem, SectionId,
        criteria::{self, Criterion, Fact},
        name,
    },
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
    /// The least level of a rank; empty for any.
    pub level: String,
    /// A group to be a member of, or of one below it; empty for none.
    pub group_id: String,
    /// A role to hold; empty for none.
    pub role_id: String,
    /// Further needs as JSON.
    pub needs: String,
    /// Nothing, `reserved` or `blocked`.
    pub held: String,
    /// Why, or for whom.
    pub held_note: String,
}

/// Checked [`BilletFields`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedBillet {
    /// The billet.
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
        let needs = self.rule(&mut errors);
        match (title, text, section, held, note, needs) {
            (Some(title), Some(text), Some(section), Some(held), Some(held_note), Some(needs)) => {
                let shape = ShapeBillet {
                    title,
                    text,
                    needs,
                    held,
                    held_note,
                };
                Ok(CheckedBillet { shape, section })
            }
            _ => Err(AppError::Invalid(errors)),
        }
    }

    /// The needs as they are stored: everything that is asked for, together.
    fn rule(&self, errors: &mut FieldErrors) -> Option<String> {
        let level = optional_number(&self.level, 0, *criteria::limits::LEVEL.end());
        let level = errors.check("billet[level]", level);
        let group = errors.check("billet[group_id]", optional_id(&self.group_id));
        let role = errors.check("billet[role_id]", optional_id(&self.role_id));
        let read = |text: &str| {
            Criterion::parse(text).map_err(|error| FieldProblem::AtLine {
                line: 0,
                what: error.to_string(),
            })
        };
        let further = match self.needs.trim() {
            "" => Ok(None),
            text => read(text).map(Some),
        };
        let further = errors.check("billet[needs]", further);
        let mut parts: Vec<Criterion> = further?.into_iter().collect();
        let member = |group| Fact::MemberOf {
            group,
            or_below: true,
        };
        let facts = [
            level?.map(Fact::RankLevel),
            group?.map(member),
            role?.map(Fact::Role),
        ];
        parts.extend(facts.into_iter().flatten().map(Criterion::Fact));
        let rule = match parts.len() {
            1 => parts.remove(0),
            _ => Criterion::All(parts),
        };
        if rule.is_empty() {
            return Some(String::new());
        }
        // Together they may be more than a rule may be.
        let text = rule.to_json().to_string();
        errors.check("billet[needs]", read(&text))?;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_a_billet_needs_is_needed_together() {
        let fields = BilletFields {
            title: "Medic".into(),
            level: "3".into(),
            needs: "{\"rank_level\": 2}".into(),
            ..BilletFields::default()
        };
        let checked = fields.validate().expect("all fields are good");
        assert_eq!(
            checked.shape.needs,
            "{\"all\":[{\"rank_level\":2},{\"rank_level\":3}]}"
        );
        let none = BilletFields {
            title: "Rifleman".into(),
            ..BilletFields::default()
        };
        assert_eq!(
            none.validate().expect("all fields are good").shape.needs,
            ""
        );
        let bad = BilletFields {
            level: "1001".into(),
            held: "nobody".into(),
            needs: "{}".into(),
            ..BilletFields::default()
        };
        let Err(AppError::Invalid(errors)) = bad.validate() else {
            panic!("four fields are wrong");
        };
        assert_eq!(errors.0.len(), 4, "{errors:?}");
    }
}
