//! Pages of attendance, all drawn by the server. Others use [`parts::person`], what a player's page
//! shows of it, and
//! [`appeals::waiting_row`], what stands in the inbox.

pub mod appeals;
pub mod page_check_in;
pub mod page_corrections;
pub mod page_figures;
pub mod page_report;
pub mod page_sheet;
pub mod page_states;
pub mod parts;
