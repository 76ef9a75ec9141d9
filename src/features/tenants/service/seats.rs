//! The one Org of a type that a person belongs to, where the type allows only one (§1.6), and what
//! somebody holds of an Org itself.
//!
//! A seat is taken when a user becomes a player and freed when they leave. Who belonged to several
//! Orgs when their type began to count has a seat in each, and every one of them stands in the way
//! of further ones. When two Orgs of a type take a user at the same moment, the user's row makes
//! one wait for the other.

use crate::{
    domain::{ConflictCode, PlayerId, UserId},
    features::tenants::store,
    server::{
        Result,
        db::{Read, Write},
    },
};

/// Takes the user's seat in this Org, if its type counts seats.
///
/// # Errors
/// `OtherOrg` when they sit in another Org of the type.
pub async fn claim_seat(tx: &mut Write, user: UserId) -> Result<()> {
    store::seats::lock_seats_of(tx, user).await?;
    store::seats::insert_seat(tx, user).await?;
    check_seat(tx, user).await
}

/// Could the user take a seat in this Org?
///
/// # Errors
/// `OtherOrg` when they sit in another Org of the type.
pub async fn check_seat(tx: &mut Read, user: UserId) -> Result<()> {
    match store::seats::seat_elsewhere(tx, user).await? {
        Some(org) => Err(ConflictCode::OtherOrg { org }.into()),
        None => Ok(()),
    }
}

/// Frees the user's seat in this Org.
///
/// # Errors
/// When the database fails.
pub async fn free_seat(tx: &mut Write, user: UserId) -> Result<()> {
    store::seats::delete_seat(tx, user).await
}

/// Ends a player's being a co-founder and any offer of the founding to them: they are going.
///
/// # Errors
/// When the database fails.
pub async fn resign(tx: &mut Write, player: PlayerId) -> Result<()> {
    store::seats::delete_co_founder(tx, player).await?;
    store::seats::delete_founding_offer(tx, player).await
}
