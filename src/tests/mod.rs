//! All integration tests in one binary: linking dominates on small machines.
//!
//! Requests go through the real router in process, on both databases, each test in a database of
//! its own. `support` has the world that tests act in. PostgreSQL is started by `make test`, which
//! names it in `MUSTER_TEST_POSTGRES_URL`; without it, tests on PostgreSQL fail and say so.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is not as it should be"
)]

mod cast;
mod catalogue;
mod cedar;
mod support;

mod access_matrix;
mod access_page;
mod accounts;
mod answer_links;
mod answers;
mod attendance;
mod billets;
mod calendar;
mod config_files;
mod criteria;
mod demo;
mod fault;
mod guard;
mod hand_over;
mod history;
mod import;
mod import_rights;
mod joining;
mod leave;
mod live;
mod mail;
mod names;
mod notices;
mod operations;
mod org_types;
mod pages_html;
mod private_groups;
mod public_face;
mod ranks;
mod roster_commands;
mod safety;
mod see_as;
mod sql_scan;
mod standing;
mod statements;
mod taking_back;
mod tenancy;
