//! Ranks (§3.2, §3.3): the ladder of an organisation, other names for its rungs, and who holds which.
//!
//! Invariants, held by rules here and by indexes in the database:
//! - an Org has one default rank and one guest rank, and neither can be deleted;
//! - a player holds one rank at a time; a holding is never overwritten, a change ends one interval
//!   and starts another;
//! - level, access and ceilings belong to the rank; a rank set only gives it another name, so that
//!   sets cannot differ in meaning;
//! - who is neither founder nor co-founder changes only ranks below their own, before and after,
//!   and puts no access into them that they do not hold (`access`).
//!
//! What a rank allows is decided in `domain::access`. `tenants` plants the ranks of a new Org,
//! `roster` asks for the default rank of a new player and draws the names. Removing somebody from
//! the organisation belongs to `roster`, because it ends memberships.

pub mod api;
pub mod input;
pub mod model;
pub mod routes;
pub mod view;

#[cfg(feature = "ssr")]
mod access;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
