//! Pages of tenants.

mod page_found;
mod page_settings;
mod page_start;

pub use page_found::PageFound;
pub use page_settings::PageSettings;
pub use page_start::PageStart;
