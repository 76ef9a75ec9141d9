//! Pages of access.

pub mod page_access;
pub mod page_person;
