//! The demo organisation of `muster demo`: an infantry company with a year of history.
//!
//! `model` makes the whole demo as plain data, the same on every machine but for the dates, which
//! count back from today; `service` applies it through the roster's own door. The shapes that a new
//! Org can start from are the roster's.

#[cfg(feature = "ssr")]
mod model;
#[cfg(feature = "ssr")]
pub mod service;
