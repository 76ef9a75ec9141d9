//! People of a group get another rank together (§3.3).

use super::{Computed, keep, people, players_of};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, GroupId, PlayerId, RankId,
        access::{Action, Facts, Target, decide},
        event::Outcome,
        module::Module,
        name,
    },
    features::{
        guard::{
            input::{Change, ChangeRanks},
            model::{Candidate, Candidates, Item, MOST, Plan, Skipped},
        },
        ranks,
        roster::{
            self,
            model::limits,
            read_model::{Player, Roster},
        },
    },
    server::{
        Ctx, Failure, Result,
        db::{Read, Write},
    },
};
use std::collections::HashSet;

/// The actor's facts, if they may promote or demote anybody of this group.
fn authorise(ctx: &Ctx, roster: &Roster, group: GroupId) -> Result<Facts> {
    let visible = roster::service::visible_groups(ctx, roster);
    let known = roster.group(group).is_some() && visible.has(group);
    if !known || !ctx.tenant()?.modules.has(Module::Ranks) {
        return Err(Failure::App(AppError::NotFound));
    }
    let facts = roster::service::facts(ctx, roster);
    let path = roster.path(group);
    decide(&facts, Action::Promote, Target::Group(&path))
        .or_else(|_| decide(&facts, Action::Demote, Target::Group(&path)))
        .map_err(|missing| ctx.refuse(missing))?;
    Ok(facts)
}

/// People of a group, and perhaps of those below it that the actor sees, in command order; each
/// once.
fn members<'a>(
    ctx: &Ctx,
    roster: &'a Roster,
    group: GroupId,
    below: bool,
) -> Vec<(&'a Player, &'a str)> {
    let visible = roster::service::visible_groups(ctx, roster);
    let mut seen = HashSet::new();
    roster
        .groups
        .iter()
        .filter(|other| visible.has(other.id))
        .filter(|other| other.id == group || (below && roster.path(other.id).contains(&group)))
        .flat_map(|place| {
            let members = roster.members_of(place.id).iter();
            members.map(move |member| (member.player_id, place.name.as_str()))
        })
        .filter(|(player, _)| seen.insert(*player))
        .filter_map(|(player, place)| Some((roster.player(player)?, place)))
        .collect()
}

/// What the page offers that plans a change of ranks.
///
/// # Errors
/// No such group for the actor, no ranks in this Org, or neither promoting nor demoting allowed.
pub async fn read_candidates(
    ctx: &Ctx,
    group: GroupId,
    below: bool,
    filter: &str,
) -> Result<Candidates> {
    let roster = roster::service::roster_now(ctx).await?;
    authorise(ctx, &roster, group)?;
    let name = roster.group(group).map(|group| group.name.clone());
    let wanted = filter.trim().to_lowercase();
    let title = |player: &Player| {
        let title = roster.rank_in(player, group);
        title.map(|title| title.name.clone()).unwrap_or_default()
    };
    let people = members(ctx, &roster, group, below)
        .into_iter()
        .map(|(player, place)| Candidate {
            player: player.player_id,
            name: player.common_name.clone(),
            rank: title(player),
            group: place.to_owned(),
        })
        .filter(|person| {
            let texts = [&person.name, &person.rank, &person.group];
            wanted.is_empty()
                || texts
                    .iter()
                    .any(|text| text.to_lowercase().contains(&wanted))
        })
        .take(MOST)
        .collect();
    let path = roster.path(group);
    let ranks = roster.ladder.rungs().into_iter();
    let ranks = ranks
        .map(|rank| {
            let here = roster.ladder.title(rank.id, &path).unwrap_or(rank);
            (rank.id, here.name.clone())
        })
        .collect();
    Ok(Candidates {
        group,
        name: name.unwrap_or_default(),
        people,
        ranks,
    })
}

/// Plans that people get a rank.
///
/// # Errors
/// See [`read_candidates`]; nobody chosen, no such rank, or a reason that is too long.
pub async fn plan_rank_change(
    ctx: &Ctx,
    group: GroupId,
    players: Vec<PlayerId>,
    rank: RankId,
    because: &str,
) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let roster = roster::service::roster_in(&mut tx, ctx).await?;
    authorise(ctx, &roster, group)?;
    let reason = name::text(because, 3, limits::REASON)
        .map_err(|problem| AppError::field("reason", problem))?;
    if players.is_empty() {
        return Err(AppError::field("players", FieldProblem::Required).into());
    }
    if players.len() > MOST {
        return Err(AppError::field("players", FieldProblem::OutOfRange).into());
    }
    if !roster.ladder.rungs().iter().any(|known| known.id == rank) {
        return Err(AppError::field("rank_id", FieldProblem::Unknown).into());
    }
    let chosen: Vec<PlayerId> = members(ctx, &roster, group, true)
        .into_iter()
        .map(|(player, _)| player.player_id)
        .filter(|player| players.contains(player))
        .collect();
    if chosen.is_empty() {
        return Err(ConflictCode::Stale.into());
    }
    let change = Change::ChangeRanks(ChangeRanks {
        group,
        players: chosen,
        rank,
        reason,
    });
    keep(ctx, tx, &change).await
}

pub(super) async fn compute(tx: &mut Read, ctx: &Ctx, input: &ChangeRanks) -> Result<Computed> {
    let roster = roster::service::roster_in(tx, ctx).await?;
    let facts = authorise(ctx, &roster, input.group)?;
    let path = roster.path(input.group);
    let name = |rank| {
        let title = roster.ladder.title(rank, &path);
        title.map(|title| title.name.clone()).unwrap_or_default()
    };
    let to = name(input.rank);
    let mut plan = Plan::default();
    for player in &input.players {
        let Some(player) = roster.player(*player) else {
            continue;
        };
        match why_not(&roster, &facts, player, input.rank) {
            None => plan.items.push(Item {
                player: player.player_id,
                name: player.common_name.clone(),
                membership: None,
                what: format!(
                    "becomes {to}, is {}",
                    player.rank_id.map(name).unwrap_or_default()
                ),
                why: input.reason.clone(),
            }),
            Some(why) => plan.skipped.push(Skipped {
                player: player.player_id,
                name: player.common_name.clone(),
                why,
            }),
        }
    }
    let count = people(plan.count());
    let group = roster.group(input.group);
    let group = group.map(|group| group.name.as_str()).unwrap_or_default();
    Ok(Computed {
        change: Change::ChangeRanks(input.clone()),
        players: players_of(&roster),
        title: format!("Give people of {group} the rank {to}"),
        action: format!("Give {count} the rank {to}"),
        done: format!("Gave {count} of {group} the rank {to}"),
        reason: input.reason.clone(),
        group: input.group,
        plan,
    })
}

/// What stands in the way of giving this player the rank.
fn why_not(roster: &Roster, facts: &Facts, player: &Player, rank: RankId) -> Option<AppError> {
    if roster::model::is_gone(&player.standing) {
        return Some(AppError::Conflict(ConflictCode::PlayerGone));
    }
    if player.rank_id == Some(rank) {
        return Some(AppError::Conflict(ConflictCode::AlreadyMember));
    }
    let (now, then) = (
        roster.ladder.facts(player.rank_id),
        roster.ladder.facts(Some(rank)),
    );
    let action = if then.level > now.level {
        Action::Promote
    } else {
        Action::Demote
    };
    let path = roster.scope_of(player.player_id);
    let target = Target::NewRank {
        person: &roster.person(player, &path),
        level: then.level,
        gains: then.access.without(now.access),
    };
    decide(facts, action, target).err().map(AppError::Forbidden)
}

pub(super) async fn carry_out(
    tx: &mut Write,
    ctx: &Ctx,
    input: &ChangeRanks,
    plan: &Plan,
) -> Result<()> {
    for item in &plan.items {
        ranks::service::change_rank_in(tx, ctx, item.player, input.rank, &input.reason, None)
            .await?;
    }
    Ok(())
}
