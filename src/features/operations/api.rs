//! Server functions of operations: each one call of the service.

mod planning;
mod setup;

pub use planning::*;
pub use setup::*;
