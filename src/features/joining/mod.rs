//! Joining (§5.1–5.3): open and by-request groups, requests and their answers, leaving; and the
//! inbox of what waits for somebody (§14.2).
//!
//! Invariants, held by rules here and by the database:
//! - a request goes from pending to approved, declined or withdrawn once, by one `update … where
//!   state = 'pending'`, and is then immutable (triggers);
//! - a user has one pending request for a group (index);
//! - a user becomes a player only by joining, by an approved request, by an invitation or by
//!   founding, and always with the default rank;
//! - private groups count as closed and do not exist for those who cannot see them.
//!
//! Rows of players and memberships are the roster's: this feature decides who may come in and asks
//! `roster::service` to let them. Others use [`model`], `service` and the one part that a group's
//! page shows, [`view::group_action`].

pub mod api;
pub mod input;
pub mod model;
pub mod routes;
pub mod view;

#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
