//! What rules need from the database: the feature's only door.
//!
//! Whoever asks a rule reads [`facts_of`] once for everybody it is asked about, judges with
//! `domain::criteria::evaluate`, and tells the outcome with the names of [`names_of`].

mod facts;
mod names;

pub use facts::facts_of;
pub use names::{KnownNames, names_of};
