//! Operations (§9): what an organisation does together, and when.
//!
//! Invariants, held by rules here and by the database:
//! - one rule says who sees an operation ([`model::sight`]); lists, pages, feeds, the log and notices
//!   all ask it, and whoever does not see an operation is told that there is none;
//! - a draft, and one whose publication waits for its day, shows only to those who may plan it;
//! - times are kept as instants and typed in the organiser's zone; a local time that a change of
//!   clocks leaves out or has twice is read as RFC 5545 §3.3.5 says (`service::recurrence`), so an
//!   operation that comes again keeps its time of day;
//! - a feed shows what its owner may see at the moment it is read, and whoever is no member any more
//!   reads nothing; of its secret only the hash is kept (`service::feeds`);
//! - a personal link in a mail shows one person's answer to one operation and lets it be given, as long
//!   as answers are taken; opening it changes nothing and signs nobody in (`service::links`);
//! - the occurrences of a series are operations of their own: what was changed by itself stays as it
//!   is, and a slot that was deleted is not made again;
//! - nobody is suggested for a billet whose needs they do not meet, and nobody for two.
//!
//! Rules that need no database stand in [`model`]: figures of attendance ([`model::figures`]), how an
//! operation comes again ([`model::recurrence`], `service::recurrence`), who may take a billet
//! themself and when ([`model::release`]), who moves up when a place opens ([`model::waitlist`]),
//! and who should be put where ([`model::suggestion`], `service::suggest`).
//!
//! The rules that need no database stand in `model`: figures of attendance ([`model::figures`]), how
//! an operation comes again ([`model::recurrence`]), who may take a billet themself and when
//! ([`model::release`]), who moves up when a place opens ([`model::waitlist`]), and who should be put
//! where ([`model::suggestion`], `service::suggest`). Nobody is suggested for a billet whose needs
//! they do not meet, and nobody for two; every answer has its reason with it.
//!
//! Attendance and leave are features of their own that build on this one.

pub mod api;
pub mod input;
pub mod model;
pub mod routes;
pub mod view;

#[cfg(feature = "ssr")]
mod access;
#[cfg(feature = "ssr")]
pub mod handlers;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
