//! The event log as people read it (§20): its page, histories of groups and players, undo, and the
//! live stream.
//!
//! `server::events` writes the log; this feature never does, except through the commands that an
//! undo runs. What somebody may see is decided by the groups and operations they may see: an event in
//! a hidden group or about a draft does not exist for them.

pub mod api;
pub mod model;
pub mod routes;
pub mod view;

#[cfg(feature = "ssr")]
pub mod handlers;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
