//! Commands of ranks and the checks of their fields; the same structs are what an event keeps for
//! its undo.

use super::model::{is_symbol, limits};
use crate::domain::{
    AppError, FieldErrors, FieldProblem, GroupId, PlayerId, RankId, RankSetId,
    access::{AccessSet, Action, Ceilings},
    name,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a rank is, as typed. Numbers are texts, so that what was typed wrongly can be shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankDetails {
    /// Unique in the Org ignoring case.
    pub name: String,
    /// Short form, may be empty.
    pub abbreviation: String,
    /// Symbol of the insignia file; empty for none.
    pub insignia: String,
    /// 0 to 1000.
    pub level: String,
    /// What it grants.
    pub access: Vec<Action>,
    /// Up to which levels it acts (§3.3).
    pub ceilings: TypedCeilings,
}

/// Ceilings as typed; empty: below the rank's own level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedCeilings {
    /// Highest level to promote to.
    pub promote: String,
    /// Highest level to demote from.
    pub demote: String,
    /// Highest level to remove.
    pub kick: String,
    /// Highest level of people to rename and invite.
    pub manage: String,
}

/// Checked [`RankDetails`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedRank {
    /// See [`RankDetails`].
    pub name: String,
    /// See [`RankDetails`].
    pub abbreviation: String,
    /// See [`RankDetails`].
    pub insignia: String,
    /// See [`RankDetails`].
    pub level: i64,
    /// See [`RankDetails`].
    pub access: AccessSet,
    /// See [`RankDetails`].
    pub ceilings: Ceilings,
}

impl RankDetails {
    /// Checks every field. What the Org's type offers is checked where that is known.
    ///
    /// # Errors
    /// All problems at once.
    pub fn validate(&self) -> Result<CheckedRank, AppError> {
        let mut errors = FieldErrors::default();
        let name = errors.check("name", name::plain(&self.name, limits::NAME));
        let abbreviation = errors.check(
            "abbreviation",
            name::optional(&self.abbreviation, limits::ABBREVIATION),
        );
        let insignia = errors.check("insignia", symbol(&self.insignia));
        let level = errors.check("level", number(&self.level, limits::LEVEL));
        // Wrong levels make no second mistake of the ceilings.
        let below = level.map_or(limits::LEVEL, |level| level - 1);
        let mut ceiling =
            |field: &'static str, text: &str| errors.check(field, optional_number(text, below));
        let ceilings = (
            ceiling("ceilings[promote]", &self.ceilings.promote),
            ceiling("ceilings[demote]", &self.ceilings.demote),
            ceiling("ceilings[kick]", &self.ceilings.kick),
            ceiling("ceilings[manage]", &self.ceilings.manage),
        );
        match (name, abbreviation, insignia, level, ceilings) {
            (
                Some(name),
                Some(abbreviation),
                Some(insignia),
                Some(level),
                (Some(promote), Some(demote), Some(kick), Some(manage)),
            ) => Ok(CheckedRank {
                name,
                abbreviation,
                insignia,
                level,
                access: self.access.iter().copied().collect(),
                ceilings: Ceilings {
                    promote,
                    demote,
                    kick,
                    manage,
                },
            }),
            _ => Err(AppError::Invalid(errors)),
        }
    }
}

fn symbol(text: &str) -> Result<String, FieldProblem> {
    if is_symbol(text) {
        Ok(text.to_owned())
    } else {
        Err(FieldProblem::Unknown)
    }
}

/// A number from 0 to `max`.
fn number(text: &str, max: i64) -> Result<i64, FieldProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldProblem::Required);
    }
    let number: i64 = text.parse().map_err(|_| FieldProblem::Malformed)?;
    if (0..=max).contains(&number) {
        Ok(number)
    } else {
        Err(FieldProblem::OutOfRange)
    }
}

fn optional_number(text: &str, max: i64) -> Result<Option<i64>, FieldProblem> {
    if text.trim().is_empty() {
        Ok(None)
    } else {
        number(text, max).map(Some)
    }
}

/// How a rank is called in a rank set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// Which rank.
    pub rank_id: RankId,
    /// Its name here; empty: as in the ladder.
    #[serde(default)]
    pub name: String,
    /// Its short form, may be empty.
    #[serde(default)]
    pub abbreviation: String,
    /// Symbol of the insignia file; empty for none.
    #[serde(default)]
    pub insignia: String,
}

/// Checks the name of a rank set and its titles; those without a name are left out.
///
/// # Errors
/// All problems at once, those of a title at `titles[2][name]` and the like.
pub fn check_set(name: &str, titles: &[Title]) -> Result<(String, Vec<Title>), AppError> {
    let mut errors = FieldErrors::default();
    let set_name = errors.check("name", name::plain(name, limits::NAME));
    let mut checked = Vec::new();
    for (at, title) in titles.iter().enumerate() {
        let field = |part: &str| format!("titles[{at}][{part}]");
        let name = errors.check(&field("name"), name::optional(&title.name, limits::NAME));
        let abbreviation = errors.check(
            &field("abbreviation"),
            name::optional(&title.abbreviation, limits::ABBREVIATION),
        );
        let insignia = errors.check(&field("insignia"), symbol(&title.insignia));
        if let (Some(name), Some(abbreviation), Some(insignia)) = (name, abbreviation, insignia)
            && !name.is_empty()
        {
            checked.push(Title {
                rank_id: title.rank_id,
                name,
                abbreviation,
                insignia,
            });
        }
    }
    match set_name {
        Some(name) if errors.0.is_empty() => Ok((name, checked)),
        _ => Err(AppError::Invalid(errors)),
    }
}

/// Changes a rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditRank {
    /// Which.
    pub rank_id: RankId,
    /// The version that was read.
    pub version: i64,
    /// The new values.
    pub details: CheckedRank,
}

/// Deletes a rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteRank {
    /// Which.
    pub rank_id: RankId,
    /// The version that was read; none: whatever it is, in an undo.
    pub version: Option<i64>,
    /// The rank that its holders get; none: nobody may hold it.
    pub move_to: Option<RankId>,
}

/// Brings a deleted rank back, and those who held it where nothing has changed since. Only as an
/// undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreRank {
    /// Which.
    pub rank_id: RankId,
    /// The rank that its holders got.
    pub moved_to: Option<RankId>,
    /// Who they were.
    pub holders: Vec<PlayerId>,
}

/// Which of the two ranks every Org needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standard {
    /// New players get it.
    Default,
    /// Visitors are judged by it.
    Guest,
}

/// Creates a rank set again that was deleted. Only as an undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreSet {
    /// Which.
    pub rank_set_id: RankSetId,
    /// Its name.
    pub name: String,
    /// Its titles.
    pub titles: Vec<Title>,
    /// Groups that used it.
    pub groups: Vec<GroupId>,
}

/// Changes a rank set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditSet {
    /// Which.
    pub rank_set_id: RankSetId,
    /// The version that was read; none: whatever it is, in an undo.
    pub version: Option<i64>,
    /// Its name.
    pub name: String,
    /// All its titles.
    pub titles: Vec<Title>,
}

/// Gives a player another rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRank {
    /// Who.
    pub player_id: PlayerId,
    /// Which.
    pub rank_id: RankId,
    /// Why; needed unless it is a promotion (§3.3).
    pub reason: String,
    /// The holding that the actor saw; another one now means that somebody was faster.
    pub expected: Option<Uuid>,
}

/// Any command of ranks, as an event keeps it for its undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// See [`EditRank`].
    EditRank(EditRank),
    /// See [`DeleteRank`].
    DeleteRank(DeleteRank),
    /// See [`RestoreRank`].
    RestoreRank(RestoreRank),
    /// Makes a rank the default or guest one.
    Appoint(RankId, Standard),
    /// Gives ranks these symbols.
    SetInsignia(Vec<(RankId, String)>),
    /// See [`EditSet`].
    EditSet(EditSet),
    /// Deletes a rank set.
    DeleteSet(RankSetId),
    /// See [`RestoreSet`].
    RestoreSet(RestoreSet),
    /// Lets a group use a rank set.
    ChooseSet(GroupId, Option<RankSetId>),
    /// See [`ChangeRank`].
    ChangeRank(ChangeRank),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> RankDetails {
        RankDetails {
            name: "Sergeant".into(),
            level: "50".into(),
            ..RankDetails::default()
        }
    }

    fn problems(details: &RankDetails) -> Vec<String> {
        match details.validate() {
            Err(AppError::Invalid(errors)) => {
                errors.0.into_iter().map(|(field, _)| field).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn ceilings_stay_below_the_level() {
        for (level, ceiling, wrong) in [
            ("50", "49", false),
            ("50", "50", true),
            ("50", "0", false),
            ("50", "-1", true),
            ("0", "0", true),
            ("0", "", false),
            ("50", "x", true),
        ] {
            let details = RankDetails {
                level: level.into(),
                ceilings: TypedCeilings {
                    kick: ceiling.into(),
                    ..TypedCeilings::default()
                },
                ..typed()
            };
            let found = problems(&details);
            let expected: &[&str] = if wrong { &["ceilings[kick]"] } else { &[] };
            assert_eq!(found, expected, "ceiling {ceiling:?} at level {level}");
        }
    }

    #[test]
    fn every_field_is_checked_at_once() {
        let details = RankDetails {
            name: " ".into(),
            abbreviation: "Too long a form".into(),
            insignia: "../secret".into(),
            level: "1001".into(),
            ..RankDetails::default()
        };
        assert_eq!(
            problems(&details),
            ["name", "abbreviation", "insignia", "level"]
        );
        assert!(problems(&typed()).is_empty());
    }

    #[test]
    fn titles_without_a_name_are_left_out() {
        let title = |name: &str, abbreviation: &str| Title {
            rank_id: RankId::default(),
            name: name.into(),
            abbreviation: abbreviation.into(),
            insignia: String::new(),
        };
        let (name, titles) =
            check_set(" Air ", &[title("", ""), title("Pilot", "Plt")]).expect("both are good");
        assert_eq!((name.as_str(), titles.len()), ("Air", 1));
        let wrong = check_set("Air", &[title("Pilot", ""), title("x", "far too long")]);
        let Err(AppError::Invalid(errors)) = wrong else {
            panic!("a long abbreviation must be refused");
        };
        assert_eq!(errors.0[0].0, "titles[1][abbreviation]");
    }
}
