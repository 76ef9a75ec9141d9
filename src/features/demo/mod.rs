//! The demo organisation of `muster demo` (an infantry company with a year of history), and the
//! shapes that a new Org can start from.
//!
//! `model` makes the whole demo as plain data, the same on every machine but for the dates, which
//! count back from today; `service` applies it through the roster's own door. [`shapes`] is data
//! only: the roster applies a shape.


#[cfg(feature = "ssr")]
mod model;
#[cfg(feature = "ssr")]
pub mod service;
