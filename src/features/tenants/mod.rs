//! Organisations (§1): founding at the apex, settings and co-founders on the Org's host, and the
//! list "my organisations".
//!
//! Invariants, held by indexes and by rules here: names and slugs are unique ignoring case, an Org's
//! name is nobody else's call sign, and every Org has a root group and a founder with a player from
//! its first moment. Which Org a request is for is decided in `server::tenancy`, not here.

pub mod api;
pub mod input;
pub mod model;
pub mod routes;
pub mod view;

#[cfg(feature = "ssr")]
mod access;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
