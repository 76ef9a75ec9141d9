//! Types of operations seen by server and browser, and the pure rules on them.

pub mod figures;
pub mod recurrence;
pub mod release;
pub mod suggestion;
pub mod waitlist;
