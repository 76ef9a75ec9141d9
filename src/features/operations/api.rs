//! Server functions of operations: each one call of the service.

mod planning;

pub use planning::*;
