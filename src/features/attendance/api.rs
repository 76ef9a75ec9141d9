//! Server functions of attendance: each one call of the service.

mod reading;
mod recording;

pub use reading::*;
pub use recording::*;
