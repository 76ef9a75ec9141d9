//! What pages of attendance are given.

use super::{AppealState, Meaning, Source, Sums, Tone, UsedFor};
use crate::{
    domain::{
        AppealId, AttendanceStateId, CorrectionId, GroupId, OperationId, PlayerId, time::Instant,
    },
    features::{
        operations::model::{
            Answer,
            pages::{CategoryMark, OperationHead},
        },
        roster::model::pages::GroupChoice,
    },
};
use serde::{Deserialize, Serialize};

/// A state to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateChoice {
    /// Its id.
    pub id: AttendanceStateId,
    /// Its name.
    pub name: String,
    /// Its short form.
    pub abbreviation: String,
    /// How it is drawn.
    pub tone: Tone,
    /// It was deleted and stands here because entries have it.
    pub deleted: bool,
}

/// A person on the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetRow {
    /// Who.
    pub player: PlayerId,
    /// Their name.
    pub name: String,
    /// The rank they held.
    pub rank: String,
    /// What they answered.
    pub answer: Answer,
    /// What is recorded.
    pub state: Option<AttendanceStateId>,
    /// What stands there before anything is recorded: the state for leave of those on leave.
    pub offered: Option<AttendanceStateId>,
    /// Version of the entry; 0 without one.
    pub version: i64,
    /// Where the entry comes from.
    pub source: Option<Source>,
    /// The viewer may record them.
    pub may: bool,
}

/// The people of one group then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetGroup {
    /// The group, if the viewer sees it.
    pub group: Option<GroupId>,
    /// Its name then; for those in no group, or in one that the viewer does not see, empty.
    pub name: String,
    /// Its people, by name.
    pub rows: Vec<SheetRow>,
}

/// The viewer's own appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyAppeal {
    /// Its id.
    pub id: AppealId,
    /// Where it stands.
    pub state: AppealState,
    /// What they wrote.
    pub text: String,
    /// What was answered.
    pub answer: String,
    /// By whom.
    pub by: String,
}

/// What concerns the viewer themself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyAttendance {
    /// Their player.
    pub player: PlayerId,
    /// What is recorded of them.
    pub state: Option<AttendanceStateId>,
    /// Their latest appeal.
    pub appeal: Option<MyAppeal>,
    /// They may make one.
    pub can_appeal: bool,
}

/// An open check-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCheckIn {
    /// Until when.
    pub until: Instant,
}

/// The sheet of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetPage {
    /// The head of the operation.
    pub head: OperationHead,
    /// The states to choose from, and deleted ones that entries have.
    pub states: Vec<StateChoice>,
    /// The people.
    pub groups: Vec<SheetGroup>,
    /// It has begun and takes place.
    pub open: bool,
    /// The viewer may record somebody.
    pub may: bool,
    /// The viewer may record anybody, open a check-in, and see what was corrected.
    pub may_all: bool,
    /// How many are recorded with each state.
    pub counts: Vec<(AttendanceStateId, u32)>,
    /// The viewer may open a check-in.
    pub may_check_in: bool,
    /// The check-in that is open.
    pub check_in: Option<OpenCheckIn>,
    /// What concerns the viewer themself.
    pub mine: Option<MyAttendance>,
}

/// A state on the page where states are changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateLine {
    /// What others show of it.
    pub choice: StateChoice,
    /// What it means.
    pub meaning: Meaning,
    /// For what Muster uses it.
    pub used_for: UsedFor,
    /// Entries that have it.
    pub entries: i64,
    /// For optimistic locking.
    pub version: i64,
}

/// The page of states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatesPage {
    /// All states, in order.
    pub states: Vec<StateLine>,
    /// The viewer may change them.
    pub may: bool,
}

/// What a table of figures is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// People.
    #[default]
    People,
    /// Groups, with those below them.
    Groups,
    /// Categories of operations.
    Categories,
}

impl By {
    /// Reads the word of an address.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "groups" => Self::Groups,
            "categories" => Self::Categories,
            _ => Self::People,
        }
    }

    /// The word of an address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Groups => "groups",
            Self::Categories => "categories",
        }
    }
}

/// A line of figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureLine {
    /// What it is about.
    pub name: String,
    /// Where more of it is to be seen.
    pub href: Option<String>,
    /// The person's group now; the group's ident.
    pub meta: String,
    /// The mark of a category.
    pub mark: Option<CategoryMark>,
    /// The figures.
    pub sums: Sums,
}

/// The page of figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiguresPage {
    /// What it is about.
    pub by: By,
    /// Part of a name that was asked for.
    pub text: String,
    /// The group that was asked for.
    pub group: Option<GroupId>,
    /// Groups to ask for.
    pub groups: Vec<GroupChoice>,
    /// The lines.
    pub lines: Vec<FigureLine>,
    /// Lines before the first.
    pub from: u32,
    /// The next page begins here.
    pub next: Option<u32>,
    /// The viewer may see what was corrected.
    pub may_review: bool,
}

/// An operation that somebody attended or missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonEntry {
    /// Which.
    pub operation: OperationId,
    /// Its title.
    pub title: String,
    /// When it began.
    pub at: Instant,
    /// Name of the state.
    pub state: String,
    /// How it is drawn.
    pub tone: Tone,
    /// The group it is credited to, if the viewer sees it.
    pub group: String,
}

/// A person's part: figures and the latest entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonPage {
    /// The figures.
    pub sums: Sums,
    /// The latest operations that the viewer sees.
    pub entries: Vec<PersonEntry>,
}

/// An appeal that waits for the viewer's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingAppeal {
    /// Its id.
    pub id: AppealId,
    /// Whose.
    pub player: PlayerId,
    /// Their name.
    pub name: String,
    /// The operation.
    pub operation: OperationId,
    /// Its title.
    pub title: String,
    /// What is recorded; empty when nothing is.
    pub state: String,
    /// What they wrote.
    pub text: String,
    /// When.
    pub at: Instant,
}

/// A correction to review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionLine {
    /// Its id.
    pub id: CorrectionId,
    /// The operation.
    pub operation: OperationId,
    /// Its title.
    pub title: String,
    /// Whose entry.
    pub player: PlayerId,
    /// Their name.
    pub name: String,
    /// What it was.
    pub before: String,
    /// What it is.
    pub after: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// Long after the operation.
    pub late: bool,
    /// Somebody looked at it.
    pub reviewed: bool,
}

/// The page of corrections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionsPage {
    /// Newest first, those nobody looked at before all others.
    pub lines: Vec<CorrectionLine>,
}

/// The page of a check-in link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckInPage {
    /// The operation.
    pub operation: OperationId,
    /// Its title.
    pub title: String,
    /// Until when it is open.
    pub until: Instant,
    /// What is recorded of the viewer already.
    pub state: Option<String>,
}

/// The page of the after-action report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPage {
    /// The sheet with the head of the operation: the form has attendance, too.
    pub sheet: SheetPage,
    /// The report as safe HTML; empty when there is none.
    pub html: String,
    /// The report as written, for those who may change it.
    pub text: String,
    /// Who filed it, and when.
    pub filed: Option<(String, Instant)>,
    /// Version of the report; 0 without one.
    pub version: i64,
    /// The viewer may file it.
    pub may: bool,
}
