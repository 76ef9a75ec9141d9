//! Who sees and who may change operations: the facts of `model::sight`, read in the transaction that
//! writes or from the roster that a page was made with.

use super::{
    model::{
        Audience,
        sight::{Onlooker, Shown},
    },
    store::operations::{self, Operation},
};
use crate::{
    domain::{
        AppError, ConflictCode, GroupId, OperationId, PlayerId,
        access::{Action, Facts, Granted, Target, decide},
        module::Module,
    },
    features::roster::{
        self,
        read_model::{Roster, Visible, Who},
    },
    server::{
        Ctx, Failure, Result,
        db::{Read, Write},
    },
};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

/// Refuses what belongs to operations where the Org's type does without them.
pub(super) fn with_operations(ctx: &Ctx) -> Result<()> {
    if ctx.tenant()?.modules.has(Module::Operations) {
        Ok(())
    } else {
        Err(Failure::App(AppError::NotFound))
    }
}

/// Everything that decides what one viewer sees of operations. Made once for a page or a stream.
#[derive(Debug)]
pub struct Eyes {
    roster: Arc<Roster>,
    visible: Visible,
    /// The viewer, and who really looks, if that is somebody else (§3.6).
    people: Vec<Facts>,
    asked: Mutex<HashMap<GroupId, Onlooker>>,
}

impl Eyes {
    /// The eyes of the actor.
    #[must_use]
    pub fn of(ctx: &Ctx, roster: Arc<Roster>) -> Self {
        let visible = roster::service::visible_groups(ctx, &roster);
        let mut people = vec![roster::service::facts(ctx, &roster)];
        let looker = ctx.actor.looker.as_ref().filter(|looker| !looker.sees_all);
        let looker = looker.and_then(|looker| roster.player(looker.player));
        people.extend(looker.map(|player| roster::service::facts_of(&roster, player)));
        Self {
            roster,
            visible,
            people,
            asked: Mutex::default(),
        }
    }

    /// The eyes of a player, for notices and feeds, which nobody asks for in person.
    #[must_use]
    pub fn of_player(roster: Arc<Roster>, player: PlayerId) -> Self {
        let gone = ["left", "kicked", "banned"];
        let known = roster.player(player);
        let known = known.filter(|player| !gone.contains(&player.standing.as_str()));
        let facts = known.map(|player| roster::service::facts_of(&roster, player));
        let facts = facts.unwrap_or_default();
        Self {
            visible: roster.visible_to(Who::of(&facts)),
            roster,
            people: vec![facts],
            asked: Mutex::default(),
        }
    }

    /// Are they those of a player of the organisation?
    #[must_use]
    pub fn is_a_member(&self) -> bool {
        self.people.iter().all(|facts| facts.player.is_some())
    }

    /// The roster they look at.
    #[must_use]
    pub fn roster(&self) -> &Arc<Roster> {
        &self.roster
    }

    /// What the viewer is to a group.
    #[must_use]
    pub fn onlooker(&self, group: GroupId) -> Onlooker {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        *asked.entry(group).or_insert_with(|| {
            let path = self.roster.path(group);
            let sees_group = self.roster.root() == Some(group) || self.visible.has(group);
            let each = self
                .people
                .iter()
                .map(|facts| onlooker(facts, &path, sees_group, &self.roster));
            each.reduce(Onlooker::and).unwrap_or_default()
        })
    }

    /// Does the viewer see an operation of this group?
    #[must_use]
    pub fn sees(&self, group: GroupId, shown: Shown) -> bool {
        self.onlooker(group).sees(shown)
    }

    /// Does the viewer see this operation?
    #[must_use]
    pub fn sees_operation(&self, operation: &Operation) -> bool {
        self.sees(operation.group_id, operation.shown())
    }

    /// May the viewer do this in a group, as far as a page can tell?
    #[must_use]
    pub fn may(&self, action: Action, group: GroupId) -> bool {
        let path = self.roster.path(group);
        let target = Target::Group(&path);
        self.people
            .iter()
            .all(|facts| decide(facts, action, target).is_ok())
    }
}

/// What somebody is to a group with this path.
fn onlooker(facts: &Facts, path: &[GroupId], sees_group: bool, roster: &Roster) -> Onlooker {
    let everything = facts.founder || facts.co_founder;
    Onlooker {
        sees_group,
        plans: decide(facts, Action::PlanOperations, Target::Group(path)).is_ok(),
        is_member: everything || facts.player.is_some(),
        belongs: everything || belongs(facts, path, roster),
    }
}

/// A member of the group or of one below it; or somebody who leads or manages it or one above.
fn belongs(facts: &Facts, path: &[GroupId], roster: &Roster) -> bool {
    let (Some(group), Some(player)) = (path.first(), facts.player) else {
        return false;
    };
    let above: HashSet<&GroupId> = path.iter().collect();
    let mut over = roster.led_by(player).chain(roster.managed_by(player));
    let mut own = roster.groups_of(player).into_iter();
    over.any(|over| above.contains(&over)) || own.any(|own| roster.path(own).contains(group))
}

/// An operation that the actor sees, in any transaction.
///
/// # Errors
/// `NotFound` when there is none, the actor does not see it, or the Org has no operations.
pub async fn visible_operation(tx: &mut Read, ctx: &Ctx, id: OperationId) -> Result<Operation> {
    with_operations(ctx)?;
    let operation = operations::get(tx, id).await?;
    let here = roster::access::on_path(tx, ctx, operation.group_id).await?;
    if sees(tx, ctx, &operation, &here).await? {
        Ok(operation)
    } else {
        Err(Failure::App(AppError::NotFound))
    }
}

/// An operation that the actor may do something with, and the proof.
///
/// # Errors
/// `NotFound` when there is none or the actor does not see it; else what is missing.
pub async fn operation_for_write(
    tx: &mut Write,
    ctx: &Ctx,
    id: OperationId,
    action: Action,
) -> Result<(Operation, Granted)> {
    with_operations(ctx)?;
    let operation = operations::get(tx, id).await?;
    let here = roster::access::on_path(tx, ctx, operation.group_id).await?;
    if !sees(tx, ctx, &operation, &here).await? {
        return Err(Failure::App(AppError::NotFound));
    }
    let decided = decide(&here.facts, action, Target::Group(&here.path));
    let granted = decided.map_err(|missing| ctx.refuse(missing))?;
    Ok((operation, granted))
}

/// Does the actor see an operation? Only where the path of its group cannot tell, the whole roster
/// is read, because inside a write everybody else waits for that.
async fn sees(
    tx: &mut Read,
    ctx: &Ctx,
    operation: &Operation,
    here: &roster::access::OnPath,
) -> Result<bool> {
    let facts = &here.facts;
    let everything = facts.founder || facts.co_founder;
    let known = Onlooker {
        sees_group: here.opens,
        plans: decide(facts, Action::PlanOperations, Target::Group(&here.path)).is_ok(),
        is_member: everything || facts.player.is_some(),
        belongs: everything || here.belongs,
    };
    let shown = operation.shown();
    let own_eyes = ctx.actor.looker.is_none();
    let could_belong = shown.is_open && operation.audience == Audience::Group;
    if own_eyes && (known.sees(shown) || (here.opens && !could_belong)) {
        return Ok(known.sees(shown));
    }
    let roster = roster::service::roster_in(tx, ctx).await?;
    Ok(Eyes::of(ctx, roster).sees_operation(operation))
}

/// Decides to plan operations of a group: a new one, or a series.
///
/// # Errors
/// `NotFound` when there is no such group or the actor may not see it; else what is missing.
pub(super) async fn planning_in(tx: &mut Write, ctx: &Ctx, group: GroupId) -> Result<String> {
    with_operations(ctx)?;
    let here = roster::access::authorise(tx, ctx, Action::PlanOperations, group).await?;
    if here.retired {
        return Err(ConflictCode::GroupRetired.into());
    }
    Ok(here.name)
}
