//! What pages show of organisations. [`org_types`] is the rules that a family of them shares.

pub mod org_types;

use org_types::OrgTypeChoice;

use crate::{
    domain::{PlayerId, time::Instant},
    features::roster::model::pages::PublicGroups,
};
use serde::{Deserialize, Serialize};

/// Longest texts, in characters.
pub mod limits {
    /// What visitors read of an organisation (Markdown).
    pub const DESCRIPTION: usize = 10_000;
}

/// One of the viewer's organisations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgLine {
    /// Its name.
    pub name: String,
    /// Where it is, with log-in.
    pub href: String,
    /// What the viewer is there.
    pub standing: Standing,
    /// How many players it has.
    pub people: i64,
}

/// What a user is in an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// The founder.
    Founder,
    /// A co-founder.
    CoFounder,
    /// A player.
    Member,
}

impl Standing {
    /// The word for it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Founder => "Founder",
            Self::CoFounder => "Co-founder",
            Self::Member => "Member",
        }
    }
}

/// What the page of founding needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundingPlace {
    /// What follows the slug in the address of an Org.
    pub host_suffix: String,
    /// The types to choose from.
    pub types: Vec<OrgTypeChoice>,
}

/// What an organisation shows to everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicFace {
    /// Its name.
    pub name: String,
    /// Name of its type.
    pub type_name: String,
    /// Its address at its canonical host, with a slash at the end.
    pub url: String,
    /// Its description as safe HTML; empty when there is none.
    pub description_html: String,
    /// The first line of it, plain.
    pub summary: String,
    /// Its public groups.
    pub groups: PublicGroups,
}

/// What a search for organisations found (§5.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgSearch {
    /// Those whose name, or a public group of theirs, is the text.
    pub exact: Vec<FoundOrg>,
    /// Those whose name, or a public group of theirs, contains it.
    pub partial: Vec<FoundOrg>,
    /// Which page this is, from 1.
    pub page: u32,
    /// There are further ones.
    pub more: bool,
}

/// An organisation that a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundOrg {
    /// Its name.
    pub name: String,
    /// Its public page.
    pub href: String,
    /// The first line of its description.
    pub summary: String,
    /// Name of its type.
    pub type_name: String,
    /// How many people its public groups have.
    pub people: i64,
}

/// The settings of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgSettings {
    /// Its name.
    pub name: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Hue of its accent, 0–359.
    pub accent_hue: i64,
    /// What visitors read on the public page, as written.
    pub description: String,
    /// Its type.
    pub type_id: String,
    /// Its hosts, the canonical one first.
    pub hosts: Vec<String>,
    /// Raised by every change.
    pub version: i64,
    /// Call sign of the founder.
    pub founder: String,
    /// The co-founders.
    pub co_founders: Vec<(PlayerId, String)>,
    /// Players who could become co-founders; empty for viewers who may not choose.
    pub candidates: Vec<(PlayerId, String)>,
    /// To whom the founding is offered, and since when; nobody else than the founder is told.
    pub offered: Option<(String, Instant)>,
}

/// The founding, as it is offered to the viewer (§3.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundingOffer {
    /// Name of the organisation.
    pub org: String,
    /// Call sign of the founder.
    pub founder: String,
    /// When it was offered.
    pub offered_at: Instant,
}

/// A slug made from a name: `2nd Ranger Company` → `2nd-ranger-company`.
#[must_use]
pub fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(40);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::slug_of;
    use crate::domain::name;

    #[test]
    fn slugs_are_suggested_from_names() {
        for (text, slug) in [
            ("2nd Ranger Company", "2nd-ranger-company"),
            ("  Night -- Draft! ", "night-draft"),
            ("ÄÖ", ""),
        ] {
            assert_eq!(slug_of(text), slug);
        }
        assert!(name::slug(&slug_of("75th Ranger Regiment, 2nd")).is_ok());
    }
}
