//! Server functions of attendance: each one call of the service.

mod appealing;
mod reading;
mod recording;

pub use appealing::*;
pub use reading::*;
pub use recording::*;
