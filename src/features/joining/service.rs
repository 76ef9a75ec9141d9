//! Commands and queries of joining: the feature's only door.

mod answering;
mod asking;
mod leaving;
mod queries;

pub use answering::{approve_request, decline_request, withdraw_request};
pub use asking::{join_group, join_groups};
pub use leaving::{leave_group, leave_org, withdraw_all};
pub use queries::{Counts, read_inbox, read_join, read_offer, read_requests, waiting, way_into};

use super::{
    model::RequestState,
    store::{self, Ending},
};
use crate::{
    domain::{
        AppError, ConflictCode, GroupId, PlayerId, RequestId,
        event::{EventData, EventKind, EventLine},
        module::Module,
    },
    server::{Ctx, Failure, Result, db::Write, events, events::NewEvent},
};

/// Where the type of the Org has no joining, nothing of this feature exists (§1.6).
fn module_is_on(ctx: &Ctx) -> Result<()> {
    if ctx.tenant()?.modules.has(Module::Joining) {
        Ok(())
    } else {
        Err(Failure::App(AppError::NotFound))
    }
}

/// Ends a pending request.
///
/// # Errors
/// `RequestActioned` when somebody was faster.
async fn end_request(
    tx: &mut Write,
    ctx: &Ctx,
    request: RequestId,
    state: RequestState,
    answer: &str,
) -> Result<()> {
    let name = ctx.actor.name();
    let ending = Ending {
        state,
        at: ctx.now,
        by: ctx.actor.user.as_ref().map(|user| user.id),
        name: &name,
        answer,
    };
    if store::end(tx, request, ending).await? {
        Ok(())
    } else {
        Err(ConflictCode::RequestActioned.into())
    }
}

/// A request as its events tell of it.
struct Told {
    request: RequestId,
    group: GroupId,
    group_name: String,
    player: Option<PlayerId>,
    name: String,
    /// The answer. What the asker wrote is for those who answer, and stays with the request.
    reason: String,
}

async fn tell(tx: &mut Write, ctx: &Ctx, kind: EventKind, told: Told) -> Result<EventLine> {
    let data = EventData {
        player: Some(told.name),
        group: Some(told.group_name),
        reason: Some(told.reason).filter(|reason| !reason.is_empty()),
        request: Some(told.request),
        ..EventData::default()
    };
    let event = NewEvent {
        player: told.player,
        ..NewEvent::new(kind, data).group(told.group)
    };
    events::append(tx, ctx, event).await
}

/// Address of a group's page.
fn group_href(group: GroupId) -> String {
    format!("/groups/{group}")
}
