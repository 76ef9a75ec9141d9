//! What rules need from the database: the feature's only door.
//!
//! Whoever asks a rule reads [`facts_of`] once for everybody it is asked about, judges with
//! `domain::criteria::evaluate`, and tells the outcome with the names of [`names_of`]. Forms show a
//! rule with [`choices`] and [`rows_of`](super::model::rows::rows_of), and take it back with
//! [`read_rule`].

mod facts;
mod names;
mod preview;

pub use facts::facts_of;
pub use names::{KnownNames, choices, names_of, read_rule};
pub use preview::read_preview;
