//! What attendance can be, and what it means (§9.6).

use super::{finish, sheet::choice};
use crate::{
    domain::{
        AppError, AttendanceStateId, ConflictCode, FieldProblem,
        access::{Action, Target, decide},
        event::{EventData, EventKind, Outcome},
        module::Module,
    },
    features::attendance::{
        access::members_only,
        input::{CheckedState, StateFields},
        model::{
            limits,
            pages::{StateLine, StatesPage},
        },
        store::{self, states::StateRow},
    },
    server::{
        Ctx, Failure, Result,
        db::Write,
        events::{self, NewEvent},
        tenancy,
    },
};
use std::collections::HashMap;
use uuid::Uuid;

/// Refuses what belongs to attendance where the Org's type does without operations.
pub(super) fn module_is_on(ctx: &Ctx) -> Result<()> {
    if ctx.tenant()?.modules.has(Module::Operations) {
        Ok(())
    } else {
        Err(Failure::App(AppError::NotFound))
    }
}

/// The states with what they mean, and how many entries have each.
///
/// # Errors
/// The Org has no operations, or the actor is no member.
pub async fn read_states(ctx: &Ctx) -> Result<StatesPage> {
    module_is_on(ctx)?;
    members_only(ctx)?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let rows = store::states::all(&mut tx).await?;
    let entries: HashMap<_, _> = store::states::entries(&mut tx).await?.into_iter().collect();
    tx.done().await?;
    let line = |row: &StateRow| StateLine {
        choice: choice(row),
        meaning: row.meaning(),
        used_for: row.used_for,
        entries: entries.get(&row.state_id).copied().unwrap_or_default(),
        version: row.version,
    };
    let own_eyes = ctx.actor.looker.is_none();
    Ok(StatesPage {
        states: rows
            .iter()
            .map(line)
            .filter(|line| !line.choice.deleted || line.entries > 0)
            .collect(),
        may: own_eyes && ctx.actor.may(Action::ConfigureOperations).is_ok(),
    })
}

async fn begin(ctx: &Ctx) -> Result<Write> {
    module_is_on(ctx)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let facts = tenancy::facts(&mut tx, ctx).await?;
    decide(&facts, Action::ConfigureOperations, Target::Org)
        .map_err(|missing| ctx.refuse(missing))?;
    Ok(tx)
}

/// Adds a state.
///
/// # Errors
/// Invalid fields, a missing grant, too many states, or a name or use that another one has.
pub async fn create_state(ctx: &Ctx, fields: StateFields) -> Result<Outcome> {
    let state = fields.validate()?;
    let mut tx = begin(ctx).await?;
    let states = store::states::all(&mut tx).await?;
    if states.iter().filter(|state| !state.deleted).count() >= limits::STATES {
        return Err(AppError::field("state[name]", FieldProblem::OutOfRange).into());
    }
    let id = AttendanceStateId(Uuid::now_v7());
    store::states::insert(&mut tx, id, &state).await?;
    let text = format!(
        "Added the state of attendance {}: {}",
        state.name,
        said(&state)
    );
    told(ctx, tx, text).await
}

/// Changes a state. Its name is only a name; a change of what it means gives recorded entries
/// another value, to which somebody must have agreed.
///
/// # Errors
/// Invalid fields, a missing grant, no such state, a change of meaning that was not agreed to, a
/// name or use that another one has, or somebody was faster.
pub async fn edit_state(
    ctx: &Ctx,
    id: AttendanceStateId,
    version: i64,
    fields: StateFields,
    agreed: bool,
) -> Result<Outcome> {
    let state = fields.validate()?;
    let mut tx = begin(ctx).await?;
    let before = get(&mut tx, id).await?;
    let entries: HashMap<_, _> = store::states::entries(&mut tx).await?.into_iter().collect();
    let entries = entries.get(&id).copied().unwrap_or_default();
    let revalues = before.meaning() != state.meaning && entries > 0;
    if revalues && !agreed {
        return Err(ConflictCode::Revalues { entries }.into());
    }
    if !store::states::update(&mut tx, id, version, &state).await? {
        return Err(ConflictCode::Stale.into());
    }
    let name = if before.name == state.name {
        format!("the state of attendance {}", state.name)
    } else {
        format!("the state of attendance {} to {}", before.name, state.name)
    };
    let text = if before.meaning() == state.meaning {
        format!("Changed {name}")
    } else {
        let before = before.meaning().in_words();
        format!(
            "Changed {name}: {}, before: {before}; {entries} entries",
            said(&state)
        )
    };
    told(ctx, tx, text).await
}

/// Takes a state out of those to choose; entries that have it keep it and their value.
///
/// # Errors
/// A missing grant, no such state, or somebody was faster.
pub async fn delete_state(ctx: &Ctx, id: AttendanceStateId, version: i64) -> Result<Outcome> {
    let mut tx = begin(ctx).await?;
    let before = get(&mut tx, id).await?;
    if !store::states::delete(&mut tx, id, version, ctx.now).await? {
        return Err(ConflictCode::Stale.into());
    }
    told(
        ctx,
        tx,
        format!("Deleted the state of attendance {}", before.name),
    )
    .await
}

async fn get(tx: &mut Write, id: AttendanceStateId) -> Result<StateRow> {
    let states = store::states::all(tx).await?;
    let live = |state: &StateRow| state.state_id == id && !state.deleted;
    let state = states.into_iter().find(live);
    state.ok_or(Failure::App(AppError::NotFound))
}

fn said(state: &CheckedState) -> String {
    state.meaning.in_words()
}

async fn told(ctx: &Ctx, mut tx: Write, text: String) -> Result<Outcome> {
    let data = EventData {
        after: Some(text),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::AttendanceStateEdited, data);
    let line = events::append(&mut tx, ctx, event).await?;
    let outcome = finish(ctx, tx, Some(line)).await?;
    Ok(outcome.and_goto("/attendance/states"))
}
