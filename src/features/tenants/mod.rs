//! Organisations (§1).
pub mod routes;
mod view;
