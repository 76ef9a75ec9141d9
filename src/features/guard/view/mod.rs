//! Pages of the guard.

pub mod page_plan;
pub mod page_ranks;
