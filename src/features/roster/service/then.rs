//! Who was who at an instant, for what is credited to the group and rank held then (§9.6).

use crate::{
    domain::time::Instant,
    features::roster::store,
    server::{Result, db::Read},
};

pub use store::then::{MembershipThen, PersonThen};

/// All players with the ranks of an instant, by name.
///
/// # Errors
/// When the database fails.
pub async fn people_at(tx: &mut Read, at: Instant) -> Result<Vec<PersonThen>> {
    store::then::people(tx, at).await
}

/// All memberships of an instant, the exclusive ones first.
///
/// # Errors
/// When the database fails.
pub async fn memberships_at(tx: &mut Read, at: Instant) -> Result<Vec<MembershipThen>> {
    store::then::memberships(tx, at).await
}
