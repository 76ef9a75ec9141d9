//! What the server does with operations.

pub mod recurrence;
