//! The event log on the screen: its page, and the list that groups and players show too.

mod event_log;
pub mod page_log;

pub use event_log::event_log;
