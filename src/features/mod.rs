//! One folder per area of the product, each with the same file names (see `README.md`).
//!
//! A feature uses another's `model` and `service`, never its `store` or `view`.

pub mod access;
pub mod accounts;
pub mod attendance;
pub mod audit;
pub mod criteria;
pub mod demo;
pub mod guard;
pub mod joining;
pub mod leave;
pub mod notices;
pub mod operations;
pub mod ranks;
pub mod roster;
pub mod tenants;
pub mod transfer_data;
