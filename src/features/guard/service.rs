//! Planning, looking at a plan, and applying it.

mod change_ranks;
mod remove_members;

pub use change_ranks::{plan_rank_change, read_candidates};
pub use remove_members::plan_removal;

use super::{
    input::Change,
    model::{LIMIT, PLAN_MINUTES, Plan, PlanPage, PlanState},
    store::{self, PlanRow},
};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, GroupId, PlanId,
        event::{EventData, EventKind, Outcome},
    },
    features::roster::read_model::Roster,
    server::{
        Ctx, Failure, Result,
        db::{Read, Write},
        events::{self, NewEvent},
    },
};
use chrono::Duration;
use uuid::Uuid;

/// A change, computed.
struct Computed {
    change: Change,
    plan: Plan,
    /// Players of the Org.
    players: u32,
    /// "Remove people from Alpha".
    title: String,
    /// What the button says.
    action: String,
    /// What the event says.
    done: String,
    /// Why, in the maker's words.
    reason: String,
    /// Where it happens; decides who may see the event.
    group: GroupId,
}

impl Computed {
    fn back(&self) -> String {
        format!("/groups/{}", self.group)
    }

    fn needs_typing(&self) -> bool {
        LIMIT.needs_typing(self.plan.count(), self.players)
    }
}

/// Keeps a plan and leads to its preview. The kinds have checked that the actor may ask for it.
async fn keep(ctx: &Ctx, mut tx: Write, change: &Change) -> Result<Outcome> {
    let plan = PlanId(Uuid::now_v7());
    let by = ctx.user()?.id;
    let input = serde_json::to_string(change)
        .map_err(|error| Failure::setup(format!("cannot keep a plan: {error}")))?;
    let expires = ctx.now + Duration::minutes(PLAN_MINUTES);
    store::insert(&mut tx, plan, (change.kind(), input), by, ctx.now, expires).await?;
    events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome::goto(format!("/plans/{plan}")))
}

/// Computes what a kept change would do now.
async fn compute(tx: &mut Read, ctx: &Ctx, row: &PlanRow) -> Result<Computed> {
    let change = serde_json::from_str(&row.input).map_err(|_| ConflictCode::PlanStale)?;
    match &change {
        Change::RemoveMembers(input) => remove_members::compute(tx, ctx, input).await,
        Change::ChangeRanks(input) => change_ranks::compute(tx, ctx, input).await,
    }
}

/// Carries the items out, each through the command that authorises it anew.
async fn carry_out(tx: &mut Write, ctx: &Ctx, computed: &Computed) -> Result<()> {
    match &computed.change {
        Change::RemoveMembers(input) => {
            remove_members::carry_out(tx, ctx, input, &computed.plan).await
        }
        Change::ChangeRanks(input) => change_ranks::carry_out(tx, ctx, input, &computed.plan).await,
    }
}

fn state_of(ctx: &Ctx, row: &PlanRow) -> PlanState {
    if row.applied_seq.is_some() {
        PlanState::Applied
    } else if row.expires_at <= ctx.now {
        PlanState::Expired
    } else {
        PlanState::Open
    }
}

/// The preview of a plan.
///
/// # Errors
/// `NotFound` for everybody but its maker, or what its kind answers when the actor may no longer.
pub async fn read_plan(ctx: &Ctx, id: PlanId) -> Result<PlanPage> {
    let tenant = ctx.tenant()?;
    let by = ctx.user()?.id;
    let mut tx = ctx.state.db.read(tenant).await?;
    let row = store::get(&mut tx, id, by).await?;
    let computed = compute(&mut tx, ctx, &row).await?;
    tx.done().await?;
    let state = state_of(ctx, &row);
    let (back, must_type) = (computed.back(), computed.needs_typing());
    Ok(PlanPage {
        id,
        title: computed.title,
        state,
        digest: computed.plan.digest(),
        must_type,
        allowed: LIMIT.allows(computed.players),
        action: computed.action,
        back,
        plan: if state == PlanState::Open {
            computed.plan
        } else {
            Plan::default()
        },
    })
}

/// Does what was planned: all of it, or nothing.
///
/// # Errors
/// Not its maker, too late or a second time, not what was looked at, the number was not typed, or
/// what the commands of its items answer.
pub async fn apply_plan(ctx: &Ctx, id: PlanId, digest: &str, count: &str) -> Result<Outcome> {
    let tenant = ctx.tenant()?;
    let by = ctx.user()?.id;
    let mut tx = ctx.state.db.write(tenant).await?;
    let row = store::get(&mut tx, id, by).await?;
    if state_of(ctx, &row) != PlanState::Open {
        return Err(ConflictCode::PlanStale.into());
    }
    let computed = compute(&mut tx, ctx, &row).await?;
    if computed.plan.items.is_empty() || computed.plan.digest() != digest {
        return Err(ConflictCode::PlanStale.into());
    }
    if computed.needs_typing() {
        confirm_count(count, computed.plan.count())?;
    }
    events::begin_bundle(&mut tx);
    carry_out(&mut tx, ctx, &computed).await?;
    let undo = events::end_bundle(&mut tx);
    let back = computed.back();
    let data = EventData {
        after: Some(computed.done),
        reason: Some(computed.reason),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::BulkApplied, data)
        .group(computed.group)
        .undo(undo);
    let line = events::append(&mut tx, ctx, event).await?;
    store::applied(&mut tx, id, line.seq).await?;
    events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome {
        event: Some(line),
        ..Outcome::goto(back)
    })
}

/// The number that has to be typed above the limit.
///
/// # Errors
/// At the field `count`: nothing typed, or another number.
pub fn confirm_count(typed: &str, wanted: u32) -> std::result::Result<(), AppError> {
    let problem = match typed.trim() {
        "" => FieldProblem::Required,
        number if number.parse() == Ok(wanted) => return Ok(()),
        _ => FieldProblem::Mismatch,
    };
    Err(AppError::field("count", problem))
}

/// Players who belong to the Org.
fn players_of(roster: &Roster) -> u32 {
    let active = roster.players.iter().filter(|p| p.standing == "active");
    u32::try_from(active.count()).unwrap_or(u32::MAX)
}

/// "1 person", "12 people".
fn people(count: u32) -> String {
    match count {
        1 => "1 person".to_owned(),
        count => format!("{count} people"),
    }
}
