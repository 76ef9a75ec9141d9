//! Leave of absence (§6.4): days on which somebody is not expected.
//!
//! Invariants, held by rules here and by the database:
//! - nobody answers their own request, and a request is answered once;
//! - the leaves of one person that wait or were approved do not overlap;
//! - days are those of the organisation's zone, both included; a leave without an end lasts until it
//!   is ended;
//! - an answer to an operation that leave changed comes back when the leave ends early, unless
//!   somebody changed it meanwhile (`leave_answer` remembers).
//!
//! Others ask [`service::away_at`] who is on leave: reminders leave those out, and the sheet of
//! attendance offers the state that is used for it.

pub mod api;
pub mod input;
pub mod model;
pub mod routes;
pub mod view;

#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
