//! Ending a request: approved or declined by those who may assign members, withdrawn by whoever
//! made it (§5.1).

use super::{Told, end_request, module_is_on, tell};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, RequestId,
        access::{Action, Missing},
        event::{EventData, EventKind, EventLine, Outcome},
    },
    features::{
        joining::{
            input::{self, AnswerRequest},
            model::RequestState,
            store::{self, RequestRow},
        },
        roster::{
            self,
            access::{Authorised, authorise},
            read_model::Who,
        },
    },
    server::{Ctx, Failure, Result, db::Write, events, tenancy},
};

/// Lets the person in: they become a player if they are none, and a member.
///
/// # Errors
/// No such request for the actor, no right to assign members there, it was answered or withdrawn
/// meanwhile, the group is retired or has no ordinary role, the name was taken, or the person may
/// not belong to the organisation (any more).
pub async fn approve_request(ctx: &Ctx, input: AnswerRequest) -> Result<Outcome> {
    module_is_on(ctx)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (request, group) = answerable(&mut tx, ctx, input.request_id).await?;
    let answer = input::note("note", &input.note)?;
    let approved = RequestState::Approved;
    end_request(&mut tx, ctx, request.request_id, approved, &answer).await?;
    if group.retired {
        return Err(ConflictCode::GroupRetired.into());
    }
    let name = match input.common_name.trim() {
        "" => request.common_name.as_str(),
        other => other,
    };
    let player = roster::service::become_player(&mut tx, ctx, request.user_id, name)
        .await
        .map_err(as_told_to_who_answers)?;
    let known = roster::service::user_player(&mut tx, request.user_id).await?;
    let told = Told {
        request: request.request_id,
        group: request.group_id,
        group_name: group.name,
        player: Some(player),
        name: known.map_or(request.common_name, |known| known.common_name),
        reason: answer,
    };
    let line = tell(&mut tx, ctx, EventKind::JoinApproved, told).await?;
    match roster::service::enter_group(&mut tx, ctx, player, request.group_id).await {
        // Somebody added them meanwhile: what they asked for is so.
        Ok(_) | Err(Failure::App(AppError::Conflict(ConflictCode::AlreadyMember))) => {}
        Err(failure) => return Err(failure),
    }
    events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome {
        event: Some(line),
        ..Outcome::default()
    })
}

/// Does not let the person in, and says why.
///
/// # Errors
/// No such request for the actor, no right to assign members there, no note, or it was answered or
/// withdrawn meanwhile.
pub async fn decline_request(ctx: &Ctx, input: AnswerRequest) -> Result<Outcome> {
    module_is_on(ctx)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (request, group) = answerable(&mut tx, ctx, input.request_id).await?;
    let answer = input::note("note", &input.note)?;
    if answer.is_empty() {
        return Err(AppError::field("note", FieldProblem::Required).into());
    }
    let declined = RequestState::Declined;
    end_request(&mut tx, ctx, request.request_id, declined, &answer).await?;
    let told = Told {
        request: request.request_id,
        group: request.group_id,
        group_name: group.name,
        player: request.player_id,
        name: request.common_name,
        reason: answer,
    };
    let line = tell(&mut tx, ctx, EventKind::JoinDeclined, told).await?;
    events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome {
        event: Some(line),
        ..Outcome::default()
    })
}

/// Takes one's own request back.
///
/// # Errors
/// Not signed in, no such request of theirs, or it was answered meanwhile.
pub async fn withdraw_request(ctx: &Ctx, id: RequestId) -> Result<Outcome> {
    module_is_on(ctx)?;
    let user = ctx.user()?.id;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let request = store::get(&mut tx, id).await?;
    if request.user_id != user {
        return Err(Failure::App(AppError::NotFound));
    }
    end_request(&mut tx, ctx, id, RequestState::Withdrawn, "").await?;
    let facts = tenancy::facts(&mut tx, ctx).await?;
    let roster = roster::service::roster_in(&mut tx, ctx).await?;
    let shows = roster.visible_to(Who::of(&facts)).has(request.group_id);
    let told = Told {
        request: id,
        group: request.group_id,
        group_name: request.group_name,
        player: request.player_id,
        name: request.common_name,
        reason: String::new(),
    };
    let line = tell(&mut tx, ctx, EventKind::JoinWithdrawn, told).await?;
    events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome {
        event: Some(if shows { line } else { without_group(line) }),
        ..Outcome::default()
    })
}

/// The event for somebody who may no longer know of the group, whose name may be another by now.
fn without_group(line: EventLine) -> EventLine {
    EventLine {
        text: "Withdrew the request".to_owned(),
        group_id: None,
        data: EventData {
            group: None,
            ..line.data
        },
        ..line
    }
}

/// A request that the actor may answer. The check of the group comes before anything is said about
/// the request, and is the same that decides what stands in the inbox.
async fn answerable(tx: &mut Write, ctx: &Ctx, id: RequestId) -> Result<(RequestRow, Authorised)> {
    let request = store::get(tx, id).await?;
    let group = authorise(tx, ctx, Action::AssignMembers, request.group_id).await?;
    Ok((request, group))
}

/// Why a person cannot become a player, without what only the person may know.
fn as_told_to_who_answers(failure: Failure) -> Failure {
    match failure {
        Failure::App(AppError::Conflict(ConflictCode::OtherOrg { .. })) => {
            ConflictCode::BelongsElsewhere.into()
        }
        Failure::App(AppError::Forbidden(Missing::NotBanned)) => ConflictCode::PlayerGone.into(),
        other => other,
    }
}
