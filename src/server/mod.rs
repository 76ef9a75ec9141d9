//! Plumbing of the server: configuration, database, tenancy, context, server functions, events.
//!
//! Knows no feature. Whatever a feature needs from outside comes to it through [`ctx::Ctx`].

pub mod backup;
pub mod config;
pub mod ctx;
pub mod database_url;
pub mod db;
pub mod error;
pub mod events;
pub mod flash;
pub mod headers;
pub mod housekeeping;
pub mod mail;
pub mod markdown;
pub mod migrate;
pub mod password;
pub mod request;
pub mod rpc;
pub mod signing;
pub mod state;
pub mod tenancy;
pub mod throttle;
pub mod token;

pub use ctx::Ctx;
pub use error::{Failure, Result};
