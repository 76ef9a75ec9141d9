//! The files of an import and the choices that go with them, as they arrive and as a run keeps
//! them.

use super::model::{self, DEFAULT_LEADERSHIP_ROLES, Files, InputFile};
use crate::domain::time::Instant;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use uuid::Uuid;

/// Greatest size of one file in MB.
pub const MAX_MEGABYTES: usize = 16;
/// Greatest size of one file in bytes.
pub const MAX_BYTES: usize = MAX_MEGABYTES * 1024 * 1024;
/// Longest list of role names, in characters.
const MAX_ROLES: usize = 4_000;

/// A file that is held in memory. It may be one byte longer than allowed, never more: that is how
/// the rules know that there was more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upload {
    /// Its name as problems show it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The files of one import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uploads {
    /// Groups.
    pub groups: Upload,
    /// Memberships.
    pub memberships: Upload,
    /// Players, if any were given.
    pub players: Option<Upload>,
}

impl Upload {
    fn as_input(&self) -> InputFile<'_> {
        InputFile {
            name: &self.name,
            bytes: &self.bytes,
        }
    }
}

impl Uploads {
    /// As the rules take them.
    #[must_use]
    pub fn as_files(&self) -> Files<'_> {
        Files {
            groups: self.groups.as_input(),
            memberships: self.memberships.as_input(),
            players: self.players.as_ref().map(Upload::as_input),
        }
    }

    /// As a run keeps them; empty when a file is no text, which cannot be imported anyway.
    #[must_use]
    pub fn to_stored(&self) -> String {
        let text = |file: &Upload| {
            let text = std::str::from_utf8(&file.bytes).ok()?.to_owned();
            Some(StoredFile {
                name: file.name.clone(),
                text,
            })
        };
        let files: Option<Vec<StoredFile>> = [
            Some(&self.groups),
            Some(&self.memberships),
            self.players.as_ref(),
        ]
        .into_iter()
        .flatten()
        .map(text)
        .collect();
        files
            .and_then(|files| serde_json::to_string(&files).ok())
            .unwrap_or_default()
    }

    /// From what a run kept.
    #[must_use]
    pub fn from_stored(stored: &str) -> Option<Self> {
        let files: Vec<StoredFile> = serde_json::from_str(stored).ok()?;
        let mut files = files.into_iter().map(|file| Upload {
            name: file.name,
            bytes: file.text.into_bytes(),
        });
        Some(Self {
            groups: files.next()?,
            memberships: files.next()?,
            players: files.next(),
        })
    }

    /// The names of the files.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let players = self.players.iter();
        [&self.groups, &self.memberships]
            .into_iter()
            .chain(players)
            .map(|f| f.name.clone())
            .collect()
    }
}

#[derive(Serialize, Deserialize)]
struct StoredFile {
    name: String,
    text: String,
}

/// The choices of one import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// Names that differ only in case are one person.
    pub merge_case: bool,
    /// Role names that become leadership; the usual words when absent.
    pub leadership_roles: Option<Vec<String>>,
    /// Nothing is written when any row has an error.
    pub strict: bool,
    /// Memberships that the files do not name end (§4.8).
    pub prune: bool,
    /// How many may end at most; the limit of all bulk changes when absent.
    pub prune_limit: Option<u32>,
}

impl Choices {
    /// As the rules take them. The memberships of these people never end by an import.
    #[must_use]
    pub fn to_options(&self, now: Instant, kept: HashSet<Uuid>) -> model::Options {
        let mut options = model::Options::at(now);
        options.merge_similar_names = self.merge_case;
        options.max_bytes = MAX_BYTES;
        options.prune = self.prune.then_some(kept);
        if let Some(roles) = &self.leadership_roles {
            options.leadership_roles.clone_from(roles);
        }
        options
    }
}

/// Role names from a list with commas or line breaks.
#[must_use]
pub fn read_role_names(text: &str) -> Vec<String> {
    let text: String = text.chars().take(MAX_ROLES).collect();
    text.split([',', '\n'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The usual role names as such a list.
#[must_use]
pub fn default_role_names() -> String {
    DEFAULT_LEADERSHIP_ROLES.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(name: &str, bytes: &[u8]) -> Upload {
        Upload {
            name: name.into(),
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn kept_files_come_back_byte_for_byte() {
        let mut uploads = Uploads {
            groups: upload("g.csv", b"\xef\xbb\xbfgroup,parent\r\n\"\0\\\",\n"),
            memberships: upload("m.csv", "player,group,role\nÄ,b,c".as_bytes()),
            players: None,
        };
        assert_eq!(
            Uploads::from_stored(&uploads.to_stored()).as_ref(),
            Some(&uploads)
        );
        assert!(
            !uploads.to_stored().contains('\0'),
            "PostgreSQL keeps no NUL in a text"
        );
        uploads.players = Some(upload("p.csv", b""));
        assert_eq!(
            Uploads::from_stored(&uploads.to_stored()).as_ref(),
            Some(&uploads)
        );
        uploads.players = Some(upload("p.csv", b"\xff"));
        assert_eq!(uploads.to_stored(), "");
        assert_eq!(Uploads::from_stored(""), None);
    }

    #[test]
    fn role_names_are_read_from_a_list() {
        assert_eq!(
            read_role_names(" lead , co-lead\r\n\n,head"),
            ["lead", "co-lead", "head"]
        );
        assert_eq!(
            read_role_names(&default_role_names()),
            DEFAULT_LEADERSHIP_ROLES
        );
    }
}
