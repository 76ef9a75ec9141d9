//! Managers of a group (§3.4): people, and groups whose members manage it (§5.1).

use super::{finish, undo_with};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, PlayerId,
        access::{AccessSet, Action},
        event::{EventData, EventKind, EventLine, Outcome},
    },
    features::roster::{
        access::{Authorised, authorise, who},
        input::{Command, SetManager, SetManagerGroup},
        model::is_gone,
        store,
    },
    server::{Ctx, Failure, Result, db::Write, events, events::NewEvent},
};

/// What being a manager gives: nobody gives it who does not have it.
pub(super) fn may_make_managers(ctx: &Ctx, group: &Authorised) -> Result<()> {
    let given: AccessSet = std::iter::once(Action::AssignMembers).collect();
    group.may_give(ctx, given)
}

/// Adds or removes a manager of a group.
///
/// # Errors
/// No leadership, no such player, or they are (or are not) a manager already.
pub async fn set_manager(ctx: &Ctx, input: SetManager) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let line = set_manager_in(&mut tx, ctx, input, None).await?;
    finish(ctx, tx, line).await
}

pub(super) async fn set_manager_in(
    tx: &mut Write,
    ctx: &Ctx,
    input: SetManager,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let group = authorise(tx, ctx, Action::ManageManagers, input.group_id).await?;
    let player = store::players::get(tx, input.player_id).await?;
    let player_id: PlayerId = input.player_id;
    if input.manages {
        if is_gone(&player.standing) {
            return Err(ConflictCode::PlayerGone.into());
        }
        may_make_managers(ctx, &group)?;
        store::roles::add_manager(tx, input.group_id, player_id, ctx.now).await?;
    } else if !store::roles::remove_manager(tx, input.group_id, player_id).await? {
        return Err(ConflictCode::Stale.into());
    }
    let undo = SetManager {
        manages: !input.manages,
        ..input.clone()
    };
    let kind = if input.manages {
        EventKind::ManagerAdded
    } else {
        EventKind::ManagerRemoved
    };
    let data = EventData {
        player: Some(player.common_name),
        group: Some(group.name),
        ..EventData::default()
    };
    let event = NewEvent::new(kind, data)
        .player(player_id)
        .group(input.group_id)
        .undo(undo_with(&[Command::SetManager(undo)]))
        .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// Makes the members of a group managers of another, or takes that back.
///
/// # Errors
/// No right to choose managers, a group that the actor cannot see, the group itself, or it is (or
/// is not) a manager already.
pub async fn set_manager_group(ctx: &Ctx, input: SetManagerGroup) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let line = set_manager_group_in(&mut tx, ctx, input, None).await?;
    finish(ctx, tx, line).await
}

pub(super) async fn set_manager_group_in(
    tx: &mut Write,
    ctx: &Ctx,
    input: SetManagerGroup,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let (of, by) = (input.group_id, input.manager_group_id);
    let group = authorise(tx, ctx, Action::ManageManagers, of).await?;
    let roster = super::roster_in(tx, ctx).await?;
    let visible = roster.visible_to(who(ctx));
    let manager = roster.group(by).filter(|manager| visible.has(manager.id));
    let manager = manager
        .ok_or(Failure::App(AppError::NotFound))?
        .name
        .clone();
    if of == by {
        let problem = AppError::field("manager_group_id", FieldProblem::Unknown);
        return Err(problem.into());
    }
    if input.manages {
        may_make_managers(ctx, &group)?;
        store::roles::add_manager_group(tx, of, by, ctx.now).await?;
    } else if !store::roles::remove_manager_group(tx, of, by).await? {
        return Err(ConflictCode::Stale.into());
    }
    let undo = SetManagerGroup {
        manages: !input.manages,
        ..input
    };
    let kind = if input.manages {
        EventKind::ManagerGroupAdded
    } else {
        EventKind::ManagerGroupRemoved
    };
    let data = EventData {
        group: Some(group.name),
        after: Some(manager),
        ..EventData::default()
    };
    // The event names both groups, so it shows only to those who see both.
    let event = NewEvent::new(kind, data)
        .group(of)
        .from_group(Some(by))
        .undo(undo_with(&[Command::SetManagerGroup(undo)]))
        .undoes(undoes);
    events::append(tx, ctx, event).await
}
