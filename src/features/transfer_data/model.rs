//! The pure rules of the CSV import (§4, §19.1): from the bytes of the files and the roster as it
//! stands to a [`Plan`] of exact operations and a [`Report`] about every row.
//!
//! Nothing here does I/O, reads a clock or makes ids: all of that is passed in. A dry run and a
//! real run make the same plan, so their reports are the same; only the service applies it.
//!
//! How rows are judged:
//!
//! - **The order of rows never matters.** Of rows that contradict each other the one that counts
//!   is chosen by content (for memberships: the earlier interval), never by its line.
//! - **An empty cell says nothing.** It takes the default in a new group or player and leaves an
//!   existing one as it is, so running a file again never undoes what people filled in since. The
//!   one exception is `parent`: empty means top level.
//! - **The import never reopens and never deletes.** An interval that was ended and a group that
//!   was retired on the site stay so.
//! - **A row that depends on a refused row is refused**, with a code that says so.
//! - **A row that goes beyond its importer's rights is refused**; to their files, groups that they do
//!   not see are groups that never were.
//!
//! `parse` turns bytes into checked rows, `plan` decides, `report` is what people are told, and
//! [`pages`] is what the import's pages are given.

pub mod pages;
mod parse;
mod plan;
mod report;

#[cfg(test)]
mod tests;

pub use parse::{Files, InputFile};
pub use plan::{
    DEFAULT_LEADERSHIP_ROLES, Existing, ExistingGroup, ExistingMembership, ExistingPlayer,
    ExistingRole, GroupChanges, GroupMove, GroupUpdate, MembershipClose, NewGroup, NewMembership,
    NewPlayer, NewRole, Options, Plan, PlayerUpdate, plan,
};
pub use report::{Counts, Ended, MAX_LISTED_PROBLEMS, Problem, ProblemCode, Report, Severity};
