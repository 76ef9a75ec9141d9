//! Who can do what, and looking through another member's eyes.

mod see_as;

pub use see_as::{see_as, stop_seeing_as};

use super::model::{AccessLine, AccessPage, AccessRow, GroupAccess, PAGE, PersonAccess};
use crate::{
    domain::{
        AppError, GroupId, PlayerId,
        access::{AccessSet, Action, Facts, Grant, Missing, Target, decide},
    },
    features::roster::{
        self,
        read_model::{Player, Roster, Visible},
        service::group_choice,
    },
    server::{Ctx, Failure, Result},
};
use std::{collections::HashSet, sync::Arc};

/// What the viewer may see of the Org.
struct Seen {
    roster: Arc<Roster>,
    visible: Visible,
    /// The people they may see; none means all.
    people: Option<HashSet<PlayerId>>,
}

impl Seen {
    async fn of(ctx: &Ctx) -> Result<Self> {
        let roster = roster::service::roster_now(ctx).await?;
        let visible = roster::service::visible_groups(ctx, &roster);
        let people = roster::service::shown_players(ctx, &roster, &visible);
        Ok(Self {
            roster,
            visible,
            people,
        })
    }

    /// A player whom the viewer may see.
    fn player(&self, id: PlayerId) -> Result<&Player> {
        self.roster
            .player(id)
            .filter(|_| {
                self.people
                    .as_ref()
                    .is_none_or(|people| people.contains(&id))
            })
            .ok_or(Failure::App(AppError::NotFound))
    }

    /// People who belong to the Org and whom the viewer may see, by name.
    fn players(&self) -> impl Iterator<Item = &Player> {
        self.roster.players.iter().filter(|player| {
            let id = &player.player_id;
            player.standing == "active"
                && self
                    .people
                    .as_ref()
                    .is_none_or(|people| people.contains(id))
        })
    }

    /// What somebody holds, without the management that comes of a group the viewer does not see:
    /// it would tell who is a member there.
    fn facts(&self, player: &Player) -> Facts {
        let id = player.player_id;
        let mut facts = roster::service::facts_of(&self.roster, player);
        facts.manages.retain(|group| {
            let direct = self.roster.managers.get(group);
            let through = self.roster.manager_groups.get(group).into_iter().flatten();
            direct.is_some_and(|managers| managers.contains(&id))
                || through
                    .filter(|by| self.visible.has(**by))
                    .any(|by| self.is_member(id, *by))
        });
        facts
    }

    fn is_member(&self, player: PlayerId, group: GroupId) -> bool {
        let mut members = self.roster.members_of(group).iter();
        members.any(|member| member.player_id == player)
    }

    /// A grant as people read it: "Rank Captain", "In Command of 1st Platoon".
    fn words(&self, player: &Player, action: Action, grant: Grant, path: &[GroupId]) -> String {
        let name = |group| match self.roster.group(group) {
            Some(group) => group.name.as_str(),
            None => "the organisation",
        };
        match grant {
            Grant::Founder => "Founder".to_owned(),
            Grant::CoFounder => "Co-founder".to_owned(),
            Grant::Rank => {
                let title = player
                    .rank_id
                    .and_then(|rank| self.roster.ladder.title(rank, path));
                format!("Rank {}", title.map_or("", |title| title.name.as_str()))
            }
            Grant::Role(group) => {
                let roles = self.roster.roles_of(group);
                let held = self.roster.members_of(group).iter();
                let role = held
                    .filter(|member| member.player_id == player.player_id)
                    .filter_map(|member| roles.iter().find(|role| role.role_id == member.role_id))
                    .find(|role| role.grants().has(action));
                let role = role.map_or("Role", |role| role.name.as_str());
                format!("{role} of {}", name(group))
            }
            Grant::Manager(group) => format!("Manager of {}", name(group)),
            Grant::Oneself => "Themself".to_owned(),
        }
    }

    /// The answer to "may this person do that there", in words.
    fn answer(
        &self,
        player: &Player,
        facts: &Facts,
        action: Action,
        path: &[GroupId],
    ) -> std::result::Result<String, Missing> {
        let target = match path {
            [] => Target::Org,
            path => Target::Group(path),
        };
        let granted = decide(facts, action, target)?;
        Ok(self.words(player, action, granted.grant(), path))
    }
}

/// Who can do what, and through which grant, in the whole Org or in a group. Only those are listed
/// who can do more than the default rank lets everybody.
///
/// # Errors
/// The access is missing, or no such group for the viewer.
pub async fn list_access(ctx: &Ctx, group: &str, before: u32) -> Result<AccessPage> {
    ctx.tenant()?;
    ctx.actor
        .may(Action::ReadAccess)
        .map_err(|missing| ctx.refuse(missing))?;
    let seen = Seen::of(ctx).await?;
    let not_found = || Failure::App(AppError::NotFound);
    let chosen = match group {
        "" => None,
        id => {
            let id: GroupId = id.parse().map_err(|_| not_found())?;
            let group = seen.roster.group(id).filter(|_| seen.visible.has(id));
            Some(group_choice(group.ok_or_else(not_found)?))
        }
    };
    let path = chosen.as_ref().map(|group| seen.roster.path(group.id));
    let path = path.unwrap_or_default();
    let actions: Vec<Action> = Action::ALL
        .iter()
        .copied()
        .filter(|action| path.is_empty() || action.in_groups())
        .collect();
    let everybody = seen.roster.ladder.default_rank().access;
    let mut rows: Vec<AccessRow> = seen
        .players()
        .filter_map(|player| row(&seen, player, &actions, &path, everybody))
        .collect();
    let can = |row: &AccessRow| row.cells.iter().filter(|cell| !cell.is_empty()).count();
    rows.sort_by_key(|row| std::cmp::Reverse(can(row)));
    let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let before = before.min(total);
    let rows = rows.into_iter().skip(before as usize).take(PAGE).collect();
    Ok(AccessPage {
        groups: visible_groups(&seen),
        chosen,
        everybody: everybody.iter().filter(|a| actions.contains(a)).collect(),
        actions,
        rows,
        total,
        before,
    })
}

fn visible_groups(seen: &Seen) -> Vec<roster::model::pages::GroupChoice> {
    let groups = seen.roster.groups.iter();
    groups
        .filter(|group| seen.visible.has(group.id))
        .map(group_choice)
        .collect()
}

/// The row of somebody who can do more than everybody.
fn row(
    seen: &Seen,
    player: &Player,
    actions: &[Action],
    path: &[GroupId],
    everybody: AccessSet,
) -> Option<AccessRow> {
    let facts = seen.facts(player);
    let cells: Vec<String> = actions
        .iter()
        .map(|action| {
            seen.answer(player, &facts, *action, path)
                .unwrap_or_default()
        })
        .collect();
    let mut all = actions.iter().zip(&cells);
    let more = all.any(|(action, cell)| !cell.is_empty() && !everybody.has(*action));
    more.then(|| AccessRow {
        player: player.player_id,
        name: player.common_name.clone(),
        cells,
    })
}

/// What one person can do and why, and what is missing for the rest. Everybody may ask about
/// themself.
///
/// # Errors
/// The access is missing, or no such person for the viewer.
pub async fn read_access(ctx: &Ctx, id: PlayerId) -> Result<PersonAccess> {
    ctx.tenant()?;
    let own = ctx.actor.player.as_ref().is_some_and(|(own, _)| *own == id);
    let seen = Seen::of(ctx).await?;
    if !own {
        ctx.actor
            .may(Action::ReadAccess)
            .map_err(|missing| ctx.refuse(missing))?;
    }
    let player = seen.player(id)?;
    let facts = seen.facts(player);
    let everywhere = Action::ALL
        .iter()
        .map(|action| AccessLine {
            action: *action,
            answer: seen.answer(player, &facts, *action, &[]),
        })
        .collect();
    let groups = seen.roster.groups.iter();
    let groups = groups
        .filter(|group| seen.visible.has(group.id))
        .filter(|group| facts.roles.contains_key(&group.id) || facts.manages.contains(&group.id))
        .filter_map(|group| {
            let can = in_group(&seen, player, &facts, group.id);
            (!can.is_empty()).then(|| GroupAccess {
                group: group_choice(group),
                can,
            })
        })
        .collect();
    let root = seen.roster.root().unwrap_or_default();
    let rank = seen.roster.rank_in(player, root);
    Ok(PersonAccess {
        player: id,
        name: player.common_name.clone(),
        rank: rank.map(|rank| rank.name.clone()).unwrap_or_default(),
        own,
        everywhere,
        groups,
    })
}

/// What somebody can do in a group by a role or as its manager.
fn in_group(seen: &Seen, player: &Player, facts: &Facts, group: GroupId) -> Vec<(Action, String)> {
    let path = seen.roster.path(group);
    Action::ALL
        .iter()
        .filter(|action| action.in_groups() && decide(facts, **action, Target::Org).is_err())
        .filter_map(|action| {
            let words = seen.answer(player, facts, *action, &path).ok()?;
            Some((*action, words))
        })
        .collect()
}
