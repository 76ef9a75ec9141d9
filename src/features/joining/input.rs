//! Commands of joining as they arrive, and what can be said of them without the database.

use super::model::limits;
use crate::domain::{AppError, FieldProblem, GroupId, MembershipId, RequestId, name};

/// Joins groups, or asks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinGroups {
    /// Which.
    pub groups: Vec<GroupId>,
    /// A word to those who answer; kept with each request.
    pub note: String,
    /// The name to have here; the call sign when empty. Only for who has no player yet.
    pub common_name: String,
}

/// Answers a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRequest {
    /// Which.
    pub request_id: RequestId,
    /// A word to who asked; needed to decline.
    pub note: String,
    /// Another name for a newcomer, when theirs was taken meanwhile.
    pub common_name: String,
}

/// Ends one's own membership of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaveGroup {
    /// Which.
    pub membership_id: MembershipId,
    /// Why, if they want to say.
    pub reason: String,
}

/// Ends one's belonging to the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaveOrg {
    /// They mean it.
    pub sure: bool,
    /// Why, if they want to say.
    pub reason: String,
}

/// Checks a note that may be empty.
///
/// # Errors
/// What is wrong with it.
pub fn note(field: &str, text: &str) -> Result<String, AppError> {
    name::text(text.trim(), 0, limits::NOTE).map_err(|problem| AppError::field(field, problem))
}

impl JoinGroups {
    /// The groups, each once, in order.
    ///
    /// # Errors
    /// None or too many.
    pub fn distinct(&self) -> Result<Vec<GroupId>, AppError> {
        let mut distinct: Vec<GroupId> = Vec::new();
        for group in &self.groups {
            if !distinct.contains(group) {
                distinct.push(*group);
            }
        }
        match distinct.len() {
            0 => Err(AppError::field("groups[]", FieldProblem::Required)),
            count if count > limits::AT_ONCE => {
                Err(AppError::field("groups[]", FieldProblem::OutOfRange))
            }
            _ => Ok(distinct),
        }
    }
}
