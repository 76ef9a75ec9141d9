//! Planning, changing and deleting operations (§9.1).

use super::{answers, event_of, finish, not_in_this_state, times};
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
            input::{OperationFields, Publishing},
            model::{OperationShape, OperationState, limits},
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

/// Plans an operation of a group.
///
/// # Errors
/// Invalid fields, no such group for the actor, or they may not plan there.
pub async fn plan_operation(
    ctx: &Ctx,
    group: GroupId,
    fields: OperationFields,
    publishing: Publishing,
) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    planning_in(&mut tx, ctx, group).await?;
    let (zone, starts_at, shape) = read_fields(&mut tx, ctx, &fields, None).await?;
    let plan = Plan {
        group,
        zone,
        starts_at,
        shape,
        publish_at: publish_at(ctx, publishing, zone, starts_at)?,
        series: None,
    };
    let (operation, line) = plan_in(&mut tx, ctx, plan).await?;
    let path = format!("/operations/{}", operation.operation_id);
    Ok(finish(ctx, tx, line).await?.and_goto(path))
}

/// Plans an operation; whether the actor may is decided by whoever calls, as [`planning_in`] does.
///
/// # Errors
/// When the database fails.
pub async fn plan_in(tx: &mut Write, ctx: &Ctx, plan: Plan) -> Result<(Operation, EventLine)> {
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
        shape: plan.shape,
        series: plan.series,
        state,
        publish_at: plan
            .publish_at
            .filter(|_| state == OperationState::Scheduled),
        organiser: ctx.actor.player.as_ref().map(|(player, _)| *player),
        organiser_name: ctx.actor.name(),
    };
    store::operations::insert(tx, &new, ctx.now).await?;
    store::shapes::put_sections(tx, new.id, &new.shape.sections).await?;
    let operation = store::operations::get(tx, new.id).await?;
    let event = event_of(
        &operation,
        EventKind::OperationPlanned,
        EventData::default(),
    );
    let line = events::append(tx, ctx, event).await?;
    if state == OperationState::Published {
        let event = event_of(
            &operation,
            EventKind::OperationPublished,
            EventData::default(),
        );
        events::append(tx, ctx, event).await?;
    }
    Ok((operation, line))
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
    if before.state == OperationState::Cancelled {
        return Err(not_in_this_state(&before));
    }
    let (zone, starts_at, shape) = read_fields(&mut tx, ctx, &fields, Some(&before)).await?;
    let shape = OperationShape {
        // These belong to the billets and are changed with them.
        self_service: before.self_service,
        release: before.release.clone(),
        ..shape
    };
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
        let time = |operation: &Operation| {
            let zone = times::zone(&operation.zone);
            let at = times::minute_in(operation.starts_at, zone);
            format!("{at} {}", times::zone_words(zone))
        };
        let data = EventData {
            before: Some(time(before)),
            after: Some(time(&after)),
            ..EventData::default()
        };
        let event = event_of(&after, EventKind::OperationMoved, data).undoes(undoes);
        line = Some(events::append(tx, ctx, event).await?);
    }
    if other || line.is_none() {
        let data = EventData::default();
        let event = event_of(&after, EventKind::OperationEdited, data);
        let event = event.undoes(undoes.filter(|_| line.is_none()));
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
async fn read_fields(
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
    let starts_at = times::instant_of(checked.starts_local, zone);
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
            let at = times::instant_of(local, zone);
            if at > starts_at {
                return Err(AppError::field("publish_date", FieldProblem::OutOfRange).into());
            }
            Ok(Some(at))
        }
    }
}
