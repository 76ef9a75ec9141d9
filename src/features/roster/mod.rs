//! The roster (§4): groups in a tree, roles, positions, and who is where since when.
//!
//! Invariants, held by rules here and by indexes in the database:
//! - the tree has one root, the Org itself, and no cycles;
//! - a player is in at most one exclusive group at a time, and a singular role has one holder;
//! - a membership is never overwritten: a change ends one interval and starts another;
//! - every command writes its event, with the commands that take it back, in its own transaction.
//!
//! Others use [`model`] and `service`. Joining (§5), ranks (§3.2) and operations (§9) build on this.

pub mod api;
pub mod input;
pub mod model;
pub mod routes;
pub mod view;

#[cfg(feature = "ssr")]
pub mod access;
#[cfg(feature = "ssr")]
pub mod handlers;
#[cfg(feature = "ssr")]
pub mod read_model;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod shapes;
#[cfg(feature = "ssr")]
mod store;
