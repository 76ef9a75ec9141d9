//! Attendance (§9.6–9.8): who was there, what that means in figures, and what became of an operation.
//!
//! Invariants, held by rules here and by the database:
//! - everything computed asks what a state means (credit, excused, counts), never what it is called:
//!   renaming one changes no figure; changing its meaning says first how many entries get another
//!   value;
//! - an entry is credited to the group and rank held when the operation began, and stays there;
//! - a person has one entry for an operation (key), and Muster uses at most one state for each
//!   purpose (index);
//! - whoever changes an entry must have seen what they change: each carries its version, and what
//!   was written before is kept as a correction;
//! - an appeal is answered once, never by whoever made it, and is then immutable (triggers).
//!
//! Who sees an operation, and when it begins, is `operations`' business; who is on leave is that of
//! `leave`. The table of attendance is this feature's alone.

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
