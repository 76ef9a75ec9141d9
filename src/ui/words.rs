//! Every code as a sentence: what is missing and what to do. The only place with such texts.

use crate::domain::{
    AppError, ConflictCode, FieldProblem,
    access::{AccessSet, Action, Missing},
};

/// An error as one or two sentences.
#[must_use]
pub fn error(error: &AppError) -> String {
    match error {
        AppError::SignInRequired => "Log in first.".into(),
        AppError::Forbidden(missing) => self::missing(*missing),
        AppError::NotFound => "There is nothing here (any more).".into(),
        AppError::Conflict(code) => conflict(code),
        AppError::Invalid(errors) => match errors.0.len() {
            1 => "One field needs you.".into(),
            count => format!("{count} fields need you."),
        },
        AppError::TooMany { retry_after } => {
            format!("Too many attempts. Try again in {}.", wait(*retry_after))
        }
        AppError::Unavailable { trace_id } => format!(
            "Muster could not do this now. Try again; if it stays, tell the operator the number {trace_id}."
        ),
        AppError::Transport => {
            "The request did not arrive. Check your connection, reload the page and try again."
                .into()
        }
    }
}

/// What an access set lets somebody do.
#[must_use]
pub fn access(access: AccessSet) -> String {
    if access.is_empty() {
        return "May do nothing beyond what everybody may".into();
    }
    let labels: Vec<&str> = access.iter().map(Action::label).collect();
    ["May ", &labels.join("; ")].concat()
}

fn wait(seconds: u32) -> String {
    match seconds {
        0..=1 => "a second".into(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

/// What the actor would need.
#[must_use]
pub fn missing(missing: Missing) -> String {
    let text = match missing {
        Missing::Founder => "Only the founder may do this.",
        Missing::Access(action) => {
            return ["Your rank does not let you ", action.label(), "."].concat();
        }
        Missing::AccessHere(action) => {
            let manager = match action {
                Action::AssignMembers => ", or being its manager",
                _ => "",
            };
            return [
                "To ",
                action.label(),
                " here you need a leading role in the group or above it",
                manager,
                ", or a rank that allows it.",
            ]
            .concat();
        }
        Missing::Level => "Only somebody whose rank reaches above theirs may do this.",
        Missing::NewLevel => "Your rank does not reach up to that one.",
        Missing::ToGive(action) => {
            return [
                "You cannot give what you do not have yourself: to ",
                action.label(),
                ".",
            ]
            .concat();
        }
        Missing::Other => "Nobody does this to themself. Ask somebody of a higher rank.",
        Missing::Protected => {
            "Nobody acts on the founder, and only the founder acts on co-founders."
        }
        Missing::Membership => "Only members of the organisation may do this.",
        Missing::NotBanned => {
            "You were banned from this organisation. Only its leaders can bring you back."
        }
        Missing::OwnEyes => {
            "You are looking through somebody else's eyes, so nothing can be changed. Stop that first."
        }
        Missing::SiteAdmin => "Only administrators of this installation may do this.",
    };
    text.into()
}

/// What stands in the way.
#[must_use]
pub fn conflict(code: &ConflictCode) -> String {
    let holder = |name: &Option<String>| match name {
        Some(name) => format!("{name} has"),
        None => "Somebody has".into(),
    };
    let text = match code {
        ConflictCode::Stale => {
            "Somebody changed this while you were working on it. Look at the new state and try again."
        }
        ConflictCode::PlayerMoved {
            now_in: Some(group),
        } => {
            return format!("Somebody was faster: the player is in {group} now.");
        }
        ConflictCode::PlayerMoved { now_in: None } => {
            "Somebody was faster: the player was moved meanwhile. Look at the new state and try again."
        }
        ConflictCode::AlreadyMember => "Already there: nothing was changed.",
        ConflictCode::RoleTaken { holder: name } => {
            return format!(
                "{} this role already, and only one person can.",
                holder(name)
            );
        }
        ConflictCode::PositionTaken { holder: name } => {
            return format!("{} this position already.", holder(name));
        }
        ConflictCode::Cycle => "A group cannot be moved under itself or one of its own subgroups.",
        ConflictCode::GroupNotEmpty => {
            "The group still has members or subgroups. Move them first, or say where they go."
        }
        ConflictCode::GroupRetired => {
            "The group is retired and takes no members. Bring it back first."
        }
        ConflictCode::LastRole => "A group needs at least one role.",
        ConflictCode::InUse => "Somebody still holds it. Give them another role or position first.",
        ConflictCode::AlreadyClaimed => "This player belongs to a user already.",
        ConflictCode::AlreadyPlayer => "You have a player in this organisation already.",
        ConflictCode::NotUndoable => "This cannot be undone any more: later changes depend on it.",
        ConflictCode::AlreadyUndone => "This was undone already.",
        ConflictCode::FounderProtected => "The founder cannot be removed or replaced this way.",
        ConflictCode::AlreadyShaped => {
            "The organisation has groups already, so no starting shape can be applied."
        }
        ConflictCode::RankNeeded => {
            "Every organisation needs its default and its guest rank. Make another one that first."
        }
        ConflictCode::AlreadyRequested => "Asked already: the request waits for an answer.",
        ConflictCode::RequestActioned => {
            "This request was answered or withdrawn, and nothing changes it any more."
        }
        ConflictCode::GroupClosed => "This group takes nobody who asks. Its managers add people.",
        ConflictCode::NoOrdinaryRole => {
            "The group above has no ordinary role for these people. Add one first, or remove them."
        }
        ConflictCode::PlayerGone => "This player belongs to the organisation no more.",
        ConflictCode::OtherOrg { org } => {
            return format!(
                "One organisation of this type is allowed for each person, and {org} is it. Leave it first."
            );
        }
        ConflictCode::FounderStays => "The founder cannot leave. Hand the founding over first.",
        ConflictCode::PlanStale => "Things have changed since this was planned. Look at it again.",
        ConflictCode::NamedAfterFounder => {
            "The organisation has the name of another user, which only that user's own organisation may have. Give it another name first."
        }
        ConflictCode::PruneLimit { ended } => {
            return format!(
                "{ended} memberships would end, which is more than was agreed to. Nothing was changed."
            );
        }
        ConflictCode::ImportRunning => "Another import is running. Wait until it is done.",
        ConflictCode::AnswersClosed => "It is too late to sign up. You can still sign off.",
        ConflictCode::AlreadyAnswered => "They are on the list already.",
        ConflictCode::NotComing => {
            "Only for those who come and have a place: answer the operation first."
        }
        ConflictCode::BilletTaken { holder } => {
            return format!("Somebody was faster: {holder} has this billet.");
        }
        ConflictCode::BilletHeld { note } if note.is_empty() => "This billet is not free to take.",
        ConflictCode::BilletHeld { note } => {
            return ["This billet is not free to take: ", note, "."].concat();
        }
        ConflictCode::BilletNeeds { lacks } => {
            return ["You do not meet what this billet needs: ", lacks, "."].concat();
        }
        ConflictCode::BilletNotYet { opens } => {
            let at = crate::domain::time::rfc3339(*opens);
            return [
                "This billet opens to you later: ",
                &at.replace('T', " "),
                ".",
            ]
            .concat();
        }
        ConflictCode::BilletByLeaders => "The leaders of this operation fill its billets.",
        ConflictCode::HasBillet => "They have another billet of this operation already.",
        ConflictCode::Revalues { entries } => {
            let entries = match entries {
                1 => "1 recorded entry gets".to_owned(),
                count => format!("{count} recorded entries get"),
            };
            return format!("{entries} another value by this. Agree to it below and save again.");
        }
        ConflictCode::StateNeeded { used_for } => {
            return format!(
                "No state of attendance is used for this: {}. Choose one first.",
                used_for.to_lowercase()
            );
        }
        ConflictCode::LeaveOverlaps => {
            "You have leave, or have asked for it, on some of these days. Choose others, or end that one first."
        }
        ConflictCode::NothingToAppeal => {
            "Nothing is missing of your attendance, or the operation is too long ago."
        }
        ConflictCode::NotBegun => {
            "The operation has not begun yet, so nobody can have been there. Come back when it has."
        }
        ConflictCode::OperationState { state } => {
            return format!(
                "This is not possible: the operation is {} now.",
                state.to_lowercase()
            );
        }
        ConflictCode::BelongsElsewhere => {
            "They joined another organisation of this type meanwhile, and only one is allowed."
        }
    };
    text.into()
}

/// What is wrong with a field.
#[must_use]
pub fn problem(problem: &FieldProblem) -> String {
    let text = match problem {
        FieldProblem::Required => "Fill this in.",
        FieldProblem::TooLong { max } => return format!("At most {max} characters."),
        FieldProblem::TooShort { min } => return format!("At least {min} characters."),
        FieldProblem::BadCharacter { found } => {
            return format!("The character {found} is not allowed here.");
        }
        FieldProblem::TooFewLetters => "More than half of it must be letters or digits.",
        FieldProblem::Spaces => "No spaces at the beginning or end, and no two in a row.",
        FieldProblem::Malformed => "This does not have the expected form.",
        FieldProblem::Taken => "Taken already. Choose another.",
        FieldProblem::Reserved => "This name is reserved. Choose another.",
        FieldProblem::UserName => "This is another user's name. Choose another.",
        FieldProblem::CommonPassword => {
            "Too easy to guess: it is a well-known password or made of your own name."
        }
        FieldProblem::WrongPassword => "That is not right. Check it and try again.",
        FieldProblem::Unknown => "There is no such thing here. Choose one from the list.",
        FieldProblem::AtLine { line: 0, what } => return [what.as_str(), "."].concat(),
        FieldProblem::AtLine { line, what } => return format!("Line {line}: {what}."),
        FieldProblem::OutOfRange => "Outside of the allowed range.",
        FieldProblem::UnknownNames { names } => {
            return format!(
                "Nobody here has these names: {}. Correct them, or leave them out.",
                names.join(", ")
            );
        }
        FieldProblem::NotInRule => "The rule by which it comes again does not name this day.",
        FieldProblem::Mismatch => "This is not it. Type exactly what is asked for.",
    };
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_said_coarsely() {
        assert_eq!(wait(1), "a second");
        assert_eq!(wait(3), "3 seconds");
        assert_eq!(wait(600), "10 minutes");
    }
}
