//! Commands and queries of ranks: the feature's only door.
//!
//! Commands come in pairs, as in `roster::service`: one opens the transaction, and a function on the
//! transaction does the work, so that undo and bulk changes can do several in one.

mod change;
mod people;
mod queries;
mod sets;
mod standard;
mod undo;

pub use change::{create_rank, delete_rank, edit_rank};
pub use people::{
    Direction, change_rank, change_rank_in, end_rank, give_rank_again, level_and_access,
    level_of_return,
};
pub use queries::{group_set_page, history_of, ladder_page, player_rank_page, rank_page, set_page};
pub use sets::{
    choose_set, choose_set_in, create_set, create_set_in, delete_set, edit_set, use_set,
};
pub use standard::{apply_insignia, appoint};
pub use undo::undo;

pub use store::ladder::{Ladder, Titles};

use super::{input::Command, store};
use crate::{
    domain::{
        PlayerId, RankId,
        event::{EventData, EventKind, EventLine, Outcome},
        time::Instant,
    },
    server::{
        Ctx, Result,
        db::{Read, Write},
        events::{self, NewEvent},
    },
};

/// Gives a new Org the ranks of its type.
///
/// # Errors
/// When the database fails.
pub async fn plant_ranks(tx: &mut Write, type_id: &str) -> Result<()> {
    for rank in store::ladder::of_type(tx, type_id).await? {
        store::ladder::insert_of_type(tx, rank).await?;
    }
    Ok(())
}

/// Gives a player who has none the default rank (§3.2).
///
/// # Errors
/// When the database fails.
pub async fn give_default_rank(tx: &mut Write, player: PlayerId, at: Instant) -> Result<()> {
    store::holdings::begin_default(tx, player, at).await
}

/// Writes a rank that was held in the past, for imports and the demo.
///
/// # Errors
/// When the database fails.
pub async fn write_holding(
    tx: &mut Write,
    player: PlayerId,
    rank: RankId,
    since: Instant,
    until: Option<Instant>,
) -> Result<()> {
    let past = store::holdings::Past {
        player,
        rank,
        since,
        until,
    };
    store::holdings::insert_past(tx, past).await
}

/// The ranks of the Org and how they are called where, for the roster's read model.
///
/// # Errors
/// When the database fails.
pub async fn ladder(tx: &mut Read) -> Result<Ladder> {
    store::ladder::ladder(tx).await
}

/// The commands that take an event back, as the event keeps them.
fn undo_with(command: &Command) -> Option<String> {
    serde_json::to_string(command).ok()
}

/// Writes an event about a rank or rank set of this name.
async fn tell(
    tx: &mut Write,
    ctx: &Ctx,
    kind: EventKind,
    name: &str,
    undo: Option<&Command>,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let data = EventData {
        after: Some(name.to_owned()),
        ..EventData::default()
    };
    let event = NewEvent::new(kind, data)
        .undo(undo.and_then(undo_with))
        .undoes(undoes);
    events::append(tx, ctx, event).await
}

/// Commits a command whose event is the answer.
async fn finish(ctx: &Ctx, tx: Write, event: EventLine) -> Result<Outcome> {
    events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome {
        event: Some(event),
        ..Outcome::default()
    })
}
