//! What the commands of tenants take, and the rules on them that need no look-up.

pub mod org_types;

use super::model::{limits, org_types::OrgTypeChoice, slug_of};
use crate::domain::{AppError, FieldErrors, FieldProblem, UserId, name};

/// Labels under the apex that are the installation's own.
const RESERVED_SLUGS: [&str; 12] = [
    "www",
    "api",
    "admin",
    "mail",
    "smtp",
    "imap",
    "ftp",
    "static",
    "assets",
    "status",
    "help",
    "localhost",
];

/// A new organisation.
#[derive(Clone, Debug)]
pub struct NewOrg {
    /// Its name (§1.4).
    pub name: String,
    /// Label of its host under the apex; made from the name when empty.
    pub slug: String,
    /// Its type (§1.6).
    pub type_id: String,
    /// IANA name of its time zone; UTC when empty.
    pub time_zone: String,
    /// Its founder: the signed-in user unless the server's own command names one.
    pub founder: Option<UserId>,
    /// A host of its own, which becomes the canonical one; for the operator only.
    pub host: Option<String>,
}

/// A checked [`NewOrg`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedOrg {
    /// See [`NewOrg`].
    pub name: String,
    /// See [`NewOrg`].
    pub slug: String,
    /// See [`NewOrg`].
    pub type_id: String,
}

impl NewOrg {
    /// Checks name, slug and type; notes what is wrong.
    pub fn check(
        &self,
        reserved: &[String],
        types: &[OrgTypeChoice],
        errors: &mut FieldErrors,
    ) -> Option<CheckedOrg> {
        let org_name = errors.check("name", org_name(&self.name, reserved));
        let wanted = if self.slug.trim().is_empty() {
            slug_of(&self.name)
        } else {
            self.slug.clone()
        };
        let slug = errors.check("slug", free_slug(&wanted));
        let type_id = name::type_id(self.type_id.trim()).and_then(|id| {
            if types.iter().any(|known| known.id == id) {
                Ok(id)
            } else {
                Err(FieldProblem::Unknown)
            }
        });
        let type_id = errors.check("type_id", type_id);
        Some(CheckedOrg {
            name: org_name?,
            slug: slug?,
            type_id: type_id?,
        })
    }
}

/// A name for an Org that is not reserved (§1.4). Whether it is taken, the database knows.
///
/// # Errors
/// The first rule that the name breaks.
pub fn org_name(text: &str, reserved: &[String]) -> Result<String, FieldProblem> {
    let checked = name::org_name(text)?;
    let key = name::key(&checked);
    if reserved.iter().any(|reserved| name::key(reserved) == key) {
        return Err(FieldProblem::Reserved);
    }
    Ok(checked)
}

fn free_slug(text: &str) -> Result<String, FieldProblem> {
    let slug = name::slug(text)?;
    if RESERVED_SLUGS.contains(&slug.as_str()) {
        return Err(FieldProblem::Reserved);
    }
    Ok(slug)
}

/// A change of an Org's settings.
#[derive(Clone, Debug)]
pub struct OrgChange {
    /// Its name.
    pub name: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Hue of its accent.
    pub accent_hue: i64,
    /// What visitors read on the public page, in Markdown.
    pub description: String,
    /// The version that was read.
    pub version: i64,
}

impl OrgChange {
    /// Checks name, hue and description and answers name and description; the time zone is checked
    /// by the server.
    ///
    /// # Errors
    /// All problems at once.
    pub fn check(
        &self,
        reserved: &[String],
        mut errors: FieldErrors,
    ) -> Result<(String, String), AppError> {
        let name = errors.check("name", org_name(&self.name, reserved));
        let description = name::text(&self.description, 0, limits::DESCRIPTION);
        let description = errors.check("description", description);
        let in_range = (0..=359).contains(&self.accent_hue);
        errors.check(
            "accent_hue",
            if in_range {
                Ok(())
            } else {
                Err(FieldProblem::OutOfRange)
            },
        );
        errors.into_result()?;
        name.zip(description).ok_or(AppError::Transport)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_org(name: &str, slug: &str, type_id: &str) -> NewOrg {
        NewOrg {
            name: name.into(),
            slug: slug.into(),
            type_id: type_id.into(),
            time_zone: String::new(),
            founder: None,
            host: None,
        }
    }

    #[test]
    fn founding_follows_the_rules_of_names() {
        let reserved = ["BZFlag", "Developers", "Local"].map(String::from);
        let types = [OrgTypeChoice {
            id: "muster.unit".into(),
            name: "Unit".into(),
            description: String::new(),
        }];
        let check = |org: NewOrg| {
            let mut errors = FieldErrors::default();
            let checked = org.check(&reserved, &types, &mut errors);
            (checked, errors)
        };
        let (good, errors) = check(new_org("Night Draft", "", "muster.unit"));
        assert_eq!(good.map(|org| org.slug).as_deref(), Some("night-draft"));
        assert!(errors.0.is_empty());
        for reserved in ["developers", "LOCAL", " BZFlag "] {
            let (_, errors) = check(new_org(reserved, "abc", "muster.unit"));
            assert_eq!(
                errors.at("name"),
                Some(&FieldProblem::Reserved),
                "{reserved:?}"
            );
        }
        let (_, errors) = check(new_org("a.b", "www", "muster.other"));
        assert!(matches!(
            errors.at("name"),
            Some(FieldProblem::BadCharacter { .. })
        ));
        assert_eq!(errors.at("slug"), Some(&FieldProblem::Reserved));
        assert_eq!(errors.at("type_id"), Some(&FieldProblem::Unknown));
    }

    #[test]
    fn settings_are_checked_together() {
        let change = OrgChange {
            name: "x".repeat(26),
            time_zone: "UTC".into(),
            accent_hue: 360,
            description: "x".repeat(limits::DESCRIPTION + 1),
            version: 1,
        };
        let Err(AppError::Invalid(errors)) = change.check(&[], FieldErrors::default()) else {
            panic!("three fields are wrong");
        };
        assert!(errors.at("description").is_some());
        assert_eq!(errors.at("name"), Some(&FieldProblem::TooLong { max: 25 }));
        assert_eq!(errors.at("accent_hue"), Some(&FieldProblem::OutOfRange));
    }
}
