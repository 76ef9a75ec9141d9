//! Pages of joining. Others use [`group_action`], what a group's page offers its viewer.

pub mod page_inbox;
pub mod page_join;
pub mod page_leave;
pub mod page_offer;
pub mod page_requests;
mod parts;

pub use parts::group_action;
