//! Pages of attendance, all drawn by the server. Others use [`parts::person`], what a player's page
//! shows of it.

pub mod page_figures;
pub mod page_report;
pub mod page_sheet;
pub mod page_states;
pub mod parts;
