//! Reminders (§9.3): at set times before an operation, to those without an answer, and to nobody else.
//!
//! Rows say what is to be sent, and what was. They follow the operation: published, moved, changed or
//! cancelled. Sending one is an event in the transaction that marks the row, so each is sent once,
//! whatever dies when and however many processes there are; the notices make page and mail of it.

use super::{Eyes, event_of, times};
use crate::{
    domain::{
        OperationId, PlayerId,
        event::{EventData, EventKind},
        time::Instant,
    },
    features::{
        leave,
        operations::{
            model::{Audience, OperationState, shape::read_reminders},
            store::{operations::Operation, reminders},
        },
        roster::read_model::Roster,
    },
    server::{
        Ctx, Result,
        db::{Read, Write},
        events,
    },
};
use chrono::Duration;
use std::{collections::HashSet, sync::Arc};

/// One that could not be sent in time is sent so much later; after that it would only confuse.
const LATEST: Duration = Duration::hours(2);

/// Makes the rows of an operation as they are to be now. One whose time has passed is not made.
pub(super) async fn plan(tx: &mut Write, ctx: &Ctx, operation: &Operation) -> Result<()> {
    let wanted: Vec<(i64, Instant)> = match operation.state {
        OperationState::Published => read_reminders(&operation.remind_before)
            .into_iter()
            .map(|minutes| (minutes, operation.starts_at - Duration::minutes(minutes)))
            .collect(),
        _ => Vec::new(),
    };
    let id = operation.operation_id;
    let there = reminders::of(tx, id).await?;
    for (minutes, _) in there.iter().filter(|row| !wanted.contains(row)) {
        reminders::delete(tx, id, *minutes).await?;
    }
    for row in wanted
        .iter()
        .filter(|row| !there.contains(row) && row.1 > ctx.now)
    {
        reminders::insert(tx, id, *row).await?;
    }
    Ok(())
}

/// Sends a reminder that is due, or drops one that is too late; who comes second finds it done.
pub(super) async fn send(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    minutes: i64,
) -> Result<()> {
    let id = operation.operation_id;
    let Some(due) = reminders::claim(tx, id, minutes, ctx.now).await? else {
        return Ok(());
    };
    let takes_place = operation.state == OperationState::Published;
    if !takes_place || operation.starts_at <= ctx.now || ctx.now - due > LATEST {
        tracing::info!(operation = %id, minutes, %due, "a reminder was dropped: it is too late");
        return Ok(());
    }
    let roster = crate::features::roster::service::roster_in(tx, ctx).await?;
    let count = unanswered(tx, ctx, &roster, operation).await?.len();
    if count == 0 {
        return Ok(());
    }
    let zone = times::zone(&operation.zone);
    let begins = times::minute_in(operation.starts_at, zone);
    let data = EventData {
        before: Some(format!("{begins} {}", times::zone_words(zone))),
        after: Some(match count {
            1 => "1 person".to_owned(),
            count => format!("{count} people"),
        }),
        ..EventData::default()
    };
    events::append(tx, ctx, event_of(operation, EventKind::Reminded, data)).await?;
    Ok(())
}

/// Those of the audience who have not answered and are not on leave when it begins.
///
/// # Errors
/// When the database fails.
pub(super) async fn unanswered(
    tx: &mut Read,
    ctx: &Ctx,
    roster: &Arc<Roster>,
    operation: &Operation,
) -> Result<Vec<PlayerId>> {
    let answered = reminders::answered(tx, operation.operation_id).await?;
    let answered: HashSet<PlayerId> = answered.into_iter().map(|(player,)| player).collect();
    let away = leave::service::away_at(tx, ctx, operation.starts_at).await?;
    let open = roster.players.iter().filter(|player| {
        let id = player.player_id;
        player.claimed && !answered.contains(&id) && !away.contains(&id)
    });
    let concerned = open.filter(|player| {
        let eyes = Eyes::of_player(roster.clone(), player.player_id);
        let onlooker = eyes.onlooker(operation.group_id);
        let is_for_them = match operation.audience {
            Audience::Group => onlooker.belongs,
            Audience::Members | Audience::Public => onlooker.is_member,
        };
        onlooker.sees_group && is_for_them
    });
    Ok(concerned.map(|player| player.player_id).collect())
}

/// The same for a reminder that was sent, for those who tell of it.
///
/// # Errors
/// When the database fails.
pub async fn reminded(
    tx: &mut Read,
    ctx: &Ctx,
    roster: &Arc<Roster>,
    id: OperationId,
) -> Result<Vec<PlayerId>> {
    match super::find(tx, id).await? {
        Some(operation) => unanswered(tx, ctx, roster, &operation).await,
        None => Ok(Vec::new()),
    }
}
