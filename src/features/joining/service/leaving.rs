//! Leaving a group, and leaving the organisation (§5.1).

use super::{Told, end_request, group_href, module_is_on, tell};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, PlayerId, UserId,
        access::{Facts, Missing},
        event::{EventData, EventKind, EventLine, Outcome},
    },
    features::{
        joining::{
            input::{self, LeaveGroup, LeaveOrg},
            model::RequestState,
            store,
        },
        roster,
    },
    server::{
        Ctx, Result,
        db::Write,
        events::{self, NewEvent},
        tenancy,
    },
};

/// The actor's own player in good standing.
async fn own_player(tx: &mut Write, ctx: &Ctx) -> Result<(UserId, PlayerId, Facts)> {
    let user = ctx.user()?.id;
    let facts = tenancy::facts(tx, ctx).await?;
    match facts.player {
        Some(player) => Ok((user, player, facts)),
        None => Err(ctx.refuse(Missing::Membership)),
    }
}

/// Ends one's own membership of a group, whatever its policy.
///
/// # Errors
/// Not signed in, no player here, or no such open membership of theirs.
pub async fn leave_group(ctx: &Ctx, input: LeaveGroup) -> Result<Outcome> {
    module_is_on(ctx)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (_, player, _) = own_player(&mut tx, ctx).await?;
    let reason = Some(input::note("reason", &input.reason)?).filter(|reason| !reason.is_empty());
    let membership = input.membership_id;
    let (line, public) =
        roster::service::leave_group(&mut tx, ctx, player, membership, reason).await?;
    events::commit(tx, &ctx.state.hub).await?;
    // Who left a private group cannot see it any more.
    let group = line.group_id.filter(|_| public);
    let goto = group.map_or_else(|| "/roster".to_owned(), group_href);
    Ok(told(line).and_goto(goto))
}

/// Ends one's belonging to the organisation: every membership, managing and co-founding ends, open
/// requests are withdrawn, and the user is a visitor here from now on.
///
/// # Errors
/// Not signed in, no player here, the founder, or the box is not ticked.
pub async fn leave_org(ctx: &Ctx, input: LeaveOrg) -> Result<Outcome> {
    module_is_on(ctx)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (user, player, facts) = own_player(&mut tx, ctx).await?;
    if facts.founder {
        return Err(ConflictCode::FounderStays.into());
    }
    if !input.sure {
        return Err(AppError::field("sure", FieldProblem::Required).into());
    }
    let reason = Some(input::note("reason", &input.reason)?).filter(|reason| !reason.is_empty());
    let name = roster::service::user_player(&mut tx, user).await?;
    let name = name.map(|known| known.common_name).unwrap_or_default();
    let because = reason.as_deref().unwrap_or("Left the organisation");
    roster::service::remove_from_org(&mut tx, ctx, player, "left", because).await?;
    let data = EventData {
        player: Some(name),
        reason,
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::Left, data).player(player);
    let line = events::append(&mut tx, ctx, event).await?;
    events::commit(tx, &ctx.state.hub).await?;
    Ok(told(line).and_goto("/roster").and_leave())
}

/// Withdraws every open request of somebody who leaves the organisation or is removed from it, so that
/// nobody answers them any more. Called by `roster` in the transaction that takes the person out.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_all(
    tx: &mut Write,
    ctx: &Ctx,
    user: UserId,
    player: PlayerId,
    name: &str,
) -> Result<()> {
    for request in store::pending_of_user(tx, user).await? {
        let id = request.request_id;
        end_request(tx, ctx, id, RequestState::Withdrawn, "").await?;
        let told = Told {
            request: id,
            group: request.group_id,
            group_name: request.group_name,
            player: Some(player),
            name: name.to_owned(),
            reason: String::new(),
        };
        tell(tx, ctx, EventKind::JoinWithdrawn, told).await?;
    }
    Ok(())
}

fn told(line: EventLine) -> Outcome {
    Outcome {
        event: Some(line),
        ..Outcome::default()
    }
}
