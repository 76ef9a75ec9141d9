//! The one error type that leaves the server, and its parts.
//!
//! Errors are codes with typed data, never prose: without JavaScript they may travel through the
//! browser, and whatever a visitor can forge must not be able to put sentences on the page. The
//! view kit (`ui::words`) turns codes into text.

use super::{access::Missing, time::Instant};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// What a caller is told when a request cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", content = "data", rename_all = "snake_case")]
pub enum AppError {
    /// The command needs a signed-in user.
    SignInRequired,
    /// The actor may know of the thing but lacks a grant (§3.6 says which).
    Forbidden(Missing),
    /// There is no such thing, or the actor may not know of it (§1.5).
    NotFound,
    /// Somebody else was faster, or a rule of the data forbids it.
    Conflict(ConflictCode),
    /// Input that can be corrected, by field.
    Invalid(FieldErrors),
    /// Too many attempts; try again after so many seconds.
    TooMany {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// The server could not do it now; the id finds the cause in its log.
    Unavailable {
        /// Id of the request in the log.
        trace_id: String,
    },
    /// The request did not arrive, or not in the expected form.
    Transport,
}

/// Why the state of the data does not allow a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum ConflictCode {
    /// The row was changed since it was read.
    Stale,
    /// The player has been moved meanwhile and is now in this group (or in none).
    PlayerMoved {
        /// Name of the group the player is in now.
        now_in: Option<String>,
    },
    /// The player is already in the group.
    AlreadyMember,
    /// A singular role is held by somebody (§4.4).
    RoleTaken {
        /// Common name of the holder, when known.
        holder: Option<String>,
    },
    /// The position is filled (§4.5).
    PositionTaken {
        /// Common name of the holder, when known.
        holder: Option<String>,
    },
    /// The move would make a group its own ancestor (§4.1).
    Cycle,
    /// The group still has members or subgroups.
    GroupNotEmpty,
    /// The group is retired and takes no members.
    GroupRetired,
    /// A group needs at least one role.
    LastRole,
    /// The role or position is still held by somebody.
    InUse,
    /// The player is claimed by a user already (§2.2).
    AlreadyClaimed,
    /// This user is a player of the organisation already (§2.2).
    AlreadyPlayer,
    /// The event cannot be undone (any more).
    NotUndoable,
    /// The event was undone before.
    AlreadyUndone,
    /// Founders can be neither removed nor replaced this way (§3.1).
    FounderProtected,
    /// The organisation has groups already, so no starting shape can be applied.
    AlreadyShaped,
    /// Another import is running.
    ImportRunning,
    /// The rank is the default or the guest rank, which every organisation needs (§3.2).
    RankNeeded,
    /// Somebody is asking to join already (§5.1).
    AlreadyRequested,
    /// The request was answered or withdrawn, and nothing changes it any more (§5.1).
    RequestActioned,
    /// The group takes nobody who asks (§5.1).
    GroupClosed,
    /// The group above has no role that anybody could get: each leads, grants something or has one
    /// holder (§4.7).
    NoOrdinaryRole,
    /// The player belongs to the organisation no more.
    PlayerGone,
    /// The user belongs to this other organisation of a type that allows only one (§1.6).
    OtherOrg {
        /// Its name.
        org: String,
    },
    /// The founder must hand the founding over first (§3.1).
    FounderStays,
    /// The plan is older than what it would change; it must be looked at again (§4.8).
    PlanStale,
    /// The organisation is named like a user other than its founder-to-be (§1.4, §3.1).
    NamedAfterFounder,
    /// More memberships would end than were agreed to (§4.8).
    PruneLimit {
        /// How many would end.
        ended: u32,
    },
    /// The person who asked belongs to another organisation of a type that allows only one (§1.6).
    /// Whoever answers is not told which.
    BelongsElsewhere,
    /// It is too late for anything but signing off (§9.3).
    AnswersClosed,
    /// They have answered already, or there is a guest of this name (§9.3).
    AlreadyAnswered,
    /// Only whoever comes to the operation and has a place there can do this (§9.3).
    NotComing,
    /// Somebody has the billet (§9.4).
    BilletTaken {
        /// Their name.
        holder: String,
    },
    /// Only a leader fills the billet, or nobody (§9.4).
    BilletHeld {
        /// Why, or for whom; may be empty.
        note: String,
    },
    /// The person does not meet what the billet needs (§9.4).
    BilletNeeds {
        /// What is missing, as the rule's explanation says it.
        lacks: String,
    },
    /// The billet opens to the person later (§9.4).
    BilletNotYet {
        /// When.
        opens: Instant,
    },
    /// Leaders fill the billets of this operation (§9.4).
    BilletByLeaders,
    /// The person has another billet (§9.4).
    HasBillet,
    /// The change gives recorded entries another value, and nobody agreed to that (§9.6).
    Revalues {
        /// How many.
        entries: i64,
    },
    /// No state of attendance is used for this (§9.6).
    StateNeeded {
        /// For what, as people read it.
        used_for: String,
    },
    /// The days overlap those of another leave of the same person (§6.4).
    LeaveOverlaps,
    /// Nothing is missing, or the operation is long over (§9.6).
    NothingToAppeal,
    /// The operation has not begun, so nobody has attended it yet (§9.6).
    NotBegun,
    /// The operation is in a state that does not allow it (§9.1).
    OperationState {
        /// The state, as people read it.
        state: String,
    },
}

/// What is wrong with one field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum FieldProblem {
    /// Nothing was entered.
    Required,
    /// Longer than allowed.
    TooLong {
        /// Greatest number of characters.
        max: u32,
    },
    /// Shorter than allowed.
    TooShort {
        /// Least number of characters.
        min: u32,
    },
    /// Contains a character that is not allowed there.
    BadCharacter {
        /// The characters, escaped for display.
        found: String,
    },
    /// Fewer than half of the characters are letters or digits (§2.1).
    TooFewLetters,
    /// Leading, trailing or double space.
    Spaces,
    /// Not of the expected form.
    Malformed,
    /// Somebody has it already.
    Taken,
    /// Kept by the installation (§1.4).
    Reserved,
    /// Equals the name of another user (§1.4).
    UserName,
    /// A password known from leaks or made of the user's own name.
    CommonPassword,
    /// Old password, or name and password together, are wrong.
    WrongPassword,
    /// Does not name an existing thing.
    Unknown,
    /// A line of a text cannot be read.
    AtLine {
        /// Which, from 1; 0 for the whole text.
        line: u32,
        /// What is wrong with it.
        what: String,
    },
    /// Outside the allowed range.
    OutOfRange,
    /// Not what had to be typed to confirm.
    Mismatch,
    /// Names that nobody has here (§9.6).
    UnknownNames {
        /// They, as they were typed, shortened.
        names: Vec<String>,
    },
    /// The rule by which it comes again does not name this day (§9.1).
    NotInRule,
}

/// Problems by field name, in the order of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldErrors(pub Vec<(String, FieldProblem)>);

impl FieldErrors {
    /// One problem at one field.
    #[must_use]
    pub fn one(field: &str, problem: FieldProblem) -> Self {
        Self(vec![(field.to_owned(), problem)])
    }

    /// Notes the problem of a failed check and passes the value of a good one on.
    pub fn check<T>(&mut self, field: &str, result: Result<T, FieldProblem>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problem) => {
                self.0.push((field.to_owned(), problem));
                None
            }
        }
    }

    /// The problem at this field, if any.
    #[must_use]
    pub fn at(&self, field: &str) -> Option<&FieldProblem> {
        self.0
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, problem)| problem)
    }

    /// `Err(Invalid)` when any problem was noted.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with all problems noted so far.
    pub fn into_result(self) -> Result<(), AppError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(AppError::Invalid(self))
        }
    }
}

impl AppError {
    /// An [`AppError::Invalid`] with a single field.
    #[must_use]
    pub fn field(field: &str, problem: FieldProblem) -> Self {
        Self::Invalid(FieldErrors::one(field, problem))
    }

    /// The HTTP status of this error (RFC 9110 §15; 422 for correctable input).
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::SignInRequired => 401,
            Self::Forbidden(_) => 403,
            Self::NotFound => 404,
            Self::Conflict(_) => 409,
            Self::Invalid(_) => 422,
            Self::TooMany { .. } => 429,
            Self::Unavailable { .. } => 503,
            Self::Transport => 400,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Transport
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for AppError {}
