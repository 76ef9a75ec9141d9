//! Creating, changing, moving and retiring groups (§4.1, §4.7).

use super::{finish, members, undo_with};
use crate::{
    domain::{
        AppError, ConflictCode, GroupId, MembershipId, RoleId,
        access::{AccessSet, Action},
        event::{EventData, EventKind, EventLine, Outcome},
    },
    features::roster::{
        access::{Authorised, authorise, authorise_parent},
        input::{
            Command, CreateGroup, EditGroup, GroupDetails, MembersGo, MoveGroup, RetireGroup,
            ReviveGroup, RoleDetails,
        },
        model::tree::makes_cycle,
        store,
    },
    server::{Ctx, Failure, Result, db::Write, events, events::NewEvent},
};
use uuid::Uuid;

/// Name of the leading role that every group starts with (§4.4).
pub(super) const IN_COMMAND: &str = "In Command";
/// Name of the ordinary role that every group starts with (§4.4).
pub(super) const MEMBER: &str = "Member";

/// Creates a group below another, with its two starting roles. The outcome leads to its page.
///
/// # Errors
/// Invalid fields, a taken name, no leadership above, or no such parent.
pub async fn create_group(ctx: &Ctx, input: CreateGroup) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (group, event) = create(&mut tx, ctx, input).await?;
    Ok(finish(ctx, tx, event)
        .await?
        .and_goto(format!("/groups/{group}")))
}

pub(super) async fn create(
    tx: &mut Write,
    ctx: &Ctx,
    input: CreateGroup,
) -> Result<(GroupId, EventLine)> {
    let parent = authorise(tx, ctx, Action::EditStructure, input.parent_id).await?;
    let checked = input.details.validate()?;
    if parent.retired {
        return Err(ConflictCode::GroupRetired.into());
    }
    let group = GroupId(Uuid::now_v7());
    let parent_id = Some(input.parent_id);
    store::groups::insert(tx, group, parent_id, input.exclusive, &checked, ctx.now).await?;
    for details in starting_roles() {
        store::roles::insert(tx, RoleId(Uuid::now_v7()), group, &details).await?;
    }
    let undo = RetireGroup {
        group_id: group,
        version: 1,
        members: MembersGo::Stay,
    };
    let data = EventData {
        group: Some(checked.name),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::GroupCreated, data)
        .group(group)
        .undo(undo_with(&[Command::RetireGroup(undo)]));
    Ok((group, events::append(tx, ctx, event).await?))
}

/// The roles of a new group (§4.4).
#[must_use]
pub(super) fn starting_roles() -> [RoleDetails; 2] {
    let role = |name: &str, acronym: &str, leads| RoleDetails {
        name: name.to_owned(),
        acronym: acronym.to_owned(),
        leadership: leads,
        singular: leads,
        access: AccessSet::default(),
    };
    [role(IN_COMMAND, "IC", true), role(MEMBER, "", false)]
}

/// Changes a group's name, description and settings.
///
/// # Errors
/// Invalid fields, a taken name, no leadership, no such group, or somebody was faster.
pub async fn edit_group(ctx: &Ctx, input: EditGroup) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let event = edit(&mut tx, ctx, input, None).await?;
    finish(ctx, tx, event).await
}

pub(super) async fn edit(
    tx: &mut Write,
    ctx: &Ctx,
    input: EditGroup,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let group = input.group_id;
    not_root(tx, group)?;
    authorise(tx, ctx, Action::EditStructure, group).await?;
    let checked = input.details.validate()?;
    let before = store::groups::get(tx, group).await?;
    if !store::groups::update(tx, group, input.version, &checked).await? {
        return Err(ConflictCode::Stale.into());
    }
    store::groups::note_history(tx, group, ctx.now).await?;
    let undo = EditGroup {
        group_id: group,
        version: input.version + 1,
        details: GroupDetails {
            name: before.name.clone(),
            acronym: before.acronym,
            description: before.description,
            kind: before.kind,
            visibility: before.visibility,
            policy: before.policy,
        },
    };
    let renamed = before.name != checked.name;
    let data = EventData {
        group: Some(checked.name),
        before: renamed.then_some(before.name),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::GroupEdited, data)
        .group(group)
        .undo(undo_with(&[Command::EditGroup(undo)]))
        .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// Moves a group with its subtree below another parent, or to another place among its siblings.
///
/// # Errors
/// No leadership above both places, a cycle, or somebody was faster.
pub async fn move_group(ctx: &Ctx, input: MoveGroup) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let event = relocate(&mut tx, ctx, input, None).await?;
    finish(ctx, tx, event).await
}

pub(super) async fn relocate(
    tx: &mut Write,
    ctx: &Ctx,
    input: MoveGroup,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let group = input.group_id;
    not_root(tx, group)?;
    let before = store::groups::get(tx, group).await?;
    let old_parent = before.parent_id.unwrap_or(tx.org().root_group());
    // Leading a group does not allow taking it away from its parent.
    authorise_parent(tx, ctx, Action::EditStructure, old_parent, group).await?;
    let parent = if input.parent_id == old_parent {
        None
    } else {
        Some(authorise(tx, ctx, Action::EditStructure, input.parent_id).await?)
    };
    if let Some(parent) = &parent {
        may_hold(group, parent)?;
    }
    let old_place = place_before(tx, old_parent, group).await?;
    let order = order_behind(tx, input.parent_id, input.after, group).await?;
    if !store::groups::place(tx, group, input.version, input.parent_id, order).await? {
        return Err(ConflictCode::Stale.into());
    }
    if parent.is_some() {
        store::groups::note_history(tx, group, ctx.now).await?;
    }
    let undo = MoveGroup {
        group_id: group,
        version: input.version + 1,
        parent_id: old_parent,
        after: old_place,
    };
    let data = EventData {
        group: Some(before.name),
        after: parent.map(|parent| parent.name),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::GroupMoved, data)
        .group(group)
        .from_group(Some(old_parent).filter(|old| *old != tx.org().root_group()))
        .undo(undo_with(&[Command::MoveGroup(undo)]))
        .undoes(undoes);
    events::append(tx, ctx, event).await
}

fn may_hold(group: GroupId, parent: &Authorised) -> Result<()> {
    if makes_cycle(group, &parent.path) {
        return Err(ConflictCode::Cycle.into());
    }
    if parent.retired {
        return Err(ConflictCode::GroupRetired.into());
    }
    Ok(())
}

/// The sibling in front of a group, for moving it back there.
async fn place_before(tx: &mut Write, parent: GroupId, group: GroupId) -> Result<Option<GroupId>> {
    let siblings = store::groups::siblings(tx, parent).await?;
    let at = siblings
        .iter()
        .position(|(id, _)| *id == group)
        .unwrap_or(0);
    Ok(at.checked_sub(1).map(|before| siblings[before].0))
}

/// An order number right behind `after`, or in front of all.
async fn order_behind(
    tx: &mut Write,
    parent: GroupId,
    after: Option<GroupId>,
    group: GroupId,
) -> Result<i64> {
    store::groups::space_out(tx, parent).await?;
    let Some(after) = after.filter(|after| *after != group) else {
        return Ok(0);
    };
    let siblings = store::groups::siblings(tx, parent).await?;
    let (_, order) = siblings
        .into_iter()
        .find(|(id, _)| *id == after)
        .ok_or(Failure::App(AppError::NotFound))?;
    Ok(order + 512)
}

/// Retires a group. Its members go where the input says (§4.7); subgroups must be moved or retired
/// first.
///
/// # Errors
/// No leadership above, subgroups or members in the way, a member whom the actor may not remove, a
/// parent that cannot take them, or somebody was faster.
pub async fn retire_group(ctx: &Ctx, input: RetireGroup) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let event = retire(&mut tx, ctx, input, None).await?;
    Ok(finish(ctx, tx, event).await?.and_goto("/roster"))
}

pub(super) async fn retire(
    tx: &mut Write,
    ctx: &Ctx,
    input: RetireGroup,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let group = input.group_id;
    not_root(tx, group)?;
    let before = store::groups::get(tx, group).await?;
    let parent = before.parent_id.unwrap_or(tx.org().root_group());
    let above = authorise_parent(tx, ctx, Action::EditStructure, parent, group).await?;
    if store::groups::count_subgroups(tx, group).await? > 0 {
        return Err(ConflictCode::GroupNotEmpty.into());
    }
    let left = store::members::open_of_group(tx, group).await?;
    if !left.is_empty() && input.members == MembersGo::Stay {
        return Err(ConflictCode::GroupNotEmpty.into());
    }
    // Retiring a group removes its members, so only whom the actor may remove.
    for member in &left {
        let player = store::players::get(tx, member.player_id).await?;
        above.may_touch(ctx, &player)?;
    }
    let parent_post = match input.members {
        MembersGo::Parent if parent != tx.org().root_group() && !left.is_empty() => {
            authorise(tx, ctx, Action::AssignMembers, parent).await?;
            let post = members::ordinary_post(tx, parent).await?;
            Some(post.ok_or(ConflictCode::NoOrdinaryRole)?)
        }
        _ => None,
    };
    for member in &left {
        let reason = format!("{} was retired", before.name);
        store::members::end(tx, member.membership_id, ctx.now, Some(reason)).await?;
        if let Some(post) = &parent_post {
            let membership = MembershipId(Uuid::now_v7());
            let place = (post.role_id(), None);
            // Who is there already stays as they are.
            store::standing::start_if_free(tx, membership, member.player_id, place, ctx.now)
                .await?;
        }
    }
    if !store::groups::retire(tx, group, input.version, Some(ctx.now)).await? {
        return Err(ConflictCode::Stale.into());
    }
    store::groups::end_history(tx, group, ctx.now).await?;
    let revive = ReviveGroup {
        group_id: group,
        members: left
            .iter()
            .map(|m| (m.player_id, m.role_id, m.position_id))
            .collect(),
    };
    let data = EventData {
        group: Some(before.name),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::GroupRetired, data)
        .group(group)
        .undo(undo_with(&[Command::ReviveGroup(revive)]))
        .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// Brings a retired group back, with those members who are still free.
pub(super) async fn revive(
    tx: &mut Write,
    ctx: &Ctx,
    input: ReviveGroup,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let group = input.group_id;
    let before = store::groups::get(tx, group).await?;
    let parent = before.parent_id.unwrap_or(tx.org().root_group());
    let above = authorise_parent(tx, ctx, Action::EditStructure, parent, group).await?;
    if above.retired {
        return Err(ConflictCode::GroupRetired.into());
    }
    if !store::groups::retire(tx, group, before.version, None).await? {
        return Err(ConflictCode::Stale.into());
    }
    store::groups::note_history(tx, group, ctx.now).await?;
    if !input.members.is_empty() {
        let here = authorise(tx, ctx, Action::AssignMembers, group).await?;
        for (player, role, position) in input.members {
            members::return_if_free(tx, ctx, &here, parent, player, (role, position)).await?;
        }
    }
    let data = EventData {
        group: Some(before.name),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::GroupRevived, data)
        .group(group)
        .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// The root group stands for the Org and is changed in its settings only.
fn not_root(tx: &Write, group: GroupId) -> Result<()> {
    if group == tx.org().root_group() {
        Err(Failure::App(AppError::NotFound))
    } else {
        Ok(())
    }
}
