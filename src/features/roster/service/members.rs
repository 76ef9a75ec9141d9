//! Placing, posting and removing members (§4.3–4.6).
//!
//! A transfer is twelve statements in one transaction whatever the size of the Org: the Org's lock,
//! the actor's facts and the target's path, its roles, the player's open memberships, the player,
//! facts and path for the source, end, start, event, sequence. (PostgreSQL adds two of its own: the
//! tenant's name for row security, and the notification.)

use super::{finish, has_positions, undo_with};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, GroupId, MembershipId, PlayerId, PositionId, RoleId,
        access::Action,
        event::{EventData, EventKind, EventLine, Outcome},
    },
    features::roster::{
        access::{Authorised, authorise, who},
        input::{Command, PlacePlayer, PostMember, RemoveMember, reason},
        model::is_gone,
        store::{
            self,
            members::OpenRow,
            roles::{PositionRow, RoleRow},
        },
    },
    server::{Ctx, Failure, Result, db::Write, events, events::NewEvent},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Adds a player to a group; into an exclusive one this is a transfer if they are in another.
///
/// # Errors
/// No grant over the target or the source, somebody was faster, a taken singular role or position,
/// a retired group, or the player is in the group already.
pub async fn place_player(ctx: &Ctx, input: PlacePlayer) -> Result<Outcome> {
    if input.position_id.is_some() {
        has_positions(ctx)?;
    }
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let event = place(&mut tx, ctx, input, None).await?;
    finish(ctx, tx, event).await
}

/// Places several players at once: all of them or, if one cannot be placed, none.
///
/// # Errors
/// What [`place_player`] answers for the first that cannot be placed.
pub async fn place_players(ctx: &Ctx, inputs: Vec<PlacePlayer>) -> Result<Outcome> {
    if inputs.len() > MOST_AT_ONCE {
        return Err(AppError::field("players", FieldProblem::OutOfRange).into());
    }
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let mut last = None;
    let mut allowed = Allowed::default();
    for input in inputs {
        last = Some(place_in(&mut tx, ctx, &mut allowed, input, None).await?);
    }
    let event = last.ok_or_else(|| AppError::field("players", FieldProblem::Required))?;
    finish(ctx, tx, event).await
}

/// Players that one command moves, at most; more is an import.
const MOST_AT_ONCE: usize = 200;

/// The groups whose members one command may add and remove: each is asked for once, however many
/// people the command is about.
#[derive(Default)]
struct Allowed(HashMap<GroupId, Authorised>);

impl Allowed {
    async fn assign(&mut self, tx: &mut Write, ctx: &Ctx, group: GroupId) -> Result<Authorised> {
        if let Some(known) = self.0.get(&group) {
            return Ok(known.clone());
        }
        let fresh = authorise(tx, ctx, Action::AssignMembers, group).await?;
        self.0.insert(group, fresh.clone());
        Ok(fresh)
    }
}

pub(super) async fn place(
    tx: &mut Write,
    ctx: &Ctx,
    input: PlacePlayer,
    undoes: Option<i64>,
) -> Result<EventLine> {
    place_in(tx, ctx, &mut Allowed::default(), input, undoes).await
}

async fn place_in(
    tx: &mut Write,
    ctx: &Ctx,
    allowed: &mut Allowed,
    input: PlacePlayer,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let target = allowed.assign(tx, ctx, input.group_id).await?;
    if target.retired || input.group_id == tx.org().root_group() {
        return Err(ConflictCode::GroupRetired.into());
    }
    let post = choose_post(tx, ctx, input.group_id, input.role_id, input.position_id).await?;
    let open = store::members::open_of_player(tx, input.player_id, input.group_id).await?;
    let player = store::players::get(tx, input.player_id).await?;
    if is_gone(&player.standing) {
        return Err(ConflictCode::PlayerGone.into());
    }
    if open.iter().any(|row| row.group_id == input.group_id) {
        return Err(ConflictCode::AlreadyMember.into());
    }
    target.may_give(ctx, post.role.grants())?;
    post.is_free_for(input.player_id)?;
    let source = open
        .into_iter()
        .find(|row| row.exclusive && target.exclusive);
    if target.exclusive && source.as_ref().map(|row| row.membership_id) != input.expected {
        return Err(moved(tx, ctx, source.as_ref()).await?);
    }
    if let Some(source) = &source {
        let from = allowed.assign(tx, ctx, source.group_id).await?;
        from.may_touch(ctx, &player)?;
    }
    let entry = Entry {
        player: input.player_id,
        player_name: player.common_name,
        group: input.group_id,
        group_name: target.name,
        post,
        source,
    };
    begin(tx, ctx, entry, undoes).await
}

/// Somebody who becomes a member, or is transferred: everything is decided.
pub(super) struct Entry {
    pub(super) player: PlayerId,
    pub(super) player_name: String,
    pub(super) group: GroupId,
    pub(super) group_name: String,
    pub(super) post: Post,
    /// The exclusive membership that ends.
    pub(super) source: Option<OpenRow>,
}

/// Ends the one interval, starts the other, and tells of it.
pub(super) async fn begin(
    tx: &mut Write,
    ctx: &Ctx,
    entry: Entry,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let Entry { post, source, .. } = entry;
    if let Some(source) = &source {
        let because = Some(format!("Moved to {}", entry.group_name));
        if !store::members::end(tx, source.membership_id, ctx.now, because).await? {
            return Err(moved(tx, ctx, None).await?);
        }
    }
    let membership = MembershipId(Uuid::now_v7());
    let role = post.role.role_id;
    let position = post.position_id;
    store::members::start(tx, membership, entry.player, role, position, ctx.now).await?;
    let undo = match &source {
        Some(source) => Command::PlacePlayer(PlacePlayer {
            player_id: entry.player,
            group_id: source.group_id,
            role_id: Some(source.role_id),
            position_id: source.position_id,
            expected: Some(membership),
        }),
        None => Command::RemoveMember(RemoveMember {
            membership_id: membership,
            reason: "Undone".to_owned(),
        }),
    };
    let kind = if source.is_some() {
        EventKind::MemberTransferred
    } else {
        EventKind::MemberAdded
    };
    let data = EventData {
        player: Some(entry.player_name),
        group: Some(entry.group_name),
        from: source.as_ref().map(|source| source.group_name.clone()),
        role: Some(post.title()),
        ..EventData::default()
    };
    let event = NewEvent::new(kind, data)
        .player(entry.player)
        .group(entry.group)
        .from_group(source.map(|source| source.group_id))
        .undo(undo_with(&[undo]))
        .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// A role, and perhaps a position, that somebody is about to take.
pub(super) struct Post {
    role: RoleRow,
    position_id: Option<PositionId>,
    position: Option<PositionRow>,
}

impl Post {
    /// Somebody else must not hold it. The indexes say the same, but cannot say who.
    fn is_free_for(&self, player: PlayerId) -> Result<()> {
        let other = |holder: Option<PlayerId>| holder.is_some_and(|holder| holder != player);
        if let Some(position) = &self.position
            && other(position.holder_id)
        {
            return Err(ConflictCode::PositionTaken {
                holder: position.holder.clone(),
            }
            .into());
        }
        if self.role.singular && other(self.role.holder_id) {
            return Err(ConflictCode::RoleTaken {
                holder: self.role.holder.clone(),
            }
            .into());
        }
        Ok(())
    }

    /// Which role it is.
    pub(super) fn role_id(&self) -> RoleId {
        self.role.role_id
    }

    /// What people call it.
    fn title(&self) -> String {
        self.position
            .as_ref()
            .map_or(&self.role.name, |position| &position.name)
            .clone()
    }
}

/// The role and position asked for, or the first ordinary role of the group. Where the Org's type
/// has no positions (any more), an undo puts people back without theirs.
async fn choose_post(
    tx: &mut Write,
    ctx: &Ctx,
    group: GroupId,
    role: Option<RoleId>,
    position: Option<PositionId>,
) -> Result<Post> {
    let position_id = position.filter(|_| has_positions(ctx).is_ok());
    let position = match position_id {
        Some(id) => {
            let row = store::roles::position(tx, id).await?;
            if row.deleted || row.group_id != group {
                return Err(Failure::App(AppError::NotFound));
            }
            Some(row)
        }
        None => None,
    };
    let wanted = position.as_ref().map(|position| position.role_id).or(role);
    let roles = store::roles::of_group(tx, group).await?;
    let role = match wanted {
        Some(id) => roles.into_iter().find(|role| role.role_id == id),
        None => {
            let ordinary = roles
                .iter()
                .position(|role| role.grants().is_empty() && !role.singular);
            roles.into_iter().nth(ordinary.unwrap_or(0))
        }
    };
    let role = role.ok_or(Failure::App(AppError::NotFound))?;
    Ok(Post {
        role,
        position_id,
        position,
    })
}

/// What somebody gets who joins: the group's first ordinary role. None when every role leads, grants
/// something or has one holder.
pub(super) async fn ordinary_post(tx: &mut Write, group: GroupId) -> Result<Option<Post>> {
    let roles = store::roles::of_group(tx, group).await?;
    let role = roles
        .into_iter()
        .find(|role| role.grants().is_empty() && !role.singular);
    Ok(role.map(|role| Post {
        role,
        position_id: None,
        position: None,
    }))
}

/// "Somebody was faster", with where the player is now if the actor may know.
async fn moved(tx: &mut Write, ctx: &Ctx, now_in: Option<&OpenRow>) -> Result<Failure> {
    let roster = super::roster_in(tx, ctx).await?;
    let visible = roster.visible_to(who(ctx));
    let now_in = now_in
        .filter(|row| visible.has(row.group_id))
        .map(|row| row.group_name.clone());
    Ok(ConflictCode::PlayerMoved { now_in }.into())
}

/// Gives a member another role or position in the same group.
///
/// # Errors
/// No grant, a taken singular role or position, or the membership ended meanwhile.
pub async fn post_member(ctx: &Ctx, input: PostMember) -> Result<Outcome> {
    if input.position_id.is_some() {
        has_positions(ctx)?;
    }
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let event = post(&mut tx, ctx, input, None).await?;
    finish(ctx, tx, event).await
}

pub(super) async fn post(
    tx: &mut Write,
    ctx: &Ctx,
    input: PostMember,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let before = open(tx, ctx, input.membership_id).await?;
    let group = authorise(tx, ctx, Action::AssignMembers, before.group_id).await?;
    let role = input.role_id.unwrap_or(before.role_id);
    let chosen = choose_post(tx, ctx, before.group_id, Some(role), input.position_id).await?;
    if chosen.role.role_id != before.role_id {
        group.may_give(ctx, chosen.role.grants())?;
    }
    let player = store::players::get(tx, before.player_id).await?;
    group.may_touch(ctx, &player)?;
    chosen.is_free_for(before.player_id)?;
    if !store::members::end(tx, before.membership_id, ctx.now, None).await? {
        return Err(ConflictCode::Stale.into());
    }
    let membership = MembershipId(Uuid::now_v7());
    let role = chosen.role.role_id;
    store::members::start(
        tx,
        membership,
        before.player_id,
        role,
        chosen.position_id,
        ctx.now,
    )
    .await?;
    let undo = PostMember {
        membership_id: membership,
        role_id: Some(before.role_id),
        position_id: before.position_id,
    };
    let data = EventData {
        player: Some(before.common_name),
        group: Some(group.name),
        role: Some(chosen.title()),
        before: Some(before.role_name),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::MemberPosted, data)
        .player(before.player_id)
        .group(before.group_id)
        .undo(undo_with(&[Command::PostMember(undo)]))
        .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// Ends a membership, with a reason.
///
/// # Errors
/// No reason, no grant, or the membership ended meanwhile.
pub async fn remove_member(ctx: &Ctx, input: RemoveMember) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let event = remove(&mut tx, ctx, input, None).await?;
    let group = event.group_id;
    let outcome = finish(ctx, tx, event).await?;
    Ok(match group {
        Some(group) => outcome.and_goto(format!("/groups/{group}")),
        None => outcome,
    })
}

/// Ends several memberships within a transaction, for bulk changes (§4.8).
///
/// # Errors
/// What [`remove_member`] answers for the first that cannot be ended.
pub async fn remove_members_in(tx: &mut Write, ctx: &Ctx, inputs: Vec<RemoveMember>) -> Result<()> {
    let mut allowed = Allowed::default();
    for input in inputs {
        remove_in(tx, ctx, &mut allowed, input, None).await?;
    }
    Ok(())
}

pub(super) async fn remove(
    tx: &mut Write,
    ctx: &Ctx,
    input: RemoveMember,
    undoes: Option<i64>,
) -> Result<EventLine> {
    remove_in(tx, ctx, &mut Allowed::default(), input, undoes).await
}

async fn remove_in(
    tx: &mut Write,
    ctx: &Ctx,
    allowed: &mut Allowed,
    input: RemoveMember,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let before = open(tx, ctx, input.membership_id).await?;
    let group = allowed.assign(tx, ctx, before.group_id).await?;
    let player = store::players::get(tx, before.player_id).await?;
    group.may_touch(ctx, &player)?;
    let because = reason(&input.reason)?;
    if !store::members::end(tx, before.membership_id, ctx.now, Some(because.clone())).await? {
        return Err(ConflictCode::Stale.into());
    }
    let undo = PlacePlayer {
        player_id: before.player_id,
        group_id: before.group_id,
        role_id: Some(before.role_id),
        position_id: before.position_id,
        expected: None,
    };
    let data = EventData {
        player: Some(before.common_name),
        group: Some(group.name),
        role: Some(before.role_name),
        reason: Some(because),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::MemberRemoved, data)
        .player(before.player_id)
        .group(before.group_id)
        .undo(undo_with(&[Command::PlacePlayer(undo)]))
        .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// An open membership; one that ended meanwhile is a conflict for those who may act on its group,
/// one that never was is not found.
async fn open(tx: &mut Write, ctx: &Ctx, membership: MembershipId) -> Result<OpenRow> {
    if let Some(row) = store::members::open(tx, membership).await? {
        return Ok(row);
    }
    let group = store::members::group_of(tx, membership).await?;
    let group = group.ok_or(Failure::App(AppError::NotFound))?;
    authorise(tx, ctx, Action::AssignMembers, group).await?;
    Err(ConflictCode::Stale.into())
}

/// Brings a member of a revived group back, unless they are gone, went on to another exclusive group,
/// or had what the actor may not give. Those who had been moved to the parent leave it again.
pub(super) async fn return_if_free(
    tx: &mut Write,
    ctx: &Ctx,
    group: &Authorised,
    parent: GroupId,
    player: PlayerId,
    place: (RoleId, Option<PositionId>),
) -> Result<()> {
    let row = store::players::get(tx, player).await?;
    let role = store::roles::get(tx, place.0).await?;
    if group.may_touch(ctx, &row).is_err() || group.may_give(ctx, role.grants()).is_err() {
        return Ok(());
    }
    let open = store::members::open_of_player(tx, player, parent).await?;
    let in_parent = open
        .into_iter()
        .find(|row| row.group_id == parent && row.exclusive);
    if let Some(moved) = &in_parent {
        store::members::end(tx, moved.membership_id, ctx.now, None).await?;
    }
    let membership = MembershipId(Uuid::now_v7());
    let started = store::standing::start_if_free(tx, membership, player, place, ctx.now).await?;
    if let Some(moved) = in_parent.filter(|_| !started) {
        store::members::resume(tx, moved.membership_id).await?;
    }
    Ok(())
}
