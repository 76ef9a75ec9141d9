//! An operation's way: draft → scheduled → published → done → archived, or cancelled (§9.1).

use super::{
    begins_in_words, event_of, finish, not_in_this_state, planning::publish_at,
    recurrence::instant_of, reminders, times, undo_with,
};
use crate::{
    domain::{
        ConflictCode, OperationId,
        access::Action,
        event::{EventData, EventKind, EventLine, Outcome},
    },
    features::operations::{
        access::operation_for_write,
        input::{self, Command, Publishing, SetState},
        model::OperationState,
        store::operations::{self, Operation, StateChange},
    },
    server::{Ctx, Result, db::Write, events},
};
use chrono::Duration;

/// Publishes an operation now.
///
/// # Errors
/// A missing grant, one that is published or cancelled, or somebody was faster.
pub async fn publish_operation(ctx: &Ctx, id: OperationId, version: i64) -> Result<Outcome> {
    let (mut tx, operation) = begin(ctx, id).await?;
    let line = publish_in(&mut tx, ctx, &operation, version).await?;
    finish(ctx, tx, line).await
}

/// Publishes an operation; the worker does so when its hour has come.
pub(super) async fn publish_in(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    version: i64,
) -> Result<EventLine> {
    if !operation.state.is_unpublished() {
        return Err(not_in_this_state(operation));
    }
    let change = StateChange {
        state: OperationState::Published,
        publish_at: None,
        published_at: Some(ctx.now),
        reason: String::new(),
    };
    let kind = EventKind::OperationPublished;
    set(tx, ctx, operation, version, change, (kind, None)).await
}

/// Lets an operation be published at a time in its organiser's zone; without one it is a draft again.
///
/// # Errors
/// A missing grant, one that is published or cancelled, a time after its start, or somebody was
/// faster.
pub async fn schedule_operation(
    ctx: &Ctx,
    id: OperationId,
    version: i64,
    publishing: Publishing,
) -> Result<Outcome> {
    let (mut tx, operation) = begin(ctx, id).await?;
    if !operation.state.is_unpublished() {
        return Err(not_in_this_state(&operation));
    }
    let zone = times::zone(&operation.zone);
    let line = match publish_at(ctx, publishing, zone, operation.starts_at)? {
        Some(at) if at <= ctx.now => publish_in(&mut tx, ctx, &operation, version).await?,
        at => {
            let change = StateChange {
                state: at.map_or(OperationState::Draft, |_| OperationState::Scheduled),
                publish_at: at,
                published_at: None,
                reason: String::new(),
            };
            let kind = EventKind::OperationEdited;
            set(&mut tx, ctx, &operation, version, change, (kind, None)).await?
        }
    };
    finish(ctx, tx, line).await
}

/// Cancels an operation, with a reason that everybody it was for may read.
///
/// # Errors
/// No reason, a missing grant, one that is over, cancelled or a draft, or somebody was faster.
pub async fn cancel_operation(
    ctx: &Ctx,
    id: OperationId,
    version: i64,
    reason: &str,
) -> Result<Outcome> {
    let reason = input::reason(reason)?;
    let (mut tx, operation) = begin(ctx, id).await?;
    let possible = [OperationState::Scheduled, OperationState::Published];
    if !possible.contains(&operation.state) {
        return Err(not_in_this_state(&operation));
    }
    let change = StateChange {
        state: OperationState::Cancelled,
        publish_at: None,
        published_at: operation.published_at,
        reason,
    };
    let kind = EventKind::OperationCancelled;
    let line = set(&mut tx, ctx, &operation, version, change, (kind, None)).await?;
    finish(ctx, tx, line).await
}

/// Lets a cancelled operation take place after all; a draft is a draft again.
///
/// # Errors
/// A missing grant, one that is not cancelled, or somebody was faster.
pub async fn revive_operation(ctx: &Ctx, id: OperationId, version: i64) -> Result<Outcome> {
    let (mut tx, operation) = begin(ctx, id).await?;
    if operation.state != OperationState::Cancelled {
        return Err(not_in_this_state(&operation));
    }
    let state = match operation.published_at {
        Some(_) => OperationState::Published,
        None => OperationState::Draft,
    };
    let change = StateChange {
        state,
        publish_at: None,
        published_at: operation.published_at,
        reason: String::new(),
    };
    let kind = EventKind::OperationRevived;
    let line = set(&mut tx, ctx, &operation, version, change, (kind, None)).await?;
    finish(ctx, tx, line).await
}

/// Puts an operation that is over away.
///
/// # Errors
/// A missing grant, one that is not over, or somebody was faster.
pub async fn archive_operation(ctx: &Ctx, id: OperationId, version: i64) -> Result<Outcome> {
    let (mut tx, operation) = begin(ctx, id).await?;
    if operation.state != OperationState::Done {
        return Err(not_in_this_state(&operation));
    }
    let change = StateChange {
        state: OperationState::Archived,
        publish_at: None,
        published_at: operation.published_at,
        reason: String::new(),
    };
    let kind = EventKind::OperationArchived;
    let line = set(&mut tx, ctx, &operation, version, change, (kind, None)).await?;
    finish(ctx, tx, line).await
}

/// Notes that an operation is over: its end has come, or its report was filed.
///
/// # Errors
/// When somebody was faster, or the database fails.
pub async fn end_in(tx: &mut Write, ctx: &Ctx, operation: &Operation) -> Result<()> {
    let change = StateChange {
        state: OperationState::Done,
        publish_at: None,
        published_at: operation.published_at,
        reason: String::new(),
    };
    let kind = EventKind::OperationEnded;
    let version = operation.version;
    set(tx, ctx, operation, version, change, (kind, None)).await?;
    Ok(())
}

/// Sets the hour of publication of an occurrence that has moved, as its series says.
pub(super) async fn publish_with_series(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    minutes: Option<i64>,
) -> Result<()> {
    let Some(minutes) = minutes else {
        return Ok(());
    };
    let zone = times::zone(&operation.zone);
    let local = times::local_of(operation.starts_at, zone) - Duration::minutes(minutes);
    let change = StateChange {
        state: OperationState::Scheduled,
        publish_at: Some(instant_of(zone, local)),
        published_at: None,
        reason: String::new(),
    };
    let (id, version) = (operation.operation_id, operation.version);
    operations::set_state(tx, id, version, change, ctx.now).await?;
    Ok(())
}

async fn begin(ctx: &Ctx, id: OperationId) -> Result<(Write, Operation)> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let action = Action::PlanOperations;
    let (operation, _) = operation_for_write(&mut tx, ctx, id, action).await?;
    Ok((tx, operation))
}

/// Changes the state and tells of it.
pub(super) async fn set(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    version: i64,
    change: StateChange,
    (kind, undoes): (EventKind, Option<i64>),
) -> Result<EventLine> {
    let reason = Some(change.reason.clone()).filter(|reason| !reason.is_empty());
    let id = operation.operation_id;
    // What people were told of cannot be untold; a cancellation and the like can.
    let can_undo = matches!(
        kind,
        EventKind::OperationCancelled | EventKind::OperationRevived | EventKind::OperationArchived
    );
    let undo = Command::SetState(SetState {
        operation_id: id,
        now: change.state,
        state: operation.state,
        publish_at: operation.publish_at,
        reason: operation.cancel_reason.clone(),
    });
    if !operations::set_state(tx, id, version, change, ctx.now).await? {
        return Err(ConflictCode::Stale.into());
    }
    let after = operations::get(tx, id).await?;
    reminders::plan(tx, ctx, &after).await?;
    let data = EventData {
        reason,
        // Those it is for are told when it is.
        after: (kind == EventKind::OperationPublished).then(|| begins_in_words(operation)),
        ..EventData::default()
    };
    let event = event_of(operation, kind, data).undo(undo_with(&undo).filter(|_| can_undo));
    events::append(tx, ctx, event.undoes(undoes)).await
}
