//! The after-action report (§9.8): text and attendance in one form. Filing it says that the operation
//! is over. Entries of keys (§8) will come into the same command.

use super::{finish, register::Register, sheet::sheet_in};
use crate::{
    domain::{
        ConflictCode, OperationId,
        access::Action,
        event::{EventData, EventKind, Outcome},
    },
    features::{
        attendance::{
            access::Recorder,
            input::{self, SheetFields},
            model::{Source, limits, pages::ReportPage},
            store,
        },
        operations::{self, model::OperationState},
    },
    server::{Ctx, Result, events, markdown},
};

/// The report of an operation, and what its form needs.
///
/// # Errors
/// `NotFound` when the actor does not see the operation; `Forbidden` to visitors.
pub async fn read_report(ctx: &Ctx, id: OperationId) -> Result<ReportPage> {
    let eyes = operations::service::eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let sheet = sheet_in(&mut tx, ctx, &eyes, id).await?;
    let report = store::report::get(&mut tx, id).await?;
    tx.done().await?;
    let may = sheet.head.can.record && sheet.open;
    let text = report.as_ref().map(|report| report.text.clone());
    let text = text.unwrap_or_default();
    Ok(ReportPage {
        html: markdown::render(&text),
        text: if may { text } else { String::new() },
        version: report.as_ref().map_or(0, |report| report.version),
        filed: report.map(|report| (report.filed_name, report.filed_at)),
        sheet,
        may,
    })
}

/// Files the report, or changes it, with attendance. The operation is over by that.
///
/// # Errors
/// No such operation for the actor, one that has not begun or does not take place, no text, a
/// missing grant, or somebody was faster.
pub async fn file_report(
    ctx: &Ctx,
    id: OperationId,
    version: i64,
    text: &str,
    fields: SheetFields,
    reason: &str,
) -> Result<Outcome> {
    let text = input::needed("text", text, limits::REPORT)?;
    let reason = input::reason("reason", reason)?;
    let marks = fields.changed()?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let action = Action::RecordAttendance;
    let (operation, _) = operations::service::operation_for_write(&mut tx, ctx, id, action).await?;
    let register = Register::for_write(&mut tx, ctx, id).await?;
    let roster = register.roster.clone();
    let recorder = Recorder::in_tx(&mut tx, ctx, &roster).await?;
    let told = (Source::Report, reason.as_str());
    register
        .write(&mut tx, ctx, &recorder, &marks, told)
        .await?;
    if version == 0 {
        store::report::insert(&mut tx, ctx, id, &text).await?;
    } else if !store::report::update(&mut tx, id, version, &text).await? {
        return Err(ConflictCode::Stale.into());
    }
    if operation.state == OperationState::Published {
        operations::service::end_in(&mut tx, ctx, &operation).await?;
    }
    let kind = EventKind::ReportFiled;
    let event = operations::service::event_of(&operation, kind, EventData::default());
    let line = events::append(&mut tx, ctx, event).await?;
    let outcome = finish(ctx, tx, Some(line)).await?;
    Ok(outcome.and_goto(format!("/operations/{id}/report")))
}
