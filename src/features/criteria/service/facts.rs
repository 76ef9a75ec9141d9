//! Facts about people as of an instant, for one player or for everybody (§7.3).

use crate::{
    domain::{
        GroupId, PlayerId,
        criteria::{Attendance, Facts, Membership, TimeIn, Wants},
        time::{Instant, iso_date},
    },
    features::{criteria::store, operations::service::times, roster::model::is_gone},
    server::{Ctx, Result, db::Read},
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What is known about these players, or about everybody, as of an instant: all that the rules want
/// and that Muster keeps. Players who are not of the Org are not in the answer.
///
/// Takes one statement for the people and at most one for each kind of fact: ranks and service,
/// assignments, memberships, the tree of groups, leave of absence, and each window of attendance.
///
/// # Errors
/// When the database fails.
pub async fn facts_of(
    tx: &mut Read,
    ctx: &Ctx,
    wants: &Wants,
    players: Option<&[PlayerId]>,
    as_of: Instant,
) -> Result<HashMap<PlayerId, Facts>> {
    let Some(span) = span_of(players) else {
        return Ok(HashMap::new());
    };
    let asked: Option<HashSet<PlayerId>> = players.map(|some| some.iter().copied().collect());
    let blank = Facts::blank(&kept(wants));
    let mut people = store::people(tx, span).await?;
    people.retain(|row| {
        asked
            .as_ref()
            .is_none_or(|asked| asked.contains(&row.player_id))
    });
    let mut all: HashMap<PlayerId, Facts> = people
        .iter()
        .map(|row| (row.player_id, blank.clone()))
        .collect();

    let times = |what| wants.time_in.contains(&what);
    if wants.rank_level || times(TimeIn::Rank) || times(TimeIn::Service) {
        let holdings = store::holdings(tx, span, as_of).await?;
        put_ranks(&mut all, wants, &people, &holdings, as_of);
    }
    if times(TimeIn::Assignment) {
        let assignments = store::assignments(tx, span, as_of).await?;
        put_assignments(&mut all, &assignments, as_of);
    }
    if !wants.groups.is_empty() || !wants.roles.is_empty() {
        let members = store::members(tx, span, as_of).await?;
        let parents = if wants.groups.is_empty() {
            HashMap::new()
        } else {
            store::parents(tx, as_of).await?.into_iter().collect()
        };
        put_memberships(&mut all, wants, &members, &parents);
    }
    for window in &wants.attendance {
        for row in store::attendance(tx, span, *window, as_of).await? {
            if let Some(facts) = all.get_mut(&row.player_id) {
                facts.attendance.insert(*window, sums(&row));
            }
        }
    }
    if wants.on_leave {
        let zone = times::zone(&ctx.tenant()?.time_zone);
        let day = iso_date(times::local_of(as_of, zone).date());
        for (player,) in store::on_leave(tx, span, day).await? {
            if let Some(facts) = all.get_mut(&player) {
                facts.on_leave = Some(true);
            }
        }
    }
    Ok(all)
}

/// From which id to which; none for nobody.
fn span_of(players: Option<&[PlayerId]>) -> Option<(PlayerId, PlayerId)> {
    match players {
        None => Some((PlayerId(Uuid::nil()), PlayerId(Uuid::max()))),
        Some(some) => Some((*some.iter().min()?, *some.iter().max()?)),
    }
}

/// What is wanted, without that of which Muster keeps no rows yet: it stays unknown, so that nobody
/// passes because there is nothing against them.
fn kept(wants: &Wants) -> Wants {
    Wants {
        attendance: wants.attendance.clone(),
        time_in: wants.time_in.clone(),
        rank_level: wants.rank_level,
        groups: wants.groups.clone(),
        roles: wants.roles.clone(),
        on_leave: wants.on_leave,
        ..Wants::default()
    }
}

fn whole_days(since: Instant, as_of: Instant) -> u32 {
    u32::try_from((as_of - since).num_days()).unwrap_or_default()
}

fn runs(until: Option<Instant>, as_of: Instant) -> bool {
    until.is_none_or(|until| until > as_of)
}

/// Level, time in rank and time in service. Who held a rank and holds none had left; service is
/// counted from the day somebody joined, also when they left in between and came back.
fn put_ranks(
    all: &mut HashMap<PlayerId, Facts>,
    wants: &Wants,
    people: &[store::PersonRow],
    holdings: &[store::HoldingRow],
    as_of: Instant,
) {
    let mut running = HashMap::new();
    let mut held = HashSet::new();
    for row in holdings {
        held.insert(row.player_id);
        if runs(row.until, as_of) {
            running.insert(row.player_id, row);
        }
    }
    for person in people {
        let Some(facts) = all.get_mut(&person.player_id) else {
            continue;
        };
        let rank = running.get(&person.player_id);
        if let Some(rank) = rank {
            facts.rank_level = wants.rank_level.then_some(rank.level);
            if wants.time_in.contains(&TimeIn::Rank) {
                let days = whole_days(rank.since, as_of);
                facts.time_in.insert(TimeIn::Rank, days);
            }
        }
        let serves = match held.contains(&person.player_id) {
            true => rank.is_some(),
            false => !is_gone(&person.standing),
        };
        if wants.time_in.contains(&TimeIn::Service) && serves && person.joined_at <= as_of {
            let days = whole_days(person.joined_at, as_of);
            facts.time_in.insert(TimeIn::Service, days);
        }
    }
}

/// Time in the exclusive group that somebody is in: a new role or post there does not begin it anew,
/// so memberships of one group that follow each other without a gap are one.
fn put_assignments(
    all: &mut HashMap<PlayerId, Facts>,
    assignments: &[store::AssignmentRow],
    as_of: Instant,
) {
    let mut spells: HashMap<PlayerId, (GroupId, Instant, Option<Instant>)> = HashMap::new();
    for row in assignments {
        let before = spells.get(&row.player_id);
        let goes_on = before.filter(|(group, _, until)| {
            *group == row.group_id && until.is_none_or(|until| until >= row.since)
        });
        let since = goes_on.map_or(row.since, |(_, since, _)| *since);
        spells.insert(row.player_id, (row.group_id, since, row.until));
    }
    for (player, (_, since, until)) in spells {
        if let Some(facts) = all.get_mut(&player)
            && runs(until, as_of)
        {
            let days = whole_days(since, as_of);
            facts.time_in.insert(TimeIn::Assignment, days);
        }
    }
}

fn put_memberships(
    all: &mut HashMap<PlayerId, Facts>,
    wants: &Wants,
    members: &[store::MemberRow],
    parents: &HashMap<GroupId, GroupId>,
) {
    let mut paths: HashMap<GroupId, Vec<GroupId>> = HashMap::new();
    for row in members {
        let Some(facts) = all.get_mut(&row.player_id) else {
            continue;
        };
        if let Some(held) = facts.roles.get_mut(&row.role_id) {
            *held = true;
        }
        if wants.groups.is_empty() {
            continue;
        }
        let path = paths
            .entry(row.group_id)
            .or_insert_with(|| path(parents, row.group_id));
        for (steps, group) in path.iter().enumerate() {
            match facts.groups.get_mut(group) {
                Some(how) if steps == 0 => *how = Membership::Member,
                Some(how) if *how == Membership::No => *how = Membership::Below,
                _ => {}
            }
        }
    }
}

/// A group and those above it.
fn path(parents: &HashMap<GroupId, GroupId>, group: GroupId) -> Vec<GroupId> {
    let mut path = vec![group];
    let mut at = group;
    // Parents of different times could not be a cycle, but what never ends is worse than a guess.
    while let Some(parent) = parents.get(&at).filter(|parent| !path.contains(parent)) {
        at = *parent;
        path.push(at);
    }
    path
}

fn sums(row: &store::SumsRow) -> Attendance {
    let number = |sum: i64| u32::try_from(sum).unwrap_or(u32::MAX);
    Attendance {
        operations: number(row.operations),
        attended: number(row.attended),
        credit: number(row.credit),
        accountable: number(row.accountable),
    }
}
