//! Vocabulary shared by server and browser: typed ids, names, errors, access,
//! criteria, events, time.
//!
//! Nothing here does I/O or knows Leptos views. Words are those of the product description
//! (`domain.md`); whatever a feature says to another part of the house it says in these types.

pub mod access;
pub mod criteria;
pub mod error;
pub mod event;
pub mod ids;
pub mod module;
pub mod name;
pub mod time;
pub mod viewer;

pub use error::{AppError, ConflictCode, FieldErrors, FieldProblem};
pub use ids::*;
