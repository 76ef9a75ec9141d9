//! Writing many rows at once: imports, starting shapes, the demo. One transaction, no decisions
//! here beyond the check that the actor may import; callers have planned what fits (§19.1).

use super::groups::{MEMBER, starting_roles};
use crate::{
    domain::{
        ConflictCode, GroupId, MembershipId, PlayerId, PositionId, RankId, RankSetId, RoleId,
        UserId,
        access::{Action, Target, decide},
        name,
        time::Instant,
    },
    features::{
        ranks,
        roster::{
            input::{CheckedGroup, PositionDetails, RoleDetails},
            model::is_gone,
            store,
        },
    },
    server::{Ctx, Result, db::Write, events, events::NewEvent, tenancy},
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A group to insert. Parents stand before their subgroups.
#[derive(Clone, Debug)]
pub struct BulkGroup {
    /// Its new id.
    pub id: GroupId,
    /// Its parent, which exists or stands earlier.
    pub parent: GroupId,
    /// Fixed for good.
    pub exclusive: bool,
    /// The checked rest.
    pub details: CheckedGroup,
    /// When it was founded.
    pub founded: Instant,
    /// When it was retired, if it was.
    pub retired: Option<Instant>,
}

/// A group to change.
#[derive(Clone, Debug)]
pub struct BulkGroupChange {
    /// Which.
    pub id: GroupId,
    /// Its parent from now on.
    pub parent: GroupId,
    /// The checked rest.
    pub details: CheckedGroup,
    /// When it was founded.
    pub founded: Instant,
    /// When it was retired, if it was.
    pub retired: Option<Instant>,
}

/// A player to insert.
#[derive(Clone, Debug)]
pub struct BulkPlayer {
    /// Their new id.
    pub id: PlayerId,
    /// The user who is this player, if known.
    pub user: Option<UserId>,
    /// Their name.
    pub common_name: String,
    /// `active` or another word.
    pub standing: String,
    /// When they joined.
    pub joined: Instant,
}

/// A membership to insert.
#[derive(Clone, Debug)]
pub struct BulkMembership {
    /// Its new id.
    pub id: MembershipId,
    /// Who.
    pub player: PlayerId,
    /// As what; decides the group.
    pub role: RoleId,
    /// In which position.
    pub position: Option<PositionId>,
    /// From.
    pub since: Instant,
    /// Until, if ended.
    pub until: Option<Instant>,
    /// Why it ended.
    pub reason: Option<String>,
}

/// A rank that somebody holds or held (§3.2). Players with holdings get no default rank.
#[derive(Clone, Debug)]
pub struct BulkHolding {
    /// Who.
    pub player: PlayerId,
    /// Which.
    pub rank: RankId,
    /// From.
    pub since: Instant,
    /// Until, if it ended.
    pub until: Option<Instant>,
}

/// Everything to write.
#[derive(Clone, Debug, Default)]
pub struct Bulk {
    /// New groups, parents first.
    pub groups: Vec<BulkGroup>,
    /// Changed groups.
    pub group_changes: Vec<BulkGroupChange>,
    /// New roles.
    pub roles: Vec<(RoleId, GroupId, RoleDetails)>,
    /// New positions.
    pub positions: Vec<(PositionId, GroupId, PositionDetails)>,
    /// New players.
    pub players: Vec<BulkPlayer>,
    /// Changed players: standing and joined.
    pub player_changes: Vec<(PlayerId, String, Instant)>,
    /// New memberships.
    pub memberships: Vec<BulkMembership>,
    /// Open memberships that end.
    pub endings: Vec<(MembershipId, Instant)>,
    /// Ranks over time, the earliest of a player first.
    pub holdings: Vec<BulkHolding>,
    /// Rank sets that groups choose.
    pub rank_sets: Vec<(GroupId, RankSetId)>,
    /// New managers of groups.
    pub managers: Vec<(GroupId, PlayerId)>,
    /// Events, each with its time.
    pub events: Vec<(Instant, NewEvent)>,
}

/// How far [`apply_bulk`] is: rows written so far.
pub type BulkCounts = usize;

/// Writes everything in the given transaction and reports progress after each batch of rows.
///
/// # Errors
/// The actor may not import, or a rule of the database is broken; then the transaction is lost.
pub async fn apply_bulk(
    tx: &mut Write,
    ctx: &Ctx,
    bulk: Bulk,
    mut progress: impl FnMut(BulkCounts) + Send,
) -> Result<()> {
    let facts = tenancy::facts(tx, ctx).await?;
    decide(&facts, Action::Import, Target::Org).map_err(|missing| ctx.refuse(missing))?;
    let mut done = 0;
    let mut step = |rows: usize| {
        done += rows;
        progress(done);
    };
    write_groups(tx, ctx, &bulk).await?;
    step(bulk.groups.len() + bulk.group_changes.len());
    for (role, group, details) in &bulk.roles {
        store::roles::insert(tx, *role, *group, details).await?;
    }
    add_missing_roles(tx, &bulk).await?;
    for (position, group, details) in &bulk.positions {
        store::roles::insert_position(tx, *position, *group, details).await?;
    }
    step(bulk.roles.len() + bulk.positions.len());
    let ranked: HashSet<PlayerId> = bulk.holdings.iter().map(|one| one.player).collect();
    for player in &bulk.players {
        store::bulk::insert_player(tx, player).await?;
        if !ranked.contains(&player.id) {
            ranks::service::give_default_rank(tx, player.id, player.joined).await?;
        }
    }
    write_ranks(tx, &bulk).await?;
    for (player, standing, joined) in bulk.player_changes.iter().cloned() {
        if is_gone(&standing) {
            store::players::end_invitations(tx, player).await?;
        }
        if !store::bulk::change_player(tx, player, standing, joined).await? {
            return Err(ConflictCode::Stale.into());
        }
    }
    step(bulk.players.len() + bulk.player_changes.len());
    for (membership, until) in &bulk.endings {
        store::bulk::end_membership(tx, *membership, *until).await?;
    }
    for chunk in bulk.memberships.chunks(100) {
        for membership in chunk {
            store::bulk::insert_membership(tx, membership).await?;
        }
        step(chunk.len());
    }
    for (group, player) in &bulk.managers {
        store::roles::add_manager(tx, *group, *player, ctx.now).await?;
    }
    for (at, event) in bulk.events {
        events::append(tx, &ctx.at(at), event).await?;
    }
    Ok(())
}

async fn write_ranks(tx: &mut Write, bulk: &Bulk) -> Result<()> {
    for one in &bulk.holdings {
        // Whoever was there before, such as the founder, holds the default rank until then.
        ranks::service::end_rank(tx, one.player, one.since).await?;
        ranks::service::write_holding(tx, one.player, one.rank, one.since, one.until).await?;
    }
    for (group, set) in &bulk.rank_sets {
        ranks::service::use_set(tx, *group, *set).await?;
    }
    Ok(())
}

async fn write_groups(tx: &mut Write, ctx: &Ctx, bulk: &Bulk) -> Result<()> {
    for group in &bulk.groups {
        let parent = Some(group.parent);
        let at = group.founded;
        store::groups::insert(tx, group.id, parent, group.exclusive, &group.details, at).await?;
        if let Some(retired) = group.retired {
            store::groups::retire(tx, group.id, 1, Some(retired)).await?;
            store::groups::end_history(tx, group.id, retired).await?;
        }
    }
    for change in &bulk.group_changes {
        store::bulk::change_group(tx, change).await?;
        store::bulk::begin_history(tx, change.id, change.founded).await?;
        match change.retired {
            Some(retired) => store::groups::end_history(tx, change.id, retired).await?,
            None => store::groups::note_history(tx, change.id, ctx.now).await?,
        }
    }
    Ok(())
}

/// A new group without an ordinary role gets one, so that people can be put into it; one without
/// any role gets both starting roles (§4.4).
async fn add_missing_roles(tx: &mut Write, bulk: &Bulk) -> Result<()> {
    let mut given: HashMap<GroupId, Vec<&RoleDetails>> = HashMap::new();
    for (_, group, details) in &bulk.roles {
        given.entry(*group).or_default().push(details);
    }
    for group in &bulk.groups {
        let given = given.get(&group.id).map(Vec::as_slice).unwrap_or_default();
        if given.iter().any(|role| !role.leadership) {
            continue;
        }
        for details in starting_roles() {
            let taken = given
                .iter()
                .any(|role| name::key(&role.name) == name::key(&details.name));
            if (given.is_empty() || details.name == MEMBER) && !taken {
                store::roles::insert(tx, RoleId(Uuid::now_v7()), group.id, &details).await?;
            }
        }
    }
    Ok(())
}
