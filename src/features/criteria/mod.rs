//! Criteria at work (§7): the facts of people, who qualifies, and the parts that edit and explain.
//!
//! The language itself is `domain::criteria`. Invariants of this feature:
//! - facts of everybody are read in a fixed number of statements, which depends on what the rule
//!   asks and never on how many people there are ([`service::facts_of`]);
//! - what Muster does not keep yet stays unknown, and unknown opens no gate;
//! - a rule that speaks of a group its reader may not see tells neither the group's name nor who is
//!   in it, and a rule with the id of something that is not there finds nobody.

pub mod api;
pub mod model;
pub mod routes;
pub mod view;

#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
