//! Commands and queries of ranks.

use super::store;
use crate::{
    domain::{PlayerId, time::Instant},
    server::{
        Result,
        db::{Read, Write},
    },
};

pub use store::Ladder;

/// Gives a new Org the ranks of its type.
///
/// # Errors
/// When the database fails.
pub async fn plant_ranks(tx: &mut Write, type_id: &str) -> Result<()> {
    for rank in store::of_type(tx, type_id).await? {
        store::insert_of_type(tx, rank).await?;
    }
    Ok(())
}

/// Gives a new player the default rank (§3.2).
///
/// # Errors
/// When the database fails.
pub async fn give_default_rank(tx: &mut Write, player: PlayerId, at: Instant) -> Result<()> {
    store::begin_default(tx, player, at).await
}

/// Gives a player who comes back the default rank in place of the one they had, if any.
///
/// # Errors
/// When the database fails.
pub async fn reset_rank(tx: &mut Write, player: PlayerId, at: Instant) -> Result<()> {
    store::end_holding(tx, player, at).await?;
    store::begin_default(tx, player, at).await
}

/// The ranks of the Org and how they are called where, for the roster's read model.
///
/// # Errors
/// When the database fails.
pub async fn ladder(tx: &mut Read) -> Result<Ladder> {
    store::ladder(tx).await
}
