//! What the server does with operations.

pub mod recurrence;
pub mod suggest;
