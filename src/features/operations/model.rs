//! Types of operations seen by server and browser, and the pure rules on them.

pub mod figures;
pub mod recurrence;
