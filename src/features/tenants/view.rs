//! Pages of tenants.

pub mod page_found;
pub mod page_founding;
pub mod page_settings;
pub mod page_start;

pub use page_found::PageFound;
pub use page_founding::PageFounding;
pub use page_settings::PageSettings;
pub use page_start::PageStart;
