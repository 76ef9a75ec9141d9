//! Operations (§9): what a community does together, who takes part in which place, and who was there.
//!
//! Here are the rules that need no database: figures of attendance ([`model::figures`]), how an
//! operation comes again ([`model::recurrence`], `service::recurrence`), who may take a billet
//! themself and when ([`model::release`]), who moves up when a place opens ([`model::waitlist`]),
//! and who should be put where ([`model::suggestion`], `service::suggest`).
//!
//! Invariants:
//! - an operation that comes again keeps its time of day in the organiser's zone over every clock
//!   change, and each coming is known by that local time (its **slot**), whatever instant it is;
//! - nobody is suggested for a billet whose needs they do not meet, and nobody for two;
//! - every answer here has its reason with it.

pub mod model;

#[cfg(feature = "ssr")]
pub mod service;
