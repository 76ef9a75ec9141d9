//! Members leave a group together.

use super::{Computed, keep, people, players_of};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, GroupId, MembershipId,
        access::{Action, Facts, Target, decide, untouched},
        event::Outcome,
    },
    features::{
        guard::{
            input::{Change, Chosen, RemoveMembers},
            model::{Item, MOST, Plan, Skipped},
        },
        roster::{
            self,
            input::{RemoveMember, reason},
            read_model::{Member, Player, Roster},
        },
    },
    server::{
        Ctx, Failure, Result,
        db::{Read, Write},
    },
};
use std::collections::HashSet;

/// Plans that members of a group leave it.
///
/// # Errors
/// No such group for the actor, a missing grant, no reason, or nobody chosen.
pub async fn plan_removal(
    ctx: &Ctx,
    group: GroupId,
    members: Vec<MembershipId>,
    because: &str,
) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let roster = roster::service::roster_in(&mut tx, ctx).await?;
    authorise(ctx, &roster, group)?;
    let because = reason(because)?;
    if members.is_empty() {
        return Err(AppError::field("members", FieldProblem::Required).into());
    }
    if members.len() > MOST {
        return Err(AppError::field("members", FieldProblem::OutOfRange).into());
    }
    let mut seen = HashSet::new();
    let chosen: Vec<Chosen> = roster
        .members_of(group)
        .iter()
        .filter(|member| members.contains(&member.membership_id))
        .filter(|member| seen.insert(member.membership_id))
        .map(|member| Chosen {
            membership: member.membership_id,
            player: member.player_id,
        })
        .collect();
    if chosen.is_empty() {
        // All of them left meanwhile, or never were here.
        return Err(ConflictCode::Stale.into());
    }
    let change = Change::RemoveMembers(RemoveMembers {
        group,
        members: chosen,
        reason: because,
    });
    keep(ctx, tx, &change).await
}

/// The actor's facts, if they may remove members of this group.
fn authorise(ctx: &Ctx, roster: &Roster, group: GroupId) -> Result<Facts> {
    let facts = roster::service::facts(ctx, roster);
    let visible = roster::service::visible_groups(ctx, roster);
    if roster.group(group).is_none() || !visible.has(group) {
        return Err(Failure::App(AppError::NotFound));
    }
    let target = Target::Group(&roster.path(group));
    decide(&facts, Action::AssignMembers, target).map_err(|missing| ctx.refuse(missing))?;
    Ok(facts)
}

pub(super) async fn compute(tx: &mut Read, ctx: &Ctx, input: &RemoveMembers) -> Result<Computed> {
    let roster = roster::service::roster_in(tx, ctx).await?;
    let facts = authorise(ctx, &roster, input.group)?;
    let name = roster
        .group(input.group)
        .map(|group| group.name.clone())
        .unwrap_or_default();
    let mut plan = Plan::default();
    for chosen in &input.members {
        let Some(player) = roster.player(chosen.player) else {
            continue;
        };
        let member = roster
            .members_of(input.group)
            .iter()
            .find(|member| member.membership_id == chosen.membership);
        match why_not(&roster, &facts, player, member) {
            Ok(member) => plan.items.push(Item {
                player: player.player_id,
                name: player.common_name.clone(),
                membership: Some(member.membership_id),
                what: format!("leaves {name}, where they are {}", member.role_name),
                why: input.reason.clone(),
            }),
            Err(why) => plan.skipped.push(Skipped {
                player: player.player_id,
                name: player.common_name.clone(),
                why,
            }),
        }
    }
    let count = people(plan.count());
    Ok(Computed {
        change: Change::RemoveMembers(input.clone()),
        plan,
        players: players_of(&roster),
        title: format!("Remove people from {name}"),
        action: format!("Remove {count}"),
        done: format!("Removed {count} from {name}"),
        reason: input.reason.clone(),
        group: input.group,
    })
}

/// The membership to end, or what stands in the way.
fn why_not<'a>(
    roster: &Roster,
    facts: &Facts,
    player: &Player,
    member: Option<&'a Member>,
) -> std::result::Result<&'a Member, AppError> {
    let gone = AppError::Conflict(ConflictCode::PlayerMoved { now_in: None });
    let member = member.ok_or(gone)?;
    let path = roster.scope_of(player.player_id);
    untouched(facts, &roster.person(player, &path)).map_err(AppError::Forbidden)?;
    Ok(member)
}

pub(super) async fn carry_out(
    tx: &mut Write,
    ctx: &Ctx,
    input: &RemoveMembers,
    plan: &Plan,
) -> Result<()> {
    // The actor goes last, so that taking all back begins with their own role.
    let own = ctx.actor.player.as_ref().map(|(player, _)| *player);
    let mut items: Vec<&Item> = plan.items.iter().collect();
    items.sort_by_key(|item| Some(item.player) == own);
    let removals = items
        .into_iter()
        .filter_map(|item| item.membership)
        .map(|membership_id| RemoveMember {
            membership_id,
            reason: input.reason.clone(),
        })
        .collect();
    roster::service::remove_members_in(tx, ctx, removals).await
}
