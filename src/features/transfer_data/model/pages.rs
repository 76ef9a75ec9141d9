//! What the pages of the import are given: texts and counts, ready to be shown.

use crate::domain::{ImportId, time::Instant};
use serde::{Deserialize, Serialize};

/// How far a run is (§19.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// The files were read and compared; nothing was written.
    Checked,
    /// It is being written.
    Running,
    /// It was written, as a whole.
    Done,
    /// It was given up; nothing was written.
    Failed,
}

impl RunState {
    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Checked => "checked",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// Reads the stored form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Checked, Self::Running, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// The page where an import begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPage {
    /// Role names that become leadership unless others are given, separated by commas.
    pub leadership_roles: String,
    /// Greatest size of one file in MB.
    pub max_megabytes: u32,
    /// The newest runs, newest first.
    pub runs: Vec<RunLine>,
}

/// A run in the list of runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunLine {
    /// Its id.
    pub id: ImportId,
    /// When the files came.
    pub created: Instant,
    /// How far it is.
    pub state: RunState,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunPage {
    /// Its id.
    pub id: ImportId,
    /// How far it is.
    pub state: RunState,
    /// When the files came.
    pub created: Instant,
    /// When it was done or given up.
    pub finished: Option<Instant>,
    /// Names of the files, separated by commas.
    pub files: String,
    /// Groups, players, memberships, roles.
    pub counts: Vec<CountLine>,
    /// The listed problems.
    pub problems: Vec<ProblemLine>,
    /// All problems.
    pub problem_count: u32,
    /// Groups that have no description yet (§4.1).
    pub empty_descriptions: u32,
    /// Memberships that end because no row names them (§4.8).
    pub memberships_ended: u32,
    /// The listed ones: whose, and in which group.
    pub ended: Vec<(String, String)>,
    /// The number of them must be typed.
    pub must_type: bool,
    /// Rows that can be imported.
    pub valid_rows: u32,
    /// Rows, people and roles that are new or changed.
    pub changes: u32,
    /// The files are still there, and the run can be started or tried again.
    pub is_open: bool,
    /// A file could not be read at all.
    pub refused: bool,
    /// Rows written so far.
    pub done_rows: u32,
    /// Rows to write; 0 while that is not known yet.
    pub total_rows: u32,
}

/// One line of the table of counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountLine {
    /// What is counted.
    pub label: String,
    /// New, changed, as it was, left out.
    pub counts: [u32; 4],
}

/// One line of the table of problems.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemLine {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// For programs.
    pub code: String,
    /// The row was left out.
    pub is_error: bool,
    /// What is wrong and what to do.
    pub text: String,
}
