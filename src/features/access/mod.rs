//! Who can do what, through which grant, and what is missing for the rest; and looking at the
//! organisation as another member (§3.6).
//!
//! Invariants:
//! - the pages ask `domain::access::decide` about every cell, so they cannot disagree with the
//!   commands; they are computed from the roster's read model, in a fixed number of statements;
//! - of groups that the viewer does not see, nothing is told, also not that somebody manages a group
//!   by being a member of one;
//! - who looks through another's eyes changes nothing (`server::rpc`), sees at most what both may
//!   see (`server::tenancy`), is told so on every page, and stands in the log.

pub mod api;
pub mod model;
pub mod routes;
pub mod view;

#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
