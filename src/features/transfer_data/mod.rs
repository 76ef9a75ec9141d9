//! Import of people and groups from CSV files (§19.1); export and erasure will live here too.
//!
//! [`model`] decides from bytes and the roster as it stands what is to be written; `service` reads
//! the one, writes the other through the roster's own door, in one transaction, and keeps the runs
//! of the import page. A dry run and a real run make the same plan, so their reports are the same.
//!
//! Invariants: nothing is half written; running again changes nothing; a whole file that cannot be
//! read stops the import; at most one import of an Org runs at a time; a file gives no access that
//! its importer has not, takes nobody out or back who is somebody, and knows of no group that its
//! importer does not see.

pub mod api;
pub mod input;
pub mod model;
pub mod routes;
pub mod view;

#[cfg(feature = "ssr")]
pub mod handlers;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
