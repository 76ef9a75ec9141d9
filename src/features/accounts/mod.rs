//! Users, passwords, sessions, and signing in across hosts (§2.1–2.4).

pub mod api;
pub mod routes;
mod view;

#[cfg(feature = "ssr")]
pub mod handlers;
#[cfg(feature = "ssr")]
pub mod service;
