//! Reading the roster: from memory while nothing has happened, else in twelve statements.

use crate::{
    domain::{
        AppError, GroupId, OrgId,
        access::{Action, Facts, Granted, Missing, Target, decide},
        module::Module,
        time::{self, Instant},
    },
    features::{
        leave,
        roster::{
            access::who,
            model::pages::GroupChoice,
            read_model::{Group, Player, Roster, Visible},
            store,
        },
    },
    server::{Ctx, Result, db::Read, tenancy::Tenant},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Rosters kept in memory, at most.
const KEPT_ROSTERS: usize = 256;

/// The newest roster of each Org that was asked for lately. Keyed by Org; an entry holds only as
/// long as no event was added.
#[derive(Debug, Default)]
pub struct Cache(Mutex<HashMap<OrgId, Arc<Roster>>>);

impl Cache {
    fn get(&self, tenant: &Tenant, seq: i64, now: Instant) -> Option<Arc<Roster>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&tenant.id())
            .filter(|roster| roster.seq >= seq)
            // The type of the Org may have changed without an event of the Org's.
            .filter(|roster| roster.has_positions == tenant.modules.has(Module::Positions))
            .filter(|roster| roster.valid_until.is_none_or(|until| now < until))
            .cloned()
    }

    fn put(&self, org: OrgId, roster: &Arc<Roster>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_ROSTERS && !kept.contains_key(&org) {
            // Any entry will do: it is read again in a few milliseconds when it is missed.
            if let Some(victim) = kept.keys().next().copied() {
                kept.remove(&victim);
            }
        }
        let newer = kept.get(&org).is_none_or(|old| old.seq <= roster.seq);
        if newer {
            kept.insert(org, roster.clone());
        }
    }
}

/// The roster now.
///
/// # Errors
/// At the apex, or when the database fails.
pub async fn roster_now(ctx: &Ctx) -> Result<Arc<Roster>> {
    roster_since(ctx, ctx.tenant()?.seq).await
}

/// The roster with at least the events up to this number; for streams that outlive their request.
///
/// # Errors
/// At the apex, or when the database fails.
pub async fn roster_since(ctx: &Ctx, seq: i64) -> Result<Arc<Roster>> {
    let tenant = ctx.tenant()?;
    let cache = ctx.state.cache::<Cache>();
    if let Some(roster) = cache.get(tenant, seq, ctx.now) {
        return Ok(roster);
    }
    let mut tx = ctx.state.db.read(tenant).await?;
    let roster = load(&mut tx, ctx).await?;
    tx.done().await?;
    cache.put(tenant.id(), &roster);
    Ok(roster)
}

/// The roster as this transaction sees it; for commands, which rarely need it.
///
/// # Errors
/// When the database fails.
pub async fn roster_in(tx: &mut Read, ctx: &Ctx) -> Result<Arc<Roster>> {
    load(tx, ctx).await
}

async fn load(tx: &mut Read, ctx: &Ctx) -> Result<Arc<Roster>> {
    let org = tx.org();
    let (seq,): (i64,) = tx
        .one("select event_seq from org where org_id = $1", (org,))
        .await?;
    let positions = ctx.tenant()?.modules.has(Module::Positions);
    let mut roster = store::read::now(tx, seq, ctx.now, positions).await?;
    if ctx.tenant()?.modules.has(Module::Operations) {
        let (away, until) = leave::service::away_today(tx, ctx).await?;
        roster.on_leave = away;
        roster.valid_until = roster.valid_until.into_iter().chain([until]).min();
    }
    Ok(Arc::new(roster))
}

/// The roster at the end of a day in UTC (§4.6); today and later days are the roster now.
///
/// # Errors
/// A malformed date, or when the database fails.
pub async fn roster_as_of(ctx: &Ctx, date: &str) -> Result<Arc<Roster>> {
    if date.is_empty() {
        return roster_now(ctx).await;
    }
    let malformed = AppError::field("as_of", crate::domain::FieldProblem::Malformed);
    let at = time::end_of_day(time::parse_date(date).ok_or(malformed)?);
    if at >= ctx.now {
        return roster_now(ctx).await;
    }
    let tenant = ctx.tenant()?;
    let mut tx = ctx.state.db.read(tenant).await?;
    let roster = store::read::then(&mut tx, tenant.seq, at).await?;
    tx.done().await?;
    Ok(Arc::new(roster))
}

/// What the actor may see of a roster.
#[must_use]
pub fn visible_groups(ctx: &Ctx, roster: &Roster) -> Visible {
    roster.visible_to(who(ctx))
}

/// Does the actor lead or manage any group?
///
/// # Errors
/// When the database fails.
pub async fn leads_anything(ctx: &Ctx) -> Result<bool> {
    let Some((player, _)) = &ctx.actor.player else {
        return Ok(false);
    };
    let roster = roster_now(ctx).await?;
    let assigns = facts(ctx, &roster)
        .roles
        .values()
        .any(|access| access.has(Action::AssignMembers));
    Ok(assigns || roster.managed_by(*player).next().is_some())
}

/// What the actor holds anywhere, for many decisions on one roster.
#[must_use]
pub fn facts(ctx: &Ctx, roster: &Roster) -> Facts {
    let mut facts = ctx.actor.facts();
    if let Some((player, _)) = &ctx.actor.player {
        facts.roles = roster.role_access_of(*player);
        facts.manages = roster.managed_by(*player).collect();
    }
    facts
}

/// What a player holds anywhere, as the roster has it: their rank, roles and management.
#[must_use]
pub fn facts_of(roster: &Roster, player: &Player) -> Facts {
    Facts {
        founder: player.founder,
        co_founder: player.co_founder,
        player: Some(player.player_id),
        rank: roster.ladder.facts(player.rank_id),
        roles: roster.role_access_of(player.player_id),
        manages: roster.managed_by(player.player_id).collect(),
    }
}

/// Decides an action on a player of the roster.
///
/// # Errors
/// What is missing.
pub fn decide_on(
    roster: &Roster,
    facts: &Facts,
    action: Action,
    player: &Player,
) -> std::result::Result<Granted, Missing> {
    let path = roster.scope_of(player.player_id);
    decide(facts, action, Target::Person(&roster.person(player, &path)))
}

pub(super) fn may(facts: &Facts, roster: &Roster, action: Action, group: GroupId) -> bool {
    decide(facts, action, Target::Group(&roster.path(group))).is_ok()
}

/// A group as lists and selects show it.
#[must_use]
pub fn group_choice(group: &Group) -> GroupChoice {
    GroupChoice {
        id: group.id,
        name: group.name.clone(),
        ident: group.ident.clone(),
        depth: group.depth as u32,
    }
}
