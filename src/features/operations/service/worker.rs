//! The worker: publishes what is due, reminds, ends what is over, and makes the occurrences of series that
//! come within the horizon.
//!
//! Several processes may work at once. Each looks without locks for what waits, and does it under the
//! lock of the Org, where it looks again: who comes second finds it done. A process that dies leaves
//! nothing half done, and what waited while none ran is done when one runs again.

use super::{
    event_of, reminders,
    series::{HORIZON, extend},
    states::{self, publish_in},
};
use crate::{
    domain::{
        OperationId, SeriesId,
        event::{EventData, EventKind},
    },
    features::operations::{
        model::OperationState,
        store::{self, operations, series, work},
    },
    server::{Ctx, Result, events, state::State, tenancy},
};
use std::time::Duration;

/// How often the worker looks.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// How many it does at a time.
const BATCH: i64 = 100;
/// Series are extended by at least so much at a time, so that not every look makes one occurrence.
const STEP: chrono::Duration = chrono::Duration::weeks(1);

/// Works until the server stops.
pub async fn run(state: State) {
    let mut closing = state.closing();
    while !*closing.borrow() {
        if let Err(failure) = catch_up(&state).await {
            tracing::warn!(%failure, "could not do what waits for operations");
        }
        tokio::select! {
            _ = closing.changed() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Does everything that waits, in all Orgs. One that fails does not hold up the others.
///
/// # Errors
/// The last failure; what failed is tried again the next time.
pub async fn catch_up(state: &State) -> Result<()> {
    let mut outcome = Ok(());
    for job in waiting(state).await? {
        if *state.closing().borrow() {
            break;
        }
        if let Err(failure) = do_one(state, &job).await {
            tracing::warn!(%failure, ?job, "could not be done");
            outcome = Err(failure);
        }
    }
    outcome
}

/// Something that waits in an Org.
#[derive(Clone, Debug)]
enum Job {
    Publish(String, OperationId),
    End(String, OperationId),
    Extend(String, SeriesId),
    Remind(String, OperationId, i64),
}

/// What waits, in the order in which it is to be done: what begins and is over is published first.
async fn waiting(state: &State) -> Result<Vec<Job>> {
    let now = state.clock.now();
    let mut tx = state.db.system_read().await?;
    let publish = work::to_publish(&mut tx, now, BATCH).await?;
    let end = work::to_end(&mut tx, now, BATCH).await?;
    let extend = work::to_extend(&mut tx, now + HORIZON - STEP, BATCH).await?;
    let remind = store::reminders::due(&mut tx, now, BATCH).await?;
    tx.commit().await?;
    let publish = publish.into_iter().map(|(slug, id)| Job::Publish(slug, id));
    let end = end.into_iter().map(|(slug, id)| Job::End(slug, id));
    let extend = extend.into_iter().map(|(slug, id)| Job::Extend(slug, id));
    let remind = remind.into_iter();
    let remind = remind.map(|(slug, id, minutes)| Job::Remind(slug, id, minutes));
    Ok(publish.chain(remind).chain(end).chain(extend).collect())
}

async fn do_one(state: &State, job: &Job) -> Result<()> {
    let (Job::Publish(slug, _) | Job::End(slug, _) | Job::Extend(slug, _) | Job::Remind(slug, ..)) =
        job;
    let Some(tenant) = tenancy::by_slug(&state.db, &state.config, slug).await? else {
        return Ok(());
    };
    let ctx = Ctx::for_server(state, Some(tenant));
    let mut tx = state.db.write(ctx.tenant()?).await?;
    match *job {
        Job::Publish(_, id) => {
            let operation = operations::get(&mut tx, id).await?;
            let is_due = operation.publish_at.is_some_and(|at| at <= ctx.now);
            if operation.state == OperationState::Scheduled && is_due {
                publish_in(&mut tx, &ctx, &operation, operation.version).await?;
            }
        }
        Job::End(_, id) => {
            let operation = operations::get(&mut tx, id).await?;
            if operation.state == OperationState::Published && operation.ends_at <= ctx.now {
                states::end_in(&mut tx, &ctx, &operation).await?;
            }
        }
        Job::Remind(_, id, minutes) => {
            let operation = operations::get(&mut tx, id).await?;
            reminders::send(&mut tx, &ctx, &operation, minutes).await?;
        }
        Job::Extend(_, id) => {
            // The series may have gone over to another since.
            if extend(&mut tx, &ctx, id).await? > 0 {
                let last = series::last(&mut tx, id).await?;
                let event = event_of(&last, EventKind::SeriesExtended, EventData::default());
                events::append(&mut tx, &ctx, event).await?;
            }
        }
    }
    events::commit(tx, &state.hub).await
}
