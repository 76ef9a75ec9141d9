//! Pages of tenants.

pub mod page_found;
pub mod page_founding;
pub mod page_org_types;
pub mod page_orgs;
pub mod page_public;
pub mod page_settings;
pub mod page_start;

pub use page_found::PageFound;
pub use page_founding::PageFounding;
pub use page_orgs::PageOrgs;
pub use page_public::PagePublic;
pub use page_settings::PageSettings;
pub use page_start::PageStart;
