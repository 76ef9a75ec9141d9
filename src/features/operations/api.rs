//! Server functions of operations: each one call of the service.

mod calendar;
mod feeds;
mod planning;

pub use calendar::*;
pub use feeds::*;
pub use planning::*;
