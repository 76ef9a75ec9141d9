//! The guard before changes to many people at once (§4.8): plan → preview → limit → apply → undo.
//!
//! A feature of its own, because what it guards belongs to several others (roster, ranks, later
//! rules and syncs) and none of them should know the others. Invariants:
//! - a plan is what somebody asked for, never what it would do: that is computed anew whenever it is
//!   looked at and, inside the transaction, when it is applied. A digest of what was looked at goes
//!   with the form; another one means that things have changed, and nothing is done;
//! - a plan is seen and applied by its maker only, once, and within an hour;
//! - above [`model::LIMIT`] its maker types how many people it is about;
//! - every item is authorised by the command that carries it out, with the maker's rights;
//! - all of it is one event, which takes all of it back.
//!
//! A new kind of change is a variant of [`input::Change`] and a file in `service/`. The import uses
//! the limit alone: it has a preview of its own (`transfer_data`).

pub mod api;
pub mod input;
pub mod model;
pub mod routes;
pub mod view;

#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
