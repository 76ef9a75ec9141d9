//! Operations (§9): what a community does together, who takes part in which place, and who was there.
//!
//! Here are the rules that need no database: figures of attendance ([`model::figures`]) and how an
//! operation comes again ([`model::recurrence`], `service::recurrence`).
//!
//! Invariants:
//! - an operation that comes again keeps its time of day in the organiser's zone over every clock
//!   change, and each coming is known by that local time (its **slot**), whatever instant it is.

pub mod model;

#[cfg(feature = "ssr")]
pub mod service;
