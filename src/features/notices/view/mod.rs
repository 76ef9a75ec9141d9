//! Notices on the screen.

pub mod page_notices;
pub mod page_switches;

pub use page_notices::PageNotices;
pub use page_switches::PageSwitches;
