//! Pages of ranks, all drawn by the server.

pub mod page_change;
pub mod page_ladder;
pub mod page_rank;
pub mod page_sets;
mod parts;
