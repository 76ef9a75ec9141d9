//! Commands and queries of operations: the feature's only door.
//!
//! Commands come in pairs: `verb_noun(ctx, …)` opens the transaction, and a function on the
//! transaction does the work, so that undo, series, the worker and the demo can do several in one.
//! Whoever builds on operations asks [`visible_operation`] before telling of one,
//! [`operation_for_write`] before changing something about one, and [`Eyes`] for many at once.

mod absence;
mod answer_pages;
mod answers;
mod billet_pages;
mod billet_plan;
mod billets;
mod board;
mod calendar;
pub mod feeds;
mod ical;
mod links;
mod moving;
mod needs;
mod planning;
mod reading;
pub mod recurrence;
mod reminders;
mod series;
mod setup;
mod states;
pub mod suggest;
mod suggesting;
pub mod times;
mod undo;
pub mod worker;

pub use absence::{Away, sign_off, sign_on};
pub use answer_pages::read_answers;
pub use answers::{add_guest, answer_for, answer_operation, confirm_answer, remove_guest};
pub use billet_pages::{read_billet, read_billets, read_plan};
pub use billet_plan::{edit_billet, edit_billets, set_release};
pub use billets::{
    await_billet, empty_billet, fill_billet, leave_billet, prefer_billets, take_billet,
    undo_billets,
};
pub use board::read_board;
pub use calendar::read_calendar;
pub use links::{AnswerLinks, answer_by_link, answer_links, read_answer_link};
pub use moving::{drop_operation, move_operation, read_move};
pub use planning::{Asked, Plan, delete_operation, edit_operation, plan_in, plan_operation};
pub use reading::{
    category_marks, eyes, head, operations_between, read_agenda, read_history, read_operation, seen,
};
pub use reminders::reminded;
pub use series::{HORIZON, Scope, edit_series, end_series, plan_series};
pub use setup::{
    create_campaign, create_campaign_in, create_category, delete_category, delete_template,
    edit_campaign, edit_category, end_campaign, read_operation_form, read_setup, save_template,
};
pub use states::{
    archive_operation, cancel_operation, end_in, publish_operation, revive_operation,
    schedule_operation,
};
pub use undo::undo;

pub use suggesting::{apply_suggestion, read_suggestion, weights};

pub use super::{
    access::{Eyes, operation_for_write, visible_operation},
    store::{
        operations::Operation,
        series::Series,
        setup::{CampaignRow, CategoryRow},
    },
};

use super::{input::Command, model::OperationShape, store};
use crate::{
    domain::{
        ConflictCode, OperationId, PlayerId, SeriesId,
        event::{EventData, EventKind, EventLine, Outcome},
    },
    server::{
        Ctx, Failure, Result,
        db::{Read, Write},
        events::{self, NewEvent},
    },
};

/// Gives a new Org its categories and states of attendance.
///
/// # Errors
/// When the database fails.
pub async fn plant_defaults(tx: &mut Write) -> Result<()> {
    store::setup::insert_defaults(tx).await
}

/// An event about an operation: of its group, with its title. What else belongs to it is set by the
/// caller.
#[must_use]
pub fn event_of(operation: &Operation, kind: EventKind, data: EventData) -> NewEvent {
    let data = EventData {
        operation: Some(operation.title.clone()),
        ..data
    };
    NewEvent::new(kind, data)
        .operation(operation.operation_id)
        .group(operation.group_id)
}

/// An operation, if there is one; whether anybody sees it is not asked.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Read, id: OperationId) -> Result<Option<Operation>> {
    store::operations::find(tx, id).await
}

/// A series, for calendars that tell of its rule.
///
/// # Errors
/// `NotFound` when there is none; whether anybody sees it is not asked.
pub async fn series(tx: &mut Read, id: SeriesId) -> Result<Series> {
    store::series::get(tx, id).await
}

/// All categories in order, deleted ones too: old operations keep theirs.
///
/// # Errors
/// When the database fails.
pub async fn categories(tx: &mut Read) -> Result<Vec<CategoryRow>> {
    store::setup::categories(tx).await
}

/// The players who attend an operation, come late or may come.
///
/// # Errors
/// When the database fails.
pub async fn coming(tx: &mut Read, id: OperationId) -> Result<Vec<PlayerId>> {
    store::operations::coming_players(tx, id).await
}

/// When an operation begins, in words of its organiser's zone.
fn begins_in_words(operation: &Operation) -> String {
    let zone = times::zone(&operation.zone);
    let at = times::minute_in(operation.starts_at, zone);
    format!("{at} {}", times::zone_words(zone))
}

/// The whole shape of an operation, with its billets.
///
/// # Errors
/// When the database fails.
pub async fn shape_of(tx: &mut Read, operation: &Operation) -> Result<OperationShape> {
    let sections = store::shapes::sections_of(tx, operation.operation_id).await?;
    Ok(OperationShape {
        sections,
        ..operation.shape()
    })
}

/// The command that takes an event back, as the event keeps it.
fn undo_with(command: &Command) -> Option<String> {
    serde_json::to_string(command).ok()
}

/// The operation is in a state that does not allow it.
fn not_in_this_state(operation: &Operation) -> Failure {
    let state = operation.state.label().to_owned();
    ConflictCode::OperationState { state }.into()
}

/// Commits a command whose event is the answer.
async fn finish(ctx: &Ctx, tx: Write, event: EventLine) -> Result<Outcome> {
    events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome {
        event: Some(event),
        ..Outcome::default()
    })
}
