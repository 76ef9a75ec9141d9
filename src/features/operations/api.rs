//! Server functions of operations: each one call of the service.

mod answers;
mod billets;
mod calendar;
mod feeds;
mod links;
mod planning;
mod setup;
mod suggesting;

pub use answers::*;
pub use billets::*;
pub use calendar::*;
pub use feeds::*;
pub use links::*;
pub use planning::*;
pub use setup::*;
pub use suggesting::*;
