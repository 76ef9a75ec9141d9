//! Pages of tenants.

pub mod page_found;
pub mod page_org_types;
pub mod page_settings;
pub mod page_start;

pub use page_found::PageFound;
pub use page_settings::PageSettings;
pub use page_start::PageStart;
