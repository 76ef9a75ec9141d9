//! The page of leave. Others use [`page_leave::waiting_row`], what the inbox shows.

pub mod page_leave;
