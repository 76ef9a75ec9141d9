//! What the commands on org types take (§1.6): from forms, from flags, and from files.

use crate::{
    domain::{
        AppError, FieldErrors, FieldProblem,
        access::{AccessSet, Action},
        module::{Module, Modules},
        name,
    },
    features::tenants::model::org_types::{MemberKind, OrgType, TypeRank, limits},
};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// An org type as somebody wrote it; nothing in it is checked yet.
#[derive(Clone, Debug, Default)]
pub struct OrgTypeInput {
    /// Its id, which never changes.
    pub type_id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// `player` or `org`.
    pub member_kind: String,
    /// A person belongs to one organisation of this type at most.
    pub one_per_person: bool,
    /// Names of the modules that it switches on.
    pub modules: Vec<String>,
    /// The access ids that it offers.
    pub access: Vec<String>,
    /// How chat commands are called.
    pub command_name: String,
    /// Other words for the same, separated by spaces or commas.
    pub aliases: String,
    /// Its ranks.
    pub ranks: Vec<RankInput>,
}

/// A rank as somebody wrote it.
#[derive(Clone, Debug, Default)]
pub struct RankInput {
    /// Number of its row in the form or file, by which problems name it.
    pub row: usize,
    /// Its level.
    pub level: String,
    /// Its name.
    pub name: String,
    /// Its short form.
    pub abbreviation: String,
    /// Symbol of its insignia.
    pub insignia: String,
    /// What it grants.
    pub access: Vec<String>,
    /// New players get it.
    pub is_default: bool,
    /// Visitors are judged by it.
    pub is_guest: bool,
}

/// A checked [`OrgTypeInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedOrgType {
    /// See [`OrgType`].
    pub type_id: String,
    /// See [`OrgType`].
    pub name: String,
    /// See [`OrgType`].
    pub description: String,
    /// See [`OrgType`].
    pub member_kind: MemberKind,
    /// See [`OrgType`].
    pub one_per_person: bool,
    /// See [`OrgType`].
    pub modules: Modules,
    /// See [`OrgType`].
    pub access: AccessSet,
    /// See [`OrgType`].
    pub command_name: String,
    /// See [`OrgType`].
    pub aliases: String,
    /// The lowest first.
    pub ranks: Vec<TypeRank>,
}

impl OrgTypeInput {
    /// Checks everything that needs no look-up. Problems of a rank are at `ranks[row][field]`, those
    /// of boxes at the name of the box.
    ///
    /// # Errors
    /// All problems at once.
    pub fn check(&self) -> Result<CheckedOrgType, AppError> {
        let mut errors = FieldErrors::default();
        let type_id = errors.check("type_id", name::type_id(self.type_id.trim()));
        let title = errors.check("name", name::plain(&self.name, limits::NAME));
        let description = name::plain(&self.description, limits::DESCRIPTION);
        let description = errors.check("description", description);
        let kind = MemberKind::parse(self.member_kind.trim()).ok_or(FieldProblem::Unknown);
        let kind = errors.check("member_kind", kind);
        let modules = errors.check("modules[]", modules(&self.modules));
        let access = errors.check("access[]", access(&self.access));
        let command = errors.check("command_name", command_word(self.command_name.trim()));
        let aliases = errors.check("aliases", command_words(&self.aliases));
        let offered = access.unwrap_or_else(AccessSet::everything);
        let ranks = self.check_ranks(offered, &mut errors);
        errors.into_result()?;
        let checked = || {
            Some(CheckedOrgType {
                type_id: type_id?,
                name: title?,
                description: description?,
                member_kind: kind?,
                one_per_person: self.one_per_person,
                modules: modules?,
                access: access?,
                command_name: command?,
                aliases: aliases?,
                ranks,
            })
        };
        checked().ok_or(AppError::Transport)
    }

    fn check_ranks(&self, offered: AccessSet, errors: &mut FieldErrors) -> Vec<TypeRank> {
        if self.ranks.len() > limits::RANKS {
            errors.check::<()>("ranks", Err(FieldProblem::OutOfRange));
            return Vec::new();
        }
        let (mut levels, mut names) = (HashSet::new(), HashSet::new());
        let mut ranks: Vec<TypeRank> = Vec::new();
        for rank in &self.ranks {
            let at = |field: &str| format!("ranks[{}][{field}]", rank.row);
            let level = rank.check_level().and_then(|level| {
                let fresh = levels.insert(level);
                fresh.then_some(level).ok_or(FieldProblem::Taken)
            });
            let level = errors.check(&at("level"), level);
            let title = name::plain(&rank.name, limits::RANK_NAME).and_then(|title| {
                let fresh = names.insert(name::key(&title));
                fresh.then_some(title).ok_or(FieldProblem::Taken)
            });
            let title = errors.check(&at("name"), title);
            let short = name::optional(&rank.abbreviation, limits::ABBREVIATION);
            let short = errors.check(&at("abbreviation"), short);
            let insignia = errors.check(&at("insignia"), insignia(&rank.insignia));
            // What the type does not offer, its ranks cannot have.
            let granted = access(&rank.access).and_then(|granted| {
                let within = granted.without(offered).is_empty();
                within.then_some(granted).ok_or(FieldProblem::Unknown)
            });
            let granted = errors.check(&(at("access") + "[]"), granted);
            if let (Some(level), Some(name), Some(abbreviation), Some(insignia), Some(access)) =
                (level, title, short, insignia, granted)
            {
                ranks.push(TypeRank {
                    level,
                    name,
                    abbreviation,
                    insignia,
                    access,
                    is_default: rank.is_default,
                    is_guest: rank.is_guest,
                });
            }
        }
        let count = |is: fn(&RankInput) -> bool| self.ranks.iter().filter(|rank| is(rank)).count();
        let one = |count| match count {
            0 => Err(FieldProblem::Required),
            1 => Ok(()),
            _ => Err(FieldProblem::Taken),
        };
        errors.check("default", one(count(|rank| rank.is_default)));
        let both = self
            .ranks
            .iter()
            .any(|rank| rank.is_default && rank.is_guest);
        let guest = one(count(|rank| rank.is_guest));
        let guest = guest.and(if both {
            Err(FieldProblem::Taken)
        } else {
            Ok(())
        });
        errors.check("guest", guest);
        ranks.sort_by_key(|rank| rank.level);
        ranks
    }
}

impl RankInput {
    fn check_level(&self) -> Result<i64, FieldProblem> {
        let text = self.level.trim();
        if text.is_empty() {
            return Err(FieldProblem::Required);
        }
        let level: i64 = text.parse().map_err(|_| FieldProblem::Malformed)?;
        let in_range = (0..=limits::LEVEL).contains(&level);
        in_range.then_some(level).ok_or(FieldProblem::OutOfRange)
    }
}

fn modules(names: &[String]) -> Result<Modules, FieldProblem> {
    let find = |name: &String| {
        let name = name.trim();
        let mut all = Module::ALL.iter().copied();
        all.find(|module| module.id() == name)
            .ok_or(FieldProblem::Unknown)
    };
    names.iter().map(find).collect()
}

fn access(ids: &[String]) -> Result<AccessSet, FieldProblem> {
    let find = |id: &String| {
        let action = Action::parse(id.trim()).filter(|action| action.grantable());
        action.ok_or(FieldProblem::Unknown)
    };
    ids.iter().map(find).collect()
}

/// A word that chat services take as a command: lower case letters, digits, `-` and `_`.
fn command_word(word: &str) -> Result<String, FieldProblem> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    if word.len() > limits::COMMAND {
        let max = limits::COMMAND as u32;
        return Err(FieldProblem::TooLong { max });
    }
    let good = word.bytes().all(plain);
    good.then(|| word.to_owned()).ok_or(FieldProblem::Malformed)
}

fn command_words(text: &str) -> Result<String, FieldProblem> {
    let words = text.split(|c: char| c == ',' || c.is_whitespace());
    let words = words.filter(|word| !word.is_empty()).map(command_word);
    Ok(words.collect::<Result<Vec<_>, _>>()?.join(" "))
}

fn insignia(text: &str) -> Result<String, FieldProblem> {
    let text = text.trim();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let good = text.len() <= limits::INSIGNIA && text.bytes().all(plain);
    good.then(|| text.to_owned()).ok_or(FieldProblem::Malformed)
}

/// An org type in a file: what `muster org-type show ID --json` prints and `add` and `edit` read,
/// as JSON or TOML. What is left out stays as it is, or is empty in a new type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrgTypeFile {
    /// See [`OrgType`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_id: Option<String>,
    /// See [`OrgType`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// See [`OrgType`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `player` or `org`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_kind: Option<String>,
    /// See [`OrgType`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_per_person: Option<bool>,
    /// Names of modules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modules: Option<Vec<String>>,
    /// Access ids.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<Vec<String>>,
    /// See [`OrgType`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command_name: Option<String>,
    /// Words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aliases: Option<Vec<String>>,
    /// All ranks: given, they take the place of those of before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranks: Option<Vec<RankOfFile>>,
}

/// A rank in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankOfFile {
    /// Its level.
    pub level: i64,
    /// Its name.
    pub name: String,
    /// Its short form.
    #[serde(default)]
    pub abbreviation: String,
    /// Symbol of its insignia.
    #[serde(default)]
    pub insignia: String,
    /// Access ids.
    #[serde(default)]
    pub access: Vec<String>,
    /// New players get it.
    #[serde(default)]
    pub default: bool,
    /// Visitors are judged by it.
    #[serde(default)]
    pub guest: bool,
}

fn ids(access: AccessSet) -> Vec<String> {
    access.iter().map(|action| action.id().to_owned()).collect()
}

impl From<OrgType> for OrgTypeFile {
    fn from(of: OrgType) -> Self {
        let words = |text: &str| {
            text.split(' ')
                .filter(|w| !w.is_empty())
                .map(Into::into)
                .collect()
        };
        Self {
            type_id: Some(of.id),
            name: Some(of.name),
            description: Some(of.description),
            member_kind: Some(of.member_kind.as_str().to_owned()),
            one_per_person: Some(of.one_per_person),
            modules: Some(of.modules.iter().map(|m| m.id().to_owned()).collect()),
            access: Some(ids(of.access)),
            command_name: Some(of.command_name),
            aliases: Some(words(&of.aliases)),
            ranks: Some(of.ranks.into_iter().map(RankOfFile::from).collect()),
        }
    }
}

impl From<TypeRank> for RankOfFile {
    fn from(rank: TypeRank) -> Self {
        Self {
            level: rank.level,
            name: rank.name,
            abbreviation: rank.abbreviation,
            insignia: rank.insignia,
            access: ids(rank.access),
            default: rank.is_default,
            guest: rank.is_guest,
        }
    }
}

impl OrgTypeFile {
    /// What this one says, and where it says nothing, the other.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            type_id: self.type_id.or(other.type_id),
            name: self.name.or(other.name),
            description: self.description.or(other.description),
            member_kind: self.member_kind.or(other.member_kind),
            one_per_person: self.one_per_person.or(other.one_per_person),
            modules: self.modules.or(other.modules),
            access: self.access.or(other.access),
            command_name: self.command_name.or(other.command_name),
            aliases: self.aliases.or(other.aliases),
            ranks: self.ranks.or(other.ranks),
        }
    }

    /// The input of a command.
    #[must_use]
    pub fn into_input(self) -> OrgTypeInput {
        let rank = |(row, rank): (usize, RankOfFile)| RankInput {
            row,
            level: rank.level.to_string(),
            name: rank.name,
            abbreviation: rank.abbreviation,
            insignia: rank.insignia,
            access: rank.access,
            is_default: rank.default,
            is_guest: rank.guest,
        };
        OrgTypeInput {
            type_id: self.type_id.unwrap_or_default(),
            name: self.name.unwrap_or_default(),
            description: self.description.unwrap_or_default(),
            member_kind: self
                .member_kind
                .unwrap_or_else(|| MemberKind::default().as_str().into()),
            one_per_person: self.one_per_person.unwrap_or_default(),
            modules: self.modules.unwrap_or_default(),
            access: self.access.unwrap_or_default(),
            command_name: self.command_name.unwrap_or_default(),
            aliases: self.aliases.unwrap_or_default().join(" "),
            ranks: self
                .ranks
                .unwrap_or_default()
                .into_iter()
                .enumerate()
                .map(rank)
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(row: usize, level: &str, name: &str) -> RankInput {
        RankInput {
            row,
            level: level.into(),
            name: name.into(),
            is_default: row == 1,
            is_guest: row == 0,
            ..RankInput::default()
        }
    }

    fn good() -> OrgTypeInput {
        OrgTypeInput {
            type_id: "example.club".into(),
            name: "Club".into(),
            description: "For tests.".into(),
            member_kind: "player".into(),
            modules: vec!["joining".into()],
            access: vec!["log.read".into(), "player.kick".into()],
            ranks: vec![rank(0, "0", "Visitor"), rank(1, "10", "Member")],
            ..OrgTypeInput::default()
        }
    }

    fn problems(input: &OrgTypeInput) -> FieldErrors {
        match input.check() {
            Err(AppError::Invalid(errors)) => errors,
            other => panic!("{input:?} should have been refused: {other:?}"),
        }
    }

    #[test]
    fn ranks_come_out_by_level() {
        let mut input = good();
        input.ranks.push(rank(2, "5", "Between"));
        let names: Vec<String> = input
            .check()
            .map(|of| of.ranks)
            .unwrap_or_default()
            .into_iter()
            .map(|r| r.name)
            .collect();
        assert_eq!(names, ["Visitor", "Between", "Member"]);
    }

    #[test]
    fn every_rule_is_told_at_its_field() {
        type Spoil = fn(&mut OrgTypeInput);
        let cases: [(&str, FieldProblem, Spoil); 20] = [
            ("type_id", FieldProblem::Malformed, |i| {
                i.type_id = "club".into()
            }),
            ("type_id", FieldProblem::Malformed, |i| {
                i.type_id = "Example.club".into()
            }),
            ("name", FieldProblem::Required, |i| i.name = " ".into()),
            ("description", FieldProblem::Required, |i| {
                i.description = String::new()
            }),
            ("member_kind", FieldProblem::Unknown, |i| {
                i.member_kind = "bot".into()
            }),
            ("modules[]", FieldProblem::Unknown, |i| {
                i.modules.push("magic".into())
            }),
            ("access[]", FieldProblem::Unknown, |i| {
                i.access.push("magic.do".into())
            }),
            ("access[]", FieldProblem::Unknown, |i| {
                i.access.push("founders.manage".into())
            }),
            ("command_name", FieldProblem::Malformed, |i| {
                i.command_name = "two words".into()
            }),
            ("aliases", FieldProblem::Malformed, |i| {
                i.aliases = "good Bad".into()
            }),
            ("ranks[1][level]", FieldProblem::Taken, |i| {
                i.ranks[1].level = "0".into()
            }),
            ("ranks[1][level]", FieldProblem::OutOfRange, |i| {
                i.ranks[1].level = "1001".into()
            }),
            ("ranks[1][level]", FieldProblem::Malformed, |i| {
                i.ranks[1].level = "ten".into()
            }),
            ("ranks[1][name]", FieldProblem::Taken, |i| {
                i.ranks[1].name = "VISITOR".into()
            }),
            ("ranks[1][insignia]", FieldProblem::Malformed, |i| {
                i.ranks[1].insignia = "<svg>".into()
            }),
            ("ranks[1][access][]", FieldProblem::Unknown, |i| {
                i.ranks[1].access = vec!["org.manage".into()]
            }),
            ("default", FieldProblem::Required, |i| {
                i.ranks[1].is_default = false
            }),
            ("default", FieldProblem::Taken, |i| {
                i.ranks[0].is_default = true
            }),
            ("guest", FieldProblem::Required, |i| {
                i.ranks[0].is_guest = false
            }),
            ("guest", FieldProblem::Taken, |i| {
                i.ranks[0].is_guest = false;
                i.ranks[1].is_guest = true;
            }),
        ];
        assert!(good().check().is_ok());
        for (field, problem, spoil) in cases {
            let mut input = good();
            spoil(&mut input);
            assert_eq!(
                problems(&input).at(field),
                Some(&problem),
                "{field} in {input:?}"
            );
        }
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_what_is_there() {
        let named = |name: &str| OrgTypeFile {
            name: Some(name.into()),
            ..OrgTypeFile::default()
        };
        let there = OrgTypeFile {
            type_id: Some("example.club".into()),
            ..named("There")
        };
        let all = named("Flag").or(named("File")).or(there);
        assert_eq!(all.name.as_deref(), Some("Flag"));
        assert_eq!(all.type_id.as_deref(), Some("example.club"));
    }
}
