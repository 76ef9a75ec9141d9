//! What an organisation shows to everybody: its public groups, always with a stranger's eyes, so that
//! the public page is the same for all and cannot tell of private groups (§5.2).

use super::queries::roster_now;
use crate::{
    domain::{GroupId, PlayerId},
    features::roster::{
        model::pages::{PublicGroup, PublicGroups},
        read_model::{Group, Roster, Who},
    },
    server::{Ctx, Result, markdown},
};
use std::collections::{HashMap, HashSet};

/// The public groups: those at the top with their people, and how many there are below.
///
/// # Errors
/// At the apex, or when the database fails.
pub async fn public_groups(ctx: &Ctx) -> Result<PublicGroups> {
    let roster = roster_now(ctx).await?;
    // Descriptions are for members (§5.2).
    let belongs = ctx.actor.player.is_some() || ctx.actor.founder;
    Ok(public(&roster, belongs))
}

fn public(roster: &Roster, belongs: bool) -> PublicGroups {
    let visible = roster.visible_to(Who::Stranger);
    let shown = roster.groups.iter().filter(|group| visible.has(group.id));
    let mut people: HashSet<PlayerId> = HashSet::new();
    let mut below: HashMap<GroupId, HashSet<PlayerId>> = HashMap::new();
    let mut top: Vec<&Group> = Vec::new();
    let mut groups = 0;
    // The group at the top above each group, which command order puts first.
    let mut above: HashMap<GroupId, GroupId> = HashMap::new();
    for group in shown {
        groups += 1;
        let at_top = above.get(&group.parent).copied();
        if at_top.is_none() {
            top.push(group);
        }
        let at_top = at_top.unwrap_or(group.id);
        above.insert(group.id, at_top);
        let members = roster.members_of(group.id).iter();
        for player in members.map(|member| member.player_id) {
            people.insert(player);
            below.entry(at_top).or_default().insert(player);
        }
    }
    let line = |group: &Group| PublicGroup {
        id: group.id,
        name: group.name.clone(),
        acronym: group.acronym.clone(),
        kind: group.kind.clone(),
        purpose: if belongs {
            markdown::first_line(&group.description)
        } else {
            String::new()
        },
        policy: group.policy,
        people: count(below.get(&group.id).map_or(0, HashSet::len)),
    };
    PublicGroups {
        top: top.into_iter().map(line).collect(),
        groups,
        people: count(people.len()),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
