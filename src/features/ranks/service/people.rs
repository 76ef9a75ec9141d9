//! Promoting and demoting (§3.3): a change ends one holding and starts another.

use super::{finish, undo_with};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, PlayerId, RankId,
        access::AccessSet,
        event::{EventData, EventKind, EventLine, Outcome},
        name,
        time::Instant,
    },
    features::{
        ranks::{
            access::with_ranks,
            input::{ChangeRank, Command},
            store,
        },
        roster::{
            self,
            access::{Subject, refuse_player},
            model::limits,
        },
    },
    server::{
        Ctx, Failure, Result,
        db::{Read, Write},
        events,
        events::NewEvent,
    },
};
use std::cmp::Ordering;
use uuid::Uuid;

/// Where a change of rank is to lead, as the form that was sent says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To a higher level.
    Up,
    /// To a lower or the same level.
    Down,
}

/// Promotes or demotes a player.
///
/// # Errors
/// What is missing; no reason for a demotion; a rank that lies in the other direction; the player is
/// gone; or somebody was faster.
pub async fn change_rank(ctx: &Ctx, direction: Direction, input: ChangeRank) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let line = change(&mut tx, ctx, input, Some(direction), None).await?;
    finish(ctx, tx, line).await
}

/// Gives a player another rank, whatever the direction, with facts that are read here and now: so a
/// bulk change can call it for one person after the other.
///
/// # Errors
/// What is missing for this player and rank; no reason for a demotion; the player is gone or has the
/// rank already.
pub async fn change_rank_in(
    tx: &mut Write,
    ctx: &Ctx,
    player: PlayerId,
    rank: RankId,
    reason: &str,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let input = ChangeRank {
        player_id: player,
        rank_id: rank,
        reason: reason.to_owned(),
        expected: None,
    };
    change(tx, ctx, input, None, undoes).await
}

pub(super) async fn change(
    tx: &mut Write,
    ctx: &Ctx,
    input: ChangeRank,
    direction: Option<Direction>,
    undoes: Option<i64>,
) -> Result<EventLine> {
    with_ranks(ctx)?;
    let subject = Subject::read(tx, ctx, input.player_id).await?;
    let rank = rank_to_give(tx, input.rank_id).await?;
    if let Err(missing) = subject.decide_rank(rank.level, rank.access) {
        return Err(refuse_player(tx, ctx, input.player_id, missing).await?);
    }
    if roster::model::is_gone(&subject.standing) {
        return Err(ConflictCode::PlayerGone.into());
    }
    let open = store::holdings::open(tx, input.player_id).await?;
    if input.expected.is_some() && open.map(|open| open.holding_id) != input.expected {
        return Err(ConflictCode::Stale.into());
    }
    if subject.rank == Some(input.rank_id) {
        return Err(ConflictCode::AlreadyMember.into());
    }
    let kind = kind_of_change(subject.level(), rank.level);
    let up = kind == EventKind::Promoted;
    if direction.is_some_and(|direction| (direction == Direction::Up) != up) {
        return Err(AppError::field("rank_id", FieldProblem::OutOfRange).into());
    }
    let least = if up && input.reason.trim().is_empty() {
        0
    } else {
        3
    };
    let reason = name::text(&input.reason, least, limits::REASON)
        .map_err(|problem| AppError::field("reason", problem))?;
    let holding = Uuid::now_v7();
    store::holdings::end(tx, input.player_id, ctx.now).await?;
    store::holdings::begin(
        tx,
        holding,
        input.player_id,
        input.rank_id,
        ctx.now,
        &reason,
    )
    .await?;
    let undo = open.map(|open| {
        Command::ChangeRank(ChangeRank {
            player_id: input.player_id,
            rank_id: open.rank_id,
            reason: "Undone".to_owned(),
            expected: Some(holding),
        })
    });
    let data = EventData {
        player: Some(subject.common_name),
        before: Some(subject.rank_name),
        after: Some(rank.name),
        reason: (!reason.is_empty()).then_some(reason),
        ..EventData::default()
    };
    let event = NewEvent::new(kind, data)
        .player(input.player_id)
        .undo(undo.as_ref().and_then(undo_with))
        .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// What a change from one level to another is.
fn kind_of_change(from: i64, to: i64) -> EventKind {
    match to.cmp(&from) {
        Ordering::Greater => EventKind::Promoted,
        Ordering::Less => EventKind::Demoted,
        Ordering::Equal => EventKind::RankChanged,
    }
}

/// A rank as somebody gives it up or gets it.
pub(super) struct Rung<'a> {
    pub(super) id: RankId,
    pub(super) name: &'a str,
    pub(super) level: i64,
}

/// Gives people who hold one rank another, because one of the two was deleted or brought back. Each
/// has an event of it and is told like after any change of rank; what was done to the rank takes it
/// back for all of them.
pub(super) async fn move_all(
    tx: &mut Write,
    ctx: &Ctx,
    people: &[(PlayerId, String)],
    (from, to): (Rung<'_>, Rung<'_>),
    reason: &str,
) -> Result<()> {
    let kind = kind_of_change(from.level, to.level);
    for (player, name) in people {
        store::holdings::end(tx, *player, ctx.now).await?;
        let holding = Uuid::now_v7();
        store::holdings::begin(tx, holding, *player, to.id, ctx.now, reason).await?;
        let data = EventData {
            player: Some(name.clone()),
            before: Some(from.name.to_owned()),
            after: Some(to.name.to_owned()),
            reason: Some(reason.to_owned()),
            ..EventData::default()
        };
        let event = NewEvent::new(kind, data).player(*player);
        events::append(tx, ctx, event).await?;
    }
    Ok(())
}

/// A rank that players can hold: not the guest rank.
async fn rank_to_give(tx: &mut Read, rank: RankId) -> Result<store::ranks::RankRow> {
    match store::ranks::get(tx, rank).await {
        Ok(rank) if !rank.is_guest => Ok(rank),
        Ok(_) | Err(Failure::App(AppError::NotFound)) => {
            Err(AppError::field("rank_id", FieldProblem::Unknown).into())
        }
        Err(failure) => Err(failure),
    }
}

/// Ends the rank of a player who leaves the organisation. Answers which it was.
///
/// # Errors
/// When the database fails.
pub async fn end_rank(tx: &mut Write, player: PlayerId, at: Instant) -> Result<Option<RankId>> {
    let open = store::holdings::open(tx, player).await?;
    store::holdings::end(tx, player, at).await?;
    Ok(open.map(|open| open.rank_id))
}

/// The level by which bringing somebody back is judged: the highest of the rank that they held last,
/// as it was then and as it is now, and of the default rank, which they may get; 0 without ranks.
///
/// # Errors
/// When the database fails.
pub async fn level_of_return(tx: &mut Read, player: PlayerId) -> Result<i64> {
    let (then, now) = store::holdings::last(tx, player).await?.unwrap_or_default();
    let default = store::ranks::default_level(tx).await?;
    Ok(then.max(now).max(default.unwrap_or_default()))
}

/// Level and access of a rank; none when there is no such rank.
///
/// # Errors
/// When the database fails.
pub async fn level_and_access(tx: &mut Read, rank: RankId) -> Result<Option<(i64, AccessSet)>> {
    match store::ranks::get(tx, rank).await {
        Ok(row) => Ok(Some((row.level, row.access))),
        Err(Failure::App(AppError::NotFound)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Gives a player who comes back the rank of before, or the default one when that is gone. Who was
/// imported as gone kept their rank and keeps it.
///
/// # Errors
/// When the database fails.
pub async fn give_rank_again(
    tx: &mut Write,
    player: PlayerId,
    rank: Option<RankId>,
    at: Instant,
) -> Result<()> {
    if store::holdings::open(tx, player).await?.is_some() {
        return Ok(());
    }
    if let Some(rank) = rank {
        let known = match store::ranks::get(tx, rank).await {
            Ok(row) => !row.is_guest,
            Err(Failure::App(AppError::NotFound)) => false,
            Err(failure) => return Err(failure),
        };
        if known {
            let (holding, reason) = (Uuid::now_v7(), "Came back");
            return store::holdings::begin(tx, holding, player, rank, at, reason).await;
        }
    }
    store::holdings::begin_default(tx, player, at).await
}
