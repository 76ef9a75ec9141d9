//! SQL of operations, and nothing else.

pub(super) mod absence;
pub(super) mod answers;
pub(super) mod billets;
pub(super) mod calendar;
pub(super) mod feeds;
pub(super) mod operations;
pub(super) mod reminders;
pub(super) mod series;
pub(super) mod setup;
pub(super) mod shapes;
pub(super) mod suggestions;
pub(super) mod work;
