//! Planning, changing and deleting operations (§9.1).

use super::{
    answers, begins_in_words, event_of, finish, not_in_this_state, recurrence::instant_of,
    reminders, series, setup, times, undo_with,
};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, GroupId, OperationId, SeriesId,
        access::Action,
        event::{EventData, EventKind, EventLine, Outcome},
        time::Instant,
    },
    features::{
        operations::{
            access::{operation_for_write, planning_in},
            input::{Command, OperationFields, Publishing, RepeatFields, Restore, Source},
            model::{OperationShape, OperationState, limits, shape::AT_ONCE},
            store::{
                self,
                operations::{Change, NewOperation, Operation},
            },
        },
        tenants,
    },
    server::{
        Ctx, Result,
        db::{Read, Write},
        events,
    },
};
use chrono::Duration;
use chrono_tz::Tz;
use uuid::Uuid;

/// An operation to be planned, checked.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The organising group.
    pub group: GroupId,
    /// The organiser's zone.
    pub zone: Tz,
    /// It begins.
    pub starts_at: Instant,
    /// Everything else, with its billets.
    pub shape: OperationShape,
    /// When it becomes public: `None` is not yet, a time that is not to come is at once.
    pub publish_at: Option<Instant>,
    /// The series, and the slot in it.
    pub series: Option<(SeriesId, Instant)>,
}

/// What is asked for when an operation is planned.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The organising group.
    pub group: GroupId,
    /// What it is, and when.
    pub fields: OperationFields,
    /// How it comes again.
    pub repeat: RepeatFields,
    /// When it becomes public.
    pub publishing: Publishing,
    /// Where its billets come from.
    pub source: Source,
}

/// Plans an operation of a group, or a series of them.
///
/// # Errors
/// Invalid fields, no such group for the actor, or they may not plan there.
pub async fn plan_operation(ctx: &Ctx, asked: Asked) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    planning_in(&mut tx, ctx, asked.group).await?;
    let starts_local = asked.fields.validate()?.starts_local;
    let repeat = asked.repeat.rule(starts_local)?;
    let (zone, starts_at, shape) = read_fields(&mut tx, ctx, &asked.fields, None).await?;
    let publish_at = publish_at(ctx, asked.publishing, zone, starts_at)?;
    let of_billets = setup::shape_of_source(&mut tx, ctx, asked.source).await?;
    let shape = OperationShape {
        self_service: of_billets.self_service,
        release: of_billets.release,
        sections: of_billets.sections,
        publish_before: match asked.publishing {
            Publishing::Later => None,
            Publishing::Now => Some(AT_ONCE),
            Publishing::At(local) => Some((starts_local - local).num_minutes()),
        },
        ..shape
    };
    let plan = Plan {
        group: asked.group,
        zone,
        starts_at,
        shape,
        publish_at,
        series: None,
    };
    let (operation, line) = match repeat {
        None => plan_in(&mut tx, ctx, plan, EventData::default()).await?,
        Some(text) => {
            let rule = series::NewRule::read(&text, zone, starts_local)?;
            series::begin_in(&mut tx, ctx, plan, &rule).await?
        }
    };
    let path = format!("/operations/{}", operation.operation_id);
    Ok(finish(ctx, tx, line).await?.and_goto(path))
}

/// Plans an operation and tells of it; whether the actor may is decided by whoever calls.
///
/// # Errors
/// When the database fails.
pub async fn plan_in(
    tx: &mut Write,
    ctx: &Ctx,
    plan: Plan,
    data: EventData,
) -> Result<(Operation, EventLine)> {
    // Without a series there is no slot that could be taken.
    let id = insert(tx, ctx, &plan).await?.ok_or(ConflictCode::Stale)?;
    let operation = store::operations::get(tx, id).await?;
    let undo = Command::Unplan(id);
    let event = event_of(&operation, EventKind::OperationPlanned, data.clone());
    let event = event.undo(undo_with(&undo).filter(|_| plan.series.is_none()));
    let line = events::append(tx, ctx, event).await?;
    if operation.state == OperationState::Published {
        let after = data.after.unwrap_or_else(|| begins_in_words(&operation));
        let data = EventData {
            after: Some(after),
            ..EventData::default()
        };
        let event = event_of(&operation, EventKind::OperationPublished, data);
        events::append(tx, ctx, event).await?;
    }
    Ok((operation, line))
}

/// Inserts an operation with its billets, without a word; none when its slot was made already.
pub(super) async fn insert(tx: &mut Write, ctx: &Ctx, plan: &Plan) -> Result<Option<OperationId>> {
    let state = match plan.publish_at {
        None => OperationState::Draft,
        Some(at) if at > ctx.now => OperationState::Scheduled,
        Some(_) => OperationState::Published,
    };
    let new = NewOperation {
        id: OperationId(Uuid::now_v7()),
        group: plan.group,
        zone: plan.zone.name().to_owned(),
        starts_at: plan.starts_at,
        shape: plan.shape.clone(),
        series: plan.series,
        state,
        publish_at: plan
            .publish_at
            .filter(|_| state == OperationState::Scheduled),
        organiser: ctx.actor.player.as_ref().map(|(player, _)| *player),
        organiser_name: ctx.actor.name(),
    };
    if !store::operations::insert(tx, &new, ctx.now).await? {
        return Ok(None);
    }
    store::shapes::put_sections(tx, new.id, &new.shape.sections).await?;
    if state == OperationState::Published {
        let operation = store::operations::get(tx, new.id).await?;
        reminders::plan(tx, ctx, &operation).await?;
    }
    Ok(Some(new.id))
}

/// What belongs to the billets and is changed with them stays as it is.
pub(super) fn kept_of_billets(shape: OperationShape, before: &Operation) -> OperationShape {
    OperationShape {
        self_service: before.self_service,
        release: before.release.clone(),
        ..shape
    }
}

/// Changes an operation; of a series, only this one, which stays as it is from now on.
///
/// # Errors
/// Invalid fields, a missing grant, an operation that is over or cancelled, or somebody was faster.
pub async fn edit_operation(
    ctx: &Ctx,
    id: OperationId,
    version: i64,
    fields: OperationFields,
) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let action = Action::PlanOperations;
    let (before, _) = operation_for_write(&mut tx, ctx, id, action).await?;
    if before.state == OperationState::Cancelled || before.state.is_over() {
        return Err(not_in_this_state(&before));
    }
    let (zone, starts_at, shape) = read_fields(&mut tx, ctx, &fields, Some(&before)).await?;
    let shape = kept_of_billets(shape, &before);
    let change = Change {
        zone: zone.name(),
        starts_at,
        shape: &shape,
        detached: before.series_id.is_some(),
    };
    let line = change_in(&mut tx, ctx, &before, version, &change, None).await?;
    let path = format!("/operations/{id}");
    Ok(finish(ctx, tx, line).await?.and_goto(path))
}

/// Changes an operation and tells of it: of another time as a move, of everything else as a change.
pub(super) async fn change_in(
    tx: &mut Write,
    ctx: &Ctx,
    before: &Operation,
    version: i64,
    change: &Change<'_>,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let id = before.operation_id;
    if !store::operations::update(tx, id, version, change, ctx.now).await? {
        return Err(ConflictCode::Stale.into());
    }
    let after = store::operations::get(tx, id).await?;
    answers::settle_in(tx, ctx, before, &after).await?;
    reminders::plan(tx, ctx, &after).await?;
    let undo = undo_with(&Command::Restore(Box::new(Restore {
        operation_id: id,
        version: after.version,
        zone: before.zone.clone(),
        starts_at: before.starts_at,
        shape: before.shape(),
        detached: before.detached,
    })));
    let moved = before.starts_at != after.starts_at || before.ends_at != after.ends_at;
    let other = OperationShape {
        minutes: 0,
        ..before.shape()
    } != OperationShape {
        minutes: 0,
        ..after.shape()
    };
    let mut line = None;
    if moved {
        let data = EventData {
            before: Some(begins_in_words(before)),
            after: Some(begins_in_words(&after)),
            ..EventData::default()
        };
        let event = event_of(&after, EventKind::OperationMoved, data).undoes(undoes);
        line = Some(events::append(tx, ctx, event.undo(undo.clone())).await?);
    }
    if other || line.is_none() {
        let data = EventData::default();
        let event = event_of(&after, EventKind::OperationEdited, data);
        // One of two events takes back, and is taken back, for both.
        let event = match line {
            None => event.undoes(undoes).undo(undo),
            Some(_) => event,
        };
        let edited = events::append(tx, ctx, event).await?;
        line.get_or_insert(edited);
    }
    line.ok_or_else(|| AppError::Transport.into())
}

/// Deletes an operation that was never published. An occurrence of a series leaves its slot, so that
/// it is not made again.
///
/// # Errors
/// A missing grant, one that was published, or somebody was faster.
pub async fn delete_operation(ctx: &Ctx, id: OperationId, version: i64) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let action = Action::PlanOperations;
    let (operation, _) = operation_for_write(&mut tx, ctx, id, action).await?;
    if operation.published_at.is_some() {
        return Err(not_in_this_state(&operation));
    }
    let done = if operation.series_id.is_some() {
        let change = store::operations::StateChange {
            state: OperationState::Cancelled,
            publish_at: None,
            published_at: None,
            reason: String::new(),
        };
        store::operations::set_state(&mut tx, id, version, change, ctx.now).await?
    } else {
        store::operations::delete(&mut tx, id, version).await?
    };
    if !done {
        return Err(ConflictCode::Stale.into());
    }
    let event = event_of(
        &operation,
        EventKind::OperationDeleted,
        EventData::default(),
    );
    let line = events::append(&mut tx, ctx, event).await?;
    Ok(finish(ctx, tx, line).await?.and_goto("/operations"))
}

/// Checks what was typed against what there is: zone, category, campaign. What an operation has
/// already may stay, also when it is not offered any more.
pub(super) async fn read_fields(
    tx: &mut Read,
    ctx: &Ctx,
    fields: &OperationFields,
    before: Option<&Operation>,
) -> Result<(Tz, Instant, OperationShape)> {
    let checked = fields.validate()?;
    let unknown = |field: &str| AppError::field(field, FieldProblem::Unknown);
    let zone = match fields.zone.trim() {
        "" => ctx.tenant()?.time_zone.clone(),
        typed => tenants::service::time_zone(typed).map_err(|_| unknown("operation[zone]"))?,
    };
    let zone = times::zone(&zone);
    let starts_at = instant_of(zone, checked.starts_local);
    if starts_at > ctx.now + Duration::days(limits::DAYS_AHEAD) {
        return Err(AppError::field("operation[date]", FieldProblem::OutOfRange).into());
    }
    let shape = checked.shape;
    let kept = before.and_then(|before| before.category_id);
    if let Some(category) = shape.category.filter(|chosen| Some(*chosen) != kept) {
        let categories = store::setup::categories(tx).await?;
        let offered = |row: &store::setup::CategoryRow| !row.deleted && row.category_id == category;
        if !categories.iter().any(offered) {
            return Err(unknown("operation[category_id]").into());
        }
    }
    let kept = before.and_then(|before| before.campaign_id);
    if let Some(campaign) = shape.campaign.filter(|chosen| Some(*chosen) != kept) {
        let campaigns = store::setup::campaigns(tx).await?;
        let offered =
            |row: &store::setup::CampaignRow| row.ended_at.is_none() && row.campaign_id == campaign;
        if !campaigns.iter().any(offered) {
            return Err(unknown("operation[campaign_id]").into());
        }
    }
    Ok((zone, starts_at, shape))
}

/// When an operation is to become public. Not after it has begun: nobody could answer.
pub(super) fn publish_at(
    ctx: &Ctx,
    publishing: Publishing,
    zone: Tz,
    starts_at: Instant,
) -> Result<Option<Instant>> {
    match publishing {
        Publishing::Later => Ok(None),
        Publishing::Now => Ok(Some(ctx.now)),
        Publishing::At(local) => {
            let at = instant_of(zone, local);
            if at > starts_at {
                return Err(AppError::field("publish_date", FieldProblem::OutOfRange).into());
            }
            Ok(Some(at))
        }
    }
}
