//! Roles, positions and managers of a group (§3.4, §4.4, §4.5).

use super::{finish, undo_with};
use crate::{
    domain::{
        AppError, ConflictCode, GroupId, PlayerId, PositionId, RoleId,
        access::Action,
        event::{EventData, EventKind, EventLine, Outcome},
    },
    features::roster::{
        access::{Authorised, authorise},
        input::{
            Command, CreatePosition, CreateRole, DeletePosition, DeleteRole, EditPosition,
            EditRole, PositionDetails, RoleDetails, SetManager,
        },
        model::is_gone,
        store,
    },
    server::{Ctx, Failure, Result, db::Write, events, events::NewEvent},
};
use uuid::Uuid;

fn event(kind: EventKind, group_id: GroupId, group: &Authorised, name: &str) -> NewEvent {
    let data = EventData {
        group: Some(group.name.clone()),
        role: Some(name.to_owned()),
        ..EventData::default()
    };
    NewEvent::new(kind, data).group(group_id)
}

/// Adds a role to a group.
///
/// # Errors
/// Invalid fields, a taken name, or no leadership.
pub async fn create_role(ctx: &Ctx, input: CreateRole) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let group = authorise(&mut tx, ctx, Action::EditStructure, input.group_id).await?;
    let details = input.details.validate()?;
    group.may_give(ctx, details.grants())?;
    let role = RoleId(Uuid::now_v7());
    store::roles::insert(&mut tx, role, input.group_id, &details).await?;
    let undo = Command::DeleteRole(DeleteRole {
        role_id: role,
        restore: false,
    });
    let event = event(
        EventKind::RoleCreated,
        input.group_id,
        &group,
        &details.name,
    )
    .undo(undo_with(&[undo]));
    let line = events::append(&mut tx, ctx, event).await?;
    finish(ctx, tx, line).await
}

/// Changes a role.
///
/// # Errors
/// Invalid fields, a taken name, two holders of a role made singular, or somebody was faster.
pub async fn edit_role(ctx: &Ctx, input: EditRole) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let line = edit(&mut tx, ctx, input, None).await?;
    finish(ctx, tx, line).await
}

pub(super) async fn edit(
    tx: &mut Write,
    ctx: &Ctx,
    input: EditRole,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let before = store::roles::get(tx, input.role_id).await?;
    let group = authorise(tx, ctx, Action::EditStructure, before.group_id).await?;
    let details = input.details.validate()?;
    group.may_give(ctx, details.grants().without(before.grants()))?;
    if !store::roles::update(tx, input.role_id, input.version, &details).await? {
        return Err(ConflictCode::Stale.into());
    }
    let undo = EditRole {
        role_id: input.role_id,
        version: input.version + 1,
        details: RoleDetails {
            name: before.name,
            acronym: before.acronym,
            leadership: before.leadership,
            singular: before.singular,
            access: before.access,
        },
    };
    let event = event(
        EventKind::RoleEdited,
        before.group_id,
        &group,
        &details.name,
    )
    .undo(undo_with(&[Command::EditRole(undo)]))
    .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// Deletes a role that nobody holds.
///
/// # Errors
/// Somebody holds it, it is the group's last, or no leadership.
pub async fn delete_role(ctx: &Ctx, input: DeleteRole) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let line = delete(&mut tx, ctx, input, None).await?;
    finish(ctx, tx, line).await
}

pub(super) async fn delete(
    tx: &mut Write,
    ctx: &Ctx,
    input: DeleteRole,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let role = store::roles::get(tx, input.role_id).await?;
    let group = authorise(tx, ctx, Action::EditStructure, role.group_id).await?;
    if role.deleted != input.restore {
        return Err(ConflictCode::Stale.into());
    }
    if input.restore {
        group.may_give(ctx, role.grants())?;
    } else {
        if role.holder_id.is_some() {
            return Err(ConflictCode::InUse.into());
        }
        if store::roles::of_group(tx, role.group_id).await?.len() <= 1 {
            return Err(ConflictCode::LastRole.into());
        }
    }
    let at = (!input.restore).then_some(ctx.now);
    store::roles::set_deleted(tx, input.role_id, at).await?;
    let undo = DeleteRole {
        role_id: input.role_id,
        restore: !input.restore,
    };
    let kind = if input.restore {
        EventKind::RoleCreated
    } else {
        EventKind::RoleDeleted
    };
    let event = event(kind, role.group_id, &group, &role.name)
        .undo(undo_with(&[Command::DeleteRole(undo)]))
        .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// Adds a position to a group.
///
/// # Errors
/// Invalid fields, a role of another group, or no leadership.
pub async fn create_position(ctx: &Ctx, input: CreatePosition) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let group = authorise(&mut tx, ctx, Action::EditStructure, input.group_id).await?;
    let details = input.details.validate()?;
    role_of_group(&mut tx, details.role_id, input.group_id).await?;
    let position = PositionId(Uuid::now_v7());
    store::roles::insert_position(&mut tx, position, input.group_id, &details).await?;
    let undo = Command::DeletePosition(DeletePosition {
        position_id: position,
        restore: false,
    });
    let event = event(
        EventKind::PositionCreated,
        input.group_id,
        &group,
        &details.name,
    )
    .undo(undo_with(&[undo]));
    let line = events::append(&mut tx, ctx, event).await?;
    finish(ctx, tx, line).await
}

async fn role_of_group(tx: &mut Write, role: RoleId, group: GroupId) -> Result<()> {
    let unknown = || {
        Failure::App(AppError::field(
            "role_id",
            crate::domain::FieldProblem::Unknown,
        ))
    };
    match store::roles::get(tx, role).await {
        Ok(role) if role.group_id == group && !role.deleted => Ok(()),
        Ok(_) | Err(Failure::App(AppError::NotFound)) => Err(unknown()),
        Err(failure) => Err(failure),
    }
}

/// Changes a position.
///
/// # Errors
/// Invalid fields, a role of another group, or somebody was faster.
pub async fn edit_position(ctx: &Ctx, input: EditPosition) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let line = edit_position_in(&mut tx, ctx, input, None).await?;
    finish(ctx, tx, line).await
}

pub(super) async fn edit_position_in(
    tx: &mut Write,
    ctx: &Ctx,
    input: EditPosition,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let before = store::roles::position(tx, input.position_id).await?;
    let group = authorise(tx, ctx, Action::EditStructure, before.group_id).await?;
    let details = input.details.validate()?;
    role_of_group(tx, details.role_id, before.group_id).await?;
    if !store::roles::update_position(tx, input.position_id, input.version, &details).await? {
        return Err(ConflictCode::Stale.into());
    }
    let undo = EditPosition {
        position_id: input.position_id,
        version: input.version + 1,
        details: PositionDetails {
            name: before.name,
            wants: before.wants,
            role_id: before.role_id,
        },
    };
    let event = event(
        EventKind::PositionEdited,
        before.group_id,
        &group,
        &details.name,
    )
    .undo(undo_with(&[Command::EditPosition(undo)]))
    .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// Deletes a position that nobody fills.
///
/// # Errors
/// Somebody fills it, or no leadership.
pub async fn delete_position(ctx: &Ctx, input: DeletePosition) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let line = delete_position_in(&mut tx, ctx, input, None).await?;
    finish(ctx, tx, line).await
}

pub(super) async fn delete_position_in(
    tx: &mut Write,
    ctx: &Ctx,
    input: DeletePosition,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let position = store::roles::position(tx, input.position_id).await?;
    let group = authorise(tx, ctx, Action::EditStructure, position.group_id).await?;
    if position.deleted != input.restore {
        return Err(ConflictCode::Stale.into());
    }
    if !input.restore && position.holder_id.is_some() {
        return Err(ConflictCode::InUse.into());
    }
    let at = (!input.restore).then_some(ctx.now);
    store::roles::set_position_deleted(tx, input.position_id, at).await?;
    let undo = DeletePosition {
        position_id: input.position_id,
        restore: !input.restore,
    };
    let kind = if input.restore {
        EventKind::PositionCreated
    } else {
        EventKind::PositionDeleted
    };
    let event = event(kind, position.group_id, &group, &position.name)
        .undo(undo_with(&[Command::DeletePosition(undo)]))
        .undoes(undoes);
    events::append(tx, ctx, event).await
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
    if input.manages && is_gone(&player.standing) {
        return Err(ConflictCode::PlayerGone.into());
    }
    if input.manages {
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
