//! SQL of operations, and nothing else.

pub(super) mod calendar;
pub(super) mod feeds;
pub(super) mod operations;
pub(super) mod series;
pub(super) mod setup;
pub(super) mod shapes;
pub(super) mod work;
