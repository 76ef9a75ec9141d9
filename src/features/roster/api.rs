//! Server functions of the roster: each one call of the service.
//!
//! Arguments are flat, because plain forms can send nothing else; they are put together to the
//! commands of `input` here. An empty choice of a form arrives as an empty text, so ids that may be
//! absent are read by [`optional_id`](super::input::optional_id).

mod groups;
mod members;
mod players;
mod reading;
mod roles;

pub use groups::*;
pub use members::*;
pub use players::*;
pub use reading::*;
pub use roles::*;
