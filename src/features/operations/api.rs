//! Server functions of operations: each one call of the service.

mod calendar;
mod feeds;
mod planning;
mod setup;

pub use calendar::*;
pub use feeds::*;
pub use planning::*;
pub use setup::*;
