//! Leaving the organisation and coming back (§3.3, §5.1): what it means for memberships, for groups
//! managed, for the rank and for being a co-founder.

use super::{finish, managers::may_make_managers, undo_with};
use crate::{
    domain::{
        ConflictCode, GroupId, MembershipId, PlayerId, RankId, RoleId,
        access::{Action, Target, decide, may_give},
        event::{EventData, EventKind, EventLine, Outcome},
    },
    features::{
        joining, ranks,
        roster::{
            access::{Subject, authorise, refuse_player},
            input::{Command, ReinstatePlayer, reason},
            model::is_gone,
            store,
        },
        tenants,
    },
    server::{
        Ctx, Failure, Result,
        db::{Read, Write},
        events,
        events::NewEvent,
    },
};
use uuid::Uuid;

/// What somebody who is gone is in the list of players.
const KICKED: &str = "kicked";
const BANNED: &str = "banned";
const ACTIVE: &str = "active";

/// Who left, and the commands that bring them back.
#[derive(Clone, Debug)]
pub struct Removed {
    /// Their name.
    pub common_name: String,
    /// For the event.
    pub undo: Option<String>,
}

/// Takes a player out of the organisation: ends memberships, managing, the rank, being a co-founder,
/// the invitations to claim them, the seat of their user and their requests to join. Decides nothing
/// but that the founder stays; callers have decided the rest and write the event.
///
/// # Errors
/// The founder, somebody who is gone already, or the database fails.
pub async fn remove_from_org(
    tx: &mut Write,
    ctx: &Ctx,
    player: PlayerId,
    standing: &str,
    reason: &str,
) -> Result<Removed> {
    let before = store::players::get(tx, player).await?;
    if before.founder {
        return Err(ConflictCode::FounderStays.into());
    }
    // Who left or was removed can still be banned, and nothing else.
    let bans = standing == BANNED && before.standing != BANNED;
    if is_gone(&before.standing) && !bans {
        return Err(ConflictCode::PlayerGone.into());
    }
    let memberships = store::standing::end_memberships(tx, player, ctx.now, reason).await?;
    let manages = store::standing::end_managing(tx, player).await?;
    store::players::end_invitations(tx, player).await?;
    tenants::service::resign(tx, player).await?;
    if let Some(user) = before.user_id {
        tenants::service::free_seat(tx, user).await?;
        joining::service::withdraw_all(tx, ctx, user, player, &before.common_name).await?;
    }
    let rank = ranks::service::end_rank(tx, player, ctx.now).await?;
    store::standing::set(tx, player, standing).await?;
    let undo = Command::ReinstatePlayer(ReinstatePlayer {
        player_id: player,
        standing: before.standing,
        rank,
        co_founder: before.co_founder,
        memberships,
        manages,
    });
    Ok(Removed {
        common_name: before.common_name,
        undo: undo_with(&[undo]),
    })
}

/// Removes a player from the organisation, or bans them.
///
/// # Errors
/// No reason, what is missing, or the player is gone already.
pub async fn kick_player(ctx: &Ctx, player: PlayerId, ban: bool, because: &str) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let subject = Subject::read(&mut tx, ctx, player).await?;
    may_kick(&mut tx, ctx, &subject).await?;
    let because = reason(because)?;
    let standing = if ban { BANNED } else { KICKED };
    let removed = remove_from_org(&mut tx, ctx, player, standing, &because).await?;
    let data = EventData {
        player: Some(removed.common_name),
        after: ban.then(|| standing.to_owned()),
        reason: Some(because),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::Kicked, data)
        .player(player)
        .undo(removed.undo);
    let line = events::append(&mut tx, ctx, event).await?;
    finish(ctx, tx, line).await
}

/// The right to kick somebody is also the right to bring them back.
async fn may_kick(tx: &mut Write, ctx: &Ctx, subject: &Subject) -> Result<()> {
    let level = kick_level(tx, subject.id, &subject.standing, subject.level()).await?;
    match subject.decide_at(Action::Kick, level) {
        Ok(_) => Ok(()),
        Err(missing) => Err(refuse_player(tx, ctx, subject.id, missing).await?),
    }
}

/// The level by which kicking somebody and bringing them back is judged: who is gone holds no rank,
/// but held one and will get one.
///
/// # Errors
/// When the database fails.
pub(super) async fn kick_level(
    tx: &mut Read,
    player: PlayerId,
    standing: &str,
    level: i64,
) -> Result<i64> {
    if is_gone(standing) {
        ranks::service::level_of_return(tx, player).await
    } else {
        Ok(level)
    }
}

/// Takes somebody back who is gone: with the default rank, in no group.
///
/// # Errors
/// What is missing, or the player is not gone.
pub async fn reinstate_player(ctx: &Ctx, player: PlayerId) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let input = ReinstatePlayer {
        player_id: player,
        standing: ACTIVE.to_owned(),
        rank: None,
        co_founder: false,
        memberships: Vec::new(),
        manages: Vec::new(),
    };
    let line = reinstate(&mut tx, ctx, input, None).await?;
    finish(ctx, tx, line).await
}

/// Brings somebody back, with everything of the input that is still free.
pub(super) async fn reinstate(
    tx: &mut Write,
    ctx: &Ctx,
    input: ReinstatePlayer,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let player = input.player_id;
    let subject = Subject::read(tx, ctx, player).await?;
    may_kick(tx, ctx, &subject).await?;
    if !is_gone(&subject.standing) {
        return Err(ConflictCode::Stale.into());
    }
    store::standing::set(tx, player, &input.standing).await?;
    // Who was gone already and then banned is gone again, and nothing more.
    if !is_gone(&input.standing) {
        return_to_org(tx, ctx, &subject, &input).await?;
        let founds = decide(subject.facts(), Action::ManageFounders, Target::Org).is_ok();
        if input.co_founder && founds {
            store::standing::begin_co_founding(tx, player, ctx.now).await?;
        }
    }
    let data = EventData {
        player: Some(subject.common_name),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::Reinstated, data)
        .player(player)
        .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// Gives back what somebody had, as far as the actor could give it to anybody: the right to take
/// people back is not the right to make them what they were.
async fn return_to_org(
    tx: &mut Write,
    ctx: &Ctx,
    subject: &Subject,
    input: &ReinstatePlayer,
) -> Result<()> {
    let player = subject.id;
    if let Some(user) = subject.user {
        tenants::service::claim_seat(tx, user).await?;
    }
    let rank = rank_to_restore(tx, subject, input.rank).await?;
    ranks::service::give_rank_again(tx, player, rank, ctx.now).await?;
    for (role, position) in &input.memberships {
        if may_restore_role(tx, ctx, *role).await? {
            let membership = MembershipId(Uuid::now_v7());
            let place = (*role, *position);
            store::standing::start_if_free(tx, membership, player, place, ctx.now).await?;
        }
    }
    for group in &input.manages {
        if may_restore_managing(tx, ctx, *group).await? {
            store::standing::manage_again(tx, *group, player, ctx.now).await?;
        }
    }
    Ok(())
}

/// The rank of before if the actor may kick people of it and give what it grants; none, which is
/// the default one, if not. Since the kick that is undone they may have come back and lost it.
async fn rank_to_restore(
    tx: &mut Write,
    subject: &Subject,
    rank: Option<RankId>,
) -> Result<Option<RankId>> {
    let Some(rank) = rank else { return Ok(None) };
    let Some((level, access)) = ranks::service::level_and_access(tx, rank).await? else {
        return Ok(None);
    };
    let reaches = subject.decide_at(Action::Kick, level).is_ok();
    let gives = may_give(subject.facts(), access, Target::Org).is_ok();
    Ok(Some(rank).filter(|_| reaches && gives))
}

async fn may_restore_role(tx: &mut Write, ctx: &Ctx, role: RoleId) -> Result<bool> {
    let role = match store::roles::get(tx, role).await {
        Ok(role) => role,
        refused => return is_allowed(refused.map(|_| ())),
    };
    let allowed = authorise(tx, ctx, Action::AssignMembers, role.group_id).await;
    is_allowed(allowed.and_then(|group| group.may_give(ctx, role.grants())))
}

async fn may_restore_managing(tx: &mut Write, ctx: &Ctx, group: GroupId) -> Result<bool> {
    let allowed = authorise(tx, ctx, Action::ManageManagers, group).await;
    is_allowed(allowed.and_then(|group| may_make_managers(ctx, &group)))
}

/// A refusal is an answer here.
fn is_allowed(decided: Result<()>) -> Result<bool> {
    match decided {
        Ok(()) => Ok(true),
        Err(Failure::App(_)) => Ok(false),
        Err(failure) => Err(failure),
    }
}
