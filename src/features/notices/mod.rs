//! Notices (§5.4): telling people what happened to them and to what they lead.
//!
//! - Notices hang on the event log and never on the command: one worker per process (`service::run`)
//!   follows the events of all Orgs and, for each, writes notices, queues mails and moves the Org's
//!   cursor in one transaction. So each event is told exactly once, whatever dies when.
//! - Who is told what is decided by [`model::say`], purely; `service` finds the people. Nobody is
//!   told of what they did themselves, nor of a private group they may not see, except those it is
//!   done to.
//! - People switch topics off, each for the page and for mail; without a row in `notice_switch`
//!   both are on.
//!
//! Neighbours: `server::events` wakes the worker, `server::mail` sends what is queued, the live
//! stream of `audit` carries the number of unread notices.

pub mod api;
pub mod model;
pub mod routes;
pub mod view;

#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
