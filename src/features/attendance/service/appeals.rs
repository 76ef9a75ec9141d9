//! "I was there" (§9.6): said by the person, answered once by somebody else who may record them; and
//! corrections, kept for review.

use super::{finish, register::Register, states::module_is_on};
use crate::{
    domain::{
        AppError, AppealId, ConflictCode, OperationId,
        access::{Action, Missing, Target, decide},
        event::{EventData, EventKind, Outcome},
    },
    features::{
        attendance::{
            access::{Recorder, members_only},
            input,
            model::{
                AppealState, Source, UsedFor, limits,
                pages::{CorrectionLine, CorrectionsPage, MyAppeal, WaitingAppeal},
            },
            store::{self, appeals::AppealRow},
        },
        operations::{self, service::Eyes},
        roster::read_model::Roster,
    },
    server::{Ctx, Failure, Result, events, tenancy},
};
use chrono::Duration;
use uuid::Uuid;

/// Appeals that an inbox shows, and corrections that the page shows, at most.
const MOST: i64 = 500;

/// Says that one was there.
///
/// # Errors
/// No such operation for the actor, no player here, one that has not begun, is long over or does not
/// take place, nothing to correct, or an appeal waits already.
pub async fn make_appeal(ctx: &Ctx, id: OperationId, text: &str) -> Result<Outcome> {
    let text = input::needed("text", text, limits::REASON)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let register = Register::for_write(&mut tx, ctx, id).await?;
    let facts = tenancy::facts(&mut tx, ctx).await?;
    let player = facts
        .player
        .ok_or_else(|| ctx.refuse(Missing::Membership))?;
    let before = store::appeals::latest(&mut tx, id, player).await?;
    let heard = before.is_some_and(|one| one.state.is_answered());
    if heard || !register.can_appeal(ctx, player) {
        return Err(ConflictCode::NothingToAppeal.into());
    }
    let appeal = AppealId(Uuid::now_v7());
    store::appeals::insert(&mut tx, appeal, id, player, &text, ctx.now).await?;
    let data = EventData {
        player: register
            .person(player)
            .map(|person| person.common_name.clone()),
        ..EventData::default()
    };
    let kind = EventKind::AttendanceAppealed;
    let event = operations::service::event_of(&register.operation, kind, data).player(player);
    let line = events::append(&mut tx, ctx, event).await?;
    finish(ctx, tx, Some(line)).await
}

/// Takes one's own appeal back.
///
/// # Errors
/// No such appeal of theirs, or it was answered meanwhile.
pub async fn withdraw_appeal(ctx: &Ctx, id: AppealId) -> Result<Outcome> {
    module_is_on(ctx)?;
    ctx.user()?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let row = store::appeals::get(&mut tx, id).await?;
    let facts = tenancy::facts(&mut tx, ctx).await?;
    if facts.player != Some(row.player_id) {
        return Err(Failure::App(AppError::NotFound));
    }
    if !store::appeals::end(&mut tx, ctx, id, AppealState::Withdrawn, "").await? {
        return Err(ConflictCode::RequestActioned.into());
    }
    finish(ctx, tx, None).await
}

/// Answers an appeal: granted, the entry becomes the state that is used for being there.
///
/// # Errors
/// No such appeal, a missing grant, one's own, no reason to decline, or it was answered meanwhile.
pub async fn answer_appeal(ctx: &Ctx, id: AppealId, granted: bool, note: &str) -> Result<Outcome> {
    module_is_on(ctx)?;
    members_only(ctx)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let row = store::appeals::get(&mut tx, id).await?;
    let register = Register::for_write(&mut tx, ctx, row.operation_id).await?;
    let roster = register.roster.clone();
    let recorder = Recorder::in_tx(&mut tx, ctx, &roster).await?;
    register
        .may(&recorder, row.player_id)
        .map_err(|missing| ctx.refuse(missing))?;
    if recorder.player() == Some(row.player_id) {
        return Err(ctx.refuse(Missing::Other));
    }
    let note = if granted {
        input::reason("note", note)?
    } else {
        input::needed("note", note, limits::REASON)?
    };
    let state = if granted {
        AppealState::Granted
    } else {
        AppealState::Declined
    };
    if !store::appeals::end(&mut tx, ctx, id, state, &note).await? {
        return Err(ConflictCode::RequestActioned.into());
    }
    if granted {
        let present = register.used_for(UsedFor::Present)?;
        match register.entries.get(&row.player_id) {
            Some(entry) if entry.state_id == present => {}
            Some(entry) => {
                // What they wrote is for those who answer; the log has more readers.
                let told = (Source::Appeal, "Appeal granted");
                register
                    .correct(&mut tx, ctx, entry, Some(present), told)
                    .await?;
            }
            None => {
                let player = row.player_id;
                register
                    .enter(&mut tx, ctx, player, present, Source::Appeal)
                    .await?;
            }
        }
    }
    let data = EventData {
        player: Some(row.common_name),
        after: Some(state.label().to_lowercase()),
        ..EventData::default()
    };
    let kind = EventKind::AppealAnswered;
    let event = operations::service::event_of(&register.operation, kind, data);
    let line = events::append(&mut tx, ctx, event.player(row.player_id)).await?;
    finish(ctx, tx, Some(line)).await
}

/// What the actor answers, as the command decides but for those in no exclusive group.
fn answers(recorder: &Recorder<'_>, roster: &Roster, row: &AppealRow) -> bool {
    if recorder.player() == Some(row.player_id) {
        return false;
    }
    let organises = |group| roster.path(group).contains(&row.organiser);
    recorder.anybody()
        || row.group_id.is_some_and(|group| {
            recorder.of_group(group).is_ok()
                || (organises(group) && recorder.of_group(row.organiser).is_ok())
        })
}

/// The appeals that wait for the actor's answer, for the inbox.
///
/// # Errors
/// When the database fails.
pub async fn waiting_appeals(ctx: &Ctx) -> Result<Vec<WaitingAppeal>> {
    if module_is_on(ctx).is_err() || members_only(ctx).is_err() || ctx.own_eyes().is_err() {
        return Ok(Vec::new());
    }
    let eyes: Eyes = operations::service::eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let rows = store::appeals::pending(&mut tx, MOST).await?;
    tx.done().await?;
    let recorder = Recorder::on_page(ctx, eyes.roster());
    let mine = rows.into_iter().filter(|row| {
        eyes.sees(row.organiser, row.shown()) && answers(&recorder, eyes.roster(), row)
    });
    let line = |row: AppealRow| WaitingAppeal {
        id: row.appeal_id,
        player: row.player_id,
        name: row.common_name,
        operation: row.operation_id,
        title: row.title,
        state: row.recorded.unwrap_or_default(),
        text: row.text,
        at: row.made_at,
    };
    Ok(mine.map(line).collect())
}

/// The viewer's own appeal, as the sheet shows it.
pub(super) fn my_appeal(row: AppealRow) -> MyAppeal {
    MyAppeal {
        id: row.appeal_id,
        state: row.state,
        text: row.text,
        answer: row.answer,
        by: row.answered_name,
    }
}

/// What was corrected, for those who may record anybody.
///
/// # Errors
/// The Org has no operations, or a missing grant.
pub async fn read_corrections(ctx: &Ctx) -> Result<CorrectionsPage> {
    let eyes = operations::service::eyes(ctx).await?;
    ctx.actor
        .may(Action::RecordAttendance)
        .map_err(|missing| ctx.refuse(missing))?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let rows = store::sheet::corrections(&mut tx, MOST).await?;
    tx.done().await?;
    let line = |row: store::sheet::CorrectionRow| CorrectionLine {
        id: row.correction_id,
        operation: row.operation_id,
        late: row.at > row.ends_at + Duration::days(limits::LATE_DAYS),
        title: row.title,
        player: row.player_id,
        name: row.common_name,
        before: row.before.unwrap_or_default(),
        after: row.after.unwrap_or_default(),
        reason: row.reason,
        at: row.at,
        by: row.actor_name,
        reviewed: row.reviewed,
    };
    let seen = rows
        .into_iter()
        .filter(|row| eyes.sees(row.organiser, row.shown()));
    Ok(CorrectionsPage {
        lines: seen.map(line).collect(),
    })
}

/// Notes that somebody looked at everything that was corrected until now.
///
/// # Errors
/// The Org has no operations, or a missing grant.
pub async fn review_corrections(ctx: &Ctx) -> Result<Outcome> {
    module_is_on(ctx)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let facts = tenancy::facts(&mut tx, ctx).await?;
    decide(&facts, Action::RecordAttendance, Target::Org).map_err(|missing| ctx.refuse(missing))?;
    store::sheet::review(&mut tx, ctx, ctx.now).await?;
    finish(ctx, tx, None).await
}
