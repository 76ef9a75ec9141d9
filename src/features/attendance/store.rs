//! SQL of attendance, and nothing else.

pub(super) mod appeals;
pub(super) mod figures;
pub(super) mod report;
pub(super) mod sheet;
pub(super) mod states;
