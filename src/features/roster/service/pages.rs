//! What the pages of a group and of a player are given, and what forms offer (§4, §5.2): from the
//! roster in memory, with what the actor may see and do.

use super::queries::{decide_on, facts, group_choice, may, roster_now, visible_groups};
use crate::{
    domain::{
        AppError, GroupId, PlayerId,
        access::{Action, Facts, Missing, Person, Target, decide, may_give},
        module::Module,
    },
    features::{
        attendance, joining, leave, ranks,
        roster::{
            access::who,
            model::is_gone,
            model::pages::{
                Assignment, Choices, Controls, GroupChoice, GroupPage, HistoryLine, MemberLine,
                PlayerChoice, PlayerPage, PositionLine, RoleLine,
            },
            read_model::{Group, Member, Player, Roster, Visible, Who},
            store::{self, members::HistoryRow},
        },
    },
    server::{Ctx, Failure, Result, db::Read, markdown},
};
use std::collections::HashSet;

fn player_choice(roster: &Roster, id: PlayerId) -> Option<PlayerChoice> {
    roster.player(id).map(|player| PlayerChoice {
        id,
        name: player.common_name.clone(),
    })
}

/// The page of a group.
///
/// # Errors
/// `NotFound` when there is no such group or the actor may not see it.
pub async fn read_group(ctx: &Ctx, id: GroupId) -> Result<GroupPage> {
    let roster = roster_now(ctx).await?;
    let visible = visible_groups(ctx, &roster);
    let group = roster
        .group(id)
        .filter(|group| visible.has(group.id))
        .ok_or(Failure::App(AppError::NotFound))?;
    let facts = facts(ctx, &roster);
    let can_edit = may(&facts, &roster, Action::EditStructure, id);
    let assign = decide(
        &facts,
        Action::AssignMembers,
        Target::Group(&roster.path(id)),
    );
    let is_member = ctx.actor.player.is_some() || ctx.actor.founder;
    let has_ranks = ctx.tenant()?.modules.has(Module::Ranks);
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let history = store::members::history_of_group(&mut tx, id).await?;
    let way = joining::service::way_into(&mut tx, ctx, &roster, group).await?;
    tx.done().await?;
    let events = crate::features::audit::service::events_of_group(ctx, id).await?;
    let description = if is_member {
        group.description.clone()
    } else {
        String::new()
    };
    Ok(GroupPage {
        id,
        above: roster
            .path(group.parent)
            .into_iter()
            .rev()
            .filter(|above| visible.has(*above))
            .filter_map(|above| roster.group(above).map(group_choice))
            .collect(),
        parent: group.parent,
        name: group.name.clone(),
        acronym: group.acronym.clone(),
        ident: group.ident.clone(),
        kind: group.kind.clone(),
        description_html: markdown::render(&description),
        description: if can_edit { description } else { String::new() },
        exclusive: group.exclusive,
        visibility: group.visibility.as_str().to_owned(),
        policy: group.policy.as_str().to_owned(),
        founded: group.founded,
        version: group.version,
        members: roster
            .members_of(id)
            .iter()
            .map(|member| member_line(&roster, member))
            .map(|line| MemberLine {
                rank: line.rank.filter(|_| has_ranks),
                ..line
            })
            .collect(),
        roles: role_lines(&roster, id),
        positions: position_lines(&roster, id),
        managers: roster
            .managers
            .get(&id)
            .into_iter()
            .flatten()
            .filter_map(|player| player_choice(&roster, *player))
            .collect(),
        manager_groups: roster
            .manager_groups
            .get(&id)
            .into_iter()
            .flatten()
            .filter(|by| visible.has(**by))
            .filter_map(|by| roster.group(*by).map(group_choice))
            .collect(),
        subgroups: roster
            .groups
            .iter()
            .filter(|below| below.parent == id && visible.has(below.id))
            .map(group_choice)
            .collect(),
        history: history.into_iter().map(history_of_player_line).collect(),
        events,
        can_edit,
        can_move: may(&facts, &roster, Action::EditStructure, group.parent),
        can_choose_managers: may(&facts, &roster, Action::ManageManagers, id),
        can_rank: has_ranks
            && [Action::Promote, Action::Demote]
                .iter()
                .any(|action| may(&facts, &roster, *action, id)),
        can_assign: assign.is_ok(),
        missing_assign: assign.err().filter(|_| ctx.actor.player.is_some()),
        offers: offers(&facts, &roster, id, has_ranks),
        has_ranks,
        way,
    })
}

/// What a role can grant in a group, and why the actor may not put it into one.
fn offers(
    facts: &Facts,
    roster: &Roster,
    group: GroupId,
    has_ranks: bool,
) -> Vec<(Action, Option<Missing>)> {
    let path = roster.path(group);
    let of_ranks = |action: Action| matches!(action, Action::Promote | Action::Demote);
    let grantable = Action::ALL
        .iter()
        .filter(|action| action.in_groups() && (has_ranks || !of_ranks(**action)));
    grantable
        .map(|action| {
            let access = [*action].into_iter().collect();
            (*action, may_give(facts, access, Target::Group(&path)).err())
        })
        .collect()
}

fn member_line(roster: &Roster, member: &Member) -> MemberLine {
    let role = roster
        .roles_of(member.group_id)
        .iter()
        .find(|r| r.role_id == member.role_id);
    let position = member.position_id.and_then(|id| {
        roster
            .positions_of(member.group_id)
            .iter()
            .find(|position| position.position_id == id)
    });
    MemberLine {
        membership_id: member.membership_id,
        player: PlayerChoice {
            id: member.player_id,
            name: member.common_name.clone(),
        },
        rank: roster
            .player(member.player_id)
            .and_then(|player| roster.rank_in(player, member.group_id))
            .cloned(),
        role: member.role_name.clone(),
        role_id: member.role_id,
        leads: role.is_some_and(|role| role.leadership),
        position: position.map(|position| position.name.clone()),
        position_id: member.position_id,
        since: member.since,
    }
}

fn role_lines(roster: &Roster, group: GroupId) -> Vec<RoleLine> {
    let members = roster.members_of(group);
    let holders = |id| members.iter().filter(|member| member.role_id == id).count() as u32;
    roster
        .roles_of(group)
        .iter()
        .map(|role| RoleLine {
            id: role.role_id,
            name: role.name.clone(),
            acronym: role.acronym.clone(),
            leadership: role.leadership,
            singular: role.singular,
            access: role.access,
            version: role.version,
            holders: holders(role.role_id),
        })
        .collect()
}

fn position_lines(roster: &Roster, group: GroupId) -> Vec<PositionLine> {
    let roles = roster.roles_of(group);
    roster
        .positions_of(group)
        .iter()
        .map(|position| PositionLine {
            id: position.position_id,
            name: position.name.clone(),
            wants: position.wants.clone(),
            role_id: position.role_id,
            role: roles
                .iter()
                .find(|role| role.role_id == position.role_id)
                .map(|role| role.name.clone())
                .unwrap_or_default(),
            version: position.version,
            holder: roster
                .members_of(group)
                .iter()
                .find(|member| member.position_id == Some(position.position_id))
                .map(|member| PlayerChoice {
                    id: member.player_id,
                    name: member.common_name.clone(),
                }),
        })
        .collect()
}

fn post_of(role: String, position: Option<String>) -> String {
    match position {
        Some(position) if position != role => format!("{position} ({role})"),
        _ => role,
    }
}

fn history_of_player_line(row: HistoryRow) -> HistoryLine {
    HistoryLine {
        title: row.common_name,
        href: Some(format!("/players/{}", row.player_id)),
        post: post_of(row.role_name, row.position_name),
        since: row.since,
        until: row.until,
        reason: row.end_reason,
    }
}

/// The page of a player. Groups the actor may not see are left out, also from history.
///
/// # Errors
/// `NotFound` when there is no such player, or a stranger asks for somebody who is in no group
/// that strangers see.
pub async fn read_player(ctx: &Ctx, id: PlayerId) -> Result<PlayerPage> {
    let not_found = || Failure::App(AppError::NotFound);
    let roster = roster_now(ctx).await?;
    let visible = visible_groups(ctx, &roster);
    let player = roster.player(id).ok_or_else(not_found)?;
    let facts = facts(ctx, &roster);
    let assignments = assignments(&roster, &visible, &facts, id);
    if who(ctx) == Who::Stranger && assignments.is_empty() {
        return Err(not_found());
    }
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let history = store::members::history_of_player(&mut tx, id).await?;
    let exclusive = roster.exclusive_of(id);
    // The names of a rank set would tell of a group that the viewer may not see.
    let place = exclusive.filter(|(_, group)| visible.has(*group));
    let place = place.map(|(_, group)| group).or(roster.root());
    let rank = if ctx.tenant()?.modules.has(Module::Ranks) {
        let title = place.and_then(|group| roster.rank_in(player, group));
        Some(ranks::service::history_of(&mut tx, ctx, id, title).await?)
    } else {
        None
    };
    let controls = match &ctx.actor.player {
        Some(_) => Some(controls(&mut tx, &facts, &roster, player).await?),
        None => None,
    };
    let attendance = attendance::service::person(&mut tx, ctx, &roster, id).await?;
    let away = match &attendance {
        Some(_) => leave::service::away_at(&mut tx, ctx, ctx.now).await?,
        None => HashSet::new(),
    };
    tx.done().await?;
    let events = crate::features::audit::service::events_of_player(ctx, id).await?;
    let can = |action| decide_on(&roster, &facts, action, player).is_ok();
    let targets = choosable(&roster, &visible, &facts, &[Action::AssignMembers]);
    Ok(PlayerPage {
        id,
        name: player.common_name.clone(),
        standing: player.standing.clone(),
        claimed: player.claimed,
        joined: player.joined_at,
        version: player.version,
        assignments,
        history: history
            .into_iter()
            .filter(|row| visible.has(row.group_id))
            .map(|row| HistoryLine {
                href: roster
                    .group(row.group_id)
                    .map(|group| format!("/groups/{}", group.id)),
                title: row.group_name,
                post: post_of(row.role_name, row.position_name),
                since: row.since,
                until: row.until,
                reason: row.end_reason,
            })
            .collect(),
        events,
        expected: exclusive
            .filter(|(_, group)| visible.has(*group))
            .map(|(membership, _)| membership),
        missing_move: (targets.is_empty() && ctx.actor.player.is_some())
            .then_some(Missing::AccessHere(Action::AssignMembers)),
        targets,
        can_edit: can(Action::ManagePlayers),
        can_read_access: facts.player == Some(id) || ctx.actor.may(Action::ReadAccess).is_ok(),
        can_see_as: ctx.own_eyes().is_ok() && can(Action::SeeAs),
        rank,
        controls,
        attendance,
        on_leave: away.contains(&id),
    })
}

/// What the actor could do to a player, judged like the commands.
async fn controls(
    tx: &mut Read,
    facts: &Facts,
    roster: &Roster,
    player: &Player,
) -> Result<Controls> {
    let path = roster.scope_of(player.player_id);
    let person = roster.person(player, &path);
    let level = person.level;
    let may = |action, level| {
        let person = Person { level, ..person };
        decide(facts, action, Target::Person(&person)).err()
    };
    let rank = may(Action::Promote, level);
    let (id, standing) = (player.player_id, &player.standing);
    let kick_level = super::standing::kick_level(tx, id, standing, level).await?;
    Ok(Controls {
        rank: rank.filter(|_| may(Action::Demote, level).is_some()),
        kick: may(Action::Kick, kick_level),
    })
}

fn assignments(
    roster: &Roster,
    visible: &Visible,
    facts: &Facts,
    player: PlayerId,
) -> Vec<Assignment> {
    let mut found = Vec::new();
    for group in roster.groups.iter().filter(|group| visible.has(group.id)) {
        for member in roster
            .members_of(group.id)
            .iter()
            .filter(|m| m.player_id == player)
        {
            let line = member_line(roster, member);
            found.push(Assignment {
                membership_id: member.membership_id,
                group: group_choice(group),
                post: post_of(line.role, line.position),
                since: member.since,
                exclusive: group.exclusive,
                can_remove: may(facts, roster, Action::AssignMembers, group.id),
            });
        }
    }
    found.sort_by_key(|assignment| !assignment.exclusive);
    found
}

/// Groups in which the actor may do something, in command order.
fn choosable(
    roster: &Roster,
    visible: &Visible,
    facts: &Facts,
    actions: &[Action],
) -> Vec<GroupChoice> {
    let may_all = |group: &Group| {
        let mut actions = actions.iter();
        actions.all(|action| may(facts, roster, *action, group.id))
    };
    roster
        .groups
        .iter()
        .filter(|group| visible.has(group.id) && may_all(group))
        .map(group_choice)
        .collect()
}

/// What forms offer. Each list is exactly what the command behind the form takes.
///
/// # Errors
/// When the database fails.
pub async fn read_choices(ctx: &Ctx) -> Result<Choices> {
    let roster = roster_now(ctx).await?;
    let visible = visible_groups(ctx, &roster);
    let facts = facts(ctx, &roster);
    let groups = |actions: &[Action]| choosable(&roster, &visible, &facts, actions);
    let root = roster.root();
    let at_root = |action| root.is_some_and(|root| may(&facts, &roster, action, root));
    let choices = Choices {
        groups: groups(&[Action::AssignMembers]),
        players: Vec::new(),
        parents: groups(&[Action::EditStructure]),
        root: root.filter(|_| at_root(Action::EditStructure)),
        homes: groups(&[Action::ManagePlayers, Action::AssignMembers]),
        unassigned: at_root(Action::ManagePlayers),
    };
    let leads = !choices.groups.is_empty()
        || !choices.parents.is_empty()
        || !groups(&[Action::ManageManagers]).is_empty();
    if !leads && choices.root.is_none() && !choices.unassigned {
        return Ok(choices);
    }
    let players = roster.players.iter();
    let players = players.filter(|player| !is_gone(&player.standing));
    let players = players.map(|player| PlayerChoice {
        id: player.player_id,
        name: player.common_name.clone(),
    });
    Ok(Choices {
        players: players.collect(),
        ..choices
    })
}
