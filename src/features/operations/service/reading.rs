//! Reading operations for pages: the agenda, and one operation with its head.

use super::{Eyes, answer_pages, times};
use crate::{
    domain::{
        AppError, CategoryId, OperationId,
        access::Action,
        time::{Instant, rfc3339},
    },
    features::{
        audit,
        operations::{
            access::with_operations,
            model::{
                Answer, OperationState,
                pages::{
                    AgendaPage, CanDo, CategoryMark, Counts, HistoryPage, OperationHead,
                    OperationLine, OperationPage,
                },
            },
            store::{self, operations::Operation, setup::CategoryRow},
        },
        roster,
    },
    server::{Ctx, Failure, Result, db::Read, markdown},
};
use chrono_tz::Tz;
use std::collections::HashMap;
use uuid::Uuid;

/// Operations on a page of the agenda.
const PAGE: usize = 30;
/// How often a page that hides operations may read on.
const MOST_READS: usize = 10;

/// What the actor sees of operations, with the roster as it is now.
///
/// # Errors
/// The Org has no operations, or the database fails.
pub async fn eyes(ctx: &Ctx) -> Result<Eyes> {
    with_operations(ctx)?;
    Ok(Eyes::of(ctx, roster::service::roster_now(ctx).await?))
}

/// What is coming, or what was, from a place on; the place is what the page before answered.
///
/// # Errors
/// The Org has no operations, or the database fails.
pub async fn read_agenda(ctx: &Ctx, past: bool, from: &str) -> Result<AgendaPage> {
    let eyes = eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let mut place = read_place(from).unwrap_or_else(|| beginning(past));
    let mut found: Vec<Operation> = Vec::new();
    for _ in 0..MOST_READS {
        let count = PAGE as i64 + 1;
        let rows = if past {
            store::operations::past(&mut tx, ctx.now, place, count).await?
        } else {
            store::operations::coming(&mut tx, ctx.now, place, count).await?
        };
        let end = rows.len() <= PAGE;
        place = rows.last().map_or(place, place_of);
        found.extend(rows.into_iter().filter(|row| eyes.sees_operation(row)));
        if end || found.len() > PAGE {
            break;
        }
    }
    let next = (found.len() > PAGE).then(|| write_place(&found[PAGE - 1]));
    found.truncate(PAGE);
    let zone = times::viewer_zone(&mut tx, ctx).await?;
    let operations = lines(&mut tx, ctx, &found, zone).await?;
    tx.done().await?;
    Ok(AgendaPage {
        operations,
        past,
        next,
        plans: plans_anywhere(ctx, &eyes),
        configures: ctx.actor.may(Action::ConfigureOperations).is_ok(),
        zone: times::zone_words(zone),
        from: from.to_owned(),
    })
}

/// May the actor plan operations of some group?
pub(super) fn plans_anywhere(ctx: &Ctx, eyes: &Eyes) -> bool {
    let root = eyes.roster().root();
    let groups = eyes.roster().groups.iter().map(|group| group.id);
    ctx.actor.looker.is_none()
        && root
            .into_iter()
            .chain(groups)
            .any(|group| eyes.onlooker(group).plans && eyes.onlooker(group).sees_group)
}

fn beginning(past: bool) -> (Instant, OperationId) {
    if past {
        let last = Instant::UNIX_EPOCH + chrono::Duration::days(400 * 365);
        (last, OperationId(Uuid::max()))
    } else {
        (Instant::UNIX_EPOCH, OperationId(Uuid::nil()))
    }
}

fn place_of(operation: &Operation) -> (Instant, OperationId) {
    (operation.starts_at, operation.operation_id)
}

fn write_place(operation: &Operation) -> String {
    format!(
        "{}_{}",
        rfc3339(operation.starts_at),
        operation.operation_id
    )
}

fn read_place(text: &str) -> Option<(Instant, OperationId)> {
    let (at, id) = text.split_once('_')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

/// Operations as lists show them.
async fn lines(
    tx: &mut Read,
    ctx: &Ctx,
    operations: &[Operation],
    zone: Tz,
) -> Result<Vec<OperationLine>> {
    let begins = |operation: &Operation| operation.starts_at;
    let (Some(first), Some(last)) = (
        operations.iter().map(begins).min(),
        operations.iter().map(begins).max(),
    ) else {
        return Ok(Vec::new());
    };
    let categories = categories(tx).await?;
    let counts = store::operations::counts_between(tx, first, last).await?;
    let counts: HashMap<OperationId, Counts> = counts.into_iter().collect();
    let mut mine: HashMap<OperationId, (Answer, bool)> = HashMap::new();
    let mut own_billets: HashMap<OperationId, String> = HashMap::new();
    if let Some((player, _)) = &ctx.actor.player {
        let rows = store::answers::of_player_between(tx, *player, first, last).await?;
        let rows = rows.into_iter();
        mine.extend(rows.map(|(id, answer, waits)| (id, (answer.into(), waits.is_some()))));
        let rows = store::billets::of_player_between(tx, *player, first, last).await?;
        own_billets.extend(rows);
    }
    let answers = ctx.actor.player.is_some() && ctx.actor.looker.is_none();
    let line = |operation: &Operation| OperationLine {
        id: operation.operation_id,
        title: operation.title.clone(),
        category: mark_of(&categories, operation.category_id),
        state: operation.state,
        when: when(ctx, operation, zone),
        day: times::day_in(operation.starts_at, zone),
        clock: times::clock_in(operation.starts_at, zone),
        place: operation.place.clone(),
        group: operation.group_name.clone(),
        counts: counts
            .get(&operation.operation_id)
            .copied()
            .unwrap_or_default(),
        capacity: operation.capacity,
        mine: mine.get(&operation.operation_id).map(|(answer, _)| *answer),
        waits: mine
            .get(&operation.operation_id)
            .is_some_and(|(_, waits)| *waits),
        open: answers && operation.state == OperationState::Published,
        only_off: ctx.now >= operation.answers_end(),
        billet: own_billets.get(&operation.operation_id).cloned(),
    };
    Ok(operations.iter().map(line).collect())
}

fn when(
    ctx: &Ctx,
    operation: &Operation,
    here: Tz,
) -> crate::features::operations::model::pages::When {
    let there = times::zone(&operation.zone);
    times::when(operation.starts_at, operation.ends_at, here, there, ctx.now)
}

/// Categories by id, deleted ones too: old operations keep them.
pub(super) async fn categories(tx: &mut Read) -> Result<HashMap<CategoryId, CategoryRow>> {
    let rows = store::setup::categories(tx).await?;
    Ok(rows.into_iter().map(|row| (row.category_id, row)).collect())
}

pub(super) fn mark_of(
    categories: &HashMap<CategoryId, CategoryRow>,
    category: Option<CategoryId>,
) -> Option<CategoryMark> {
    let row = categories.get(&category?)?;
    Some(CategoryMark {
        id: row.category_id,
        name: row.name.clone(),
        hue: row.hue,
        mark: row.mark,
    })
}

/// The marks of all categories in order, deleted ones too.
///
/// # Errors
/// When the database fails.
pub async fn category_marks(tx: &mut Read) -> Result<Vec<CategoryMark>> {
    let rows = store::setup::categories(tx).await?;
    let mark = |row: CategoryRow| CategoryMark {
        id: row.category_id,
        name: row.name,
        hue: row.hue,
        mark: row.mark,
    };
    Ok(rows.into_iter().map(mark).collect())
}

/// The page of an operation.
///
/// # Errors
/// `NotFound` when there is none or the actor does not see it.
pub async fn read_operation(ctx: &Ctx, id: OperationId) -> Result<OperationPage> {
    let eyes = eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let operation = seen(&mut tx, &eyes, id).await?;
    let head = head(&mut tx, ctx, &eyes, &operation).await?;
    let asked = answer_pages::asked(&mut tx, ctx, &eyes, &operation).await?;
    tx.done().await?;
    Ok(OperationPage {
        head,
        asked,
        briefing_html: markdown::render(&operation.briefing),
    })
}

/// What happened to an operation, as far as the actor may read the log.
///
/// # Errors
/// `NotFound` when there is none or the actor does not see it.
pub async fn read_history(ctx: &Ctx, id: OperationId) -> Result<HistoryPage> {
    let eyes = eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let operation = seen(&mut tx, &eyes, id).await?;
    let head = head(&mut tx, ctx, &eyes, &operation).await?;
    tx.done().await?;
    Ok(HistoryPage {
        head,
        planned_at: operation.created_at,
        events: audit::service::events_of_operation(ctx, id).await?,
    })
}

/// The operations that these eyes see and that lie in a span of time, even in part; at most so many.
///
/// # Errors
/// When the database fails.
pub async fn operations_between(
    tx: &mut Read,
    eyes: &Eyes,
    from: Instant,
    until: Instant,
    most: i64,
) -> Result<Vec<Operation>> {
    let mut rows = store::operations::between(tx, from, until, most).await?;
    rows.retain(|row| eyes.sees_operation(row));
    Ok(rows)
}

/// An operation that these eyes see.
///
/// # Errors
/// `NotFound` when there is none or they do not.
pub async fn seen(tx: &mut Read, eyes: &Eyes, id: OperationId) -> Result<Operation> {
    let operation = store::operations::get(tx, id).await?;
    if eyes.sees_operation(&operation) {
        Ok(operation)
    } else {
        Err(Failure::App(AppError::NotFound))
    }
}

/// What stands above every page of an operation.
///
/// # Errors
/// When the database fails.
pub async fn head(
    tx: &mut Read,
    ctx: &Ctx,
    eyes: &Eyes,
    operation: &Operation,
) -> Result<OperationHead> {
    let zone = times::viewer_zone(tx, ctx).await?;
    let categories = categories(tx).await?;
    let campaign = match operation.campaign_id {
        Some(id) => store::setup::campaign_name(tx, id)
            .await?
            .map(|name| (id, name)),
        None => None,
    };
    let said = |at: Instant| (at, times::minute_in(at, zone));
    let own_eyes = ctx.actor.looker.is_none();
    let may = |action| own_eyes && eyes.may(action, operation.group_id);
    Ok(OperationHead {
        id: operation.operation_id,
        version: operation.version,
        title: operation.title.clone(),
        category: mark_of(&categories, operation.category_id),
        campaign,
        series: operation.series_id,
        state: operation.state,
        audience: operation.audience,
        group: (operation.group_id, operation.group_name.clone()),
        organiser: (operation.organiser_id, operation.organiser_name.clone()),
        place: operation.place.clone(),
        when: when(ctx, operation, zone),
        publishes: operation.publish_at.map(said),
        answer_until: operation.answer_until.map(said),
        cancel_reason: operation.cancel_reason.clone(),
        capacity: operation.capacity,
        counts: store::operations::counts(tx, operation.operation_id).await?,
        can: CanDo {
            plan: may(Action::PlanOperations),
            fill: may(Action::FillBillets),
            record: may(Action::RecordAttendance),
            configure: own_eyes && ctx.actor.may(Action::ConfigureOperations).is_ok(),
        },
    })
}
