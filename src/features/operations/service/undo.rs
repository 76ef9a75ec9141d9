//! Taking an event of operations back: running the command it kept, with the rights of whoever
//! undoes.

use super::{event_of, planning::change_in, states};
use crate::{
    domain::{
        AppError, ConflictCode,
        access::Action,
        event::{EventData, EventKind, EventLine},
    },
    features::operations::{
        access::operation_for_write,
        input::{Command, Restore, SetState},
        model::OperationState,
        store::{
            self,
            operations::{Change, StateChange},
        },
    },
    server::{Ctx, Failure, Result, db::Write, events},
};

/// Runs the command kept by event `undoes`.
///
/// # Errors
/// A missing grant, or that the state has moved on.
pub async fn undo(tx: &mut Write, ctx: &Ctx, kept: &str, undoes: i64) -> Result<EventLine> {
    let command: Command = serde_json::from_str(kept).map_err(|_| ConflictCode::NotUndoable)?;
    let done = match command {
        Command::Unplan(id) => unplan(tx, ctx, id, undoes).await,
        Command::Restore(input) => restore(tx, ctx, *input, undoes).await,
        Command::SetState(input) => set_state(tx, ctx, input, undoes).await,
    };
    done.map_err(|failure| match failure {
        // What it was about is gone, or somebody changed it since.
        Failure::App(AppError::NotFound | AppError::Conflict(ConflictCode::Stale)) => {
            ConflictCode::NotUndoable.into()
        }
        other => other,
    })
}

/// Only what nobody saw but planners can be as if it had never been.
async fn unplan(
    tx: &mut Write,
    ctx: &Ctx,
    id: crate::domain::OperationId,
    undoes: i64,
) -> Result<EventLine> {
    let (operation, _) = operation_for_write(tx, ctx, id, Action::PlanOperations).await?;
    if operation.published_at.is_some() {
        return Err(ConflictCode::NotUndoable.into());
    }
    store::operations::delete(tx, id, operation.version).await?;
    let kind = EventKind::OperationDeleted;
    let event = event_of(&operation, kind, EventData::default());
    events::append(tx, ctx, event.undoes(Some(undoes))).await
}

async fn restore(tx: &mut Write, ctx: &Ctx, input: Restore, undoes: i64) -> Result<EventLine> {
    let id = input.operation_id;
    let (operation, _) = operation_for_write(tx, ctx, id, Action::PlanOperations).await?;
    let change = Change {
        zone: &input.zone,
        starts_at: input.starts_at,
        shape: &input.shape,
        detached: input.detached,
    };
    change_in(tx, ctx, &operation, input.version, &change, Some(undoes)).await
}

async fn set_state(tx: &mut Write, ctx: &Ctx, input: SetState, undoes: i64) -> Result<EventLine> {
    let id = input.operation_id;
    let (operation, _) = operation_for_write(tx, ctx, id, Action::PlanOperations).await?;
    if operation.state != input.now {
        return Err(ConflictCode::NotUndoable.into());
    }
    let kind = match input.state {
        OperationState::Cancelled => EventKind::OperationCancelled,
        OperationState::Done => EventKind::OperationEdited,
        _ => EventKind::OperationRevived,
    };
    let change = StateChange {
        state: input.state,
        publish_at: input.publish_at,
        published_at: operation.published_at,
        reason: input.reason,
    };
    let version = operation.version;
    states::set(tx, ctx, &operation, version, change, (kind, Some(undoes))).await
}
