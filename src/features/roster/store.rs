//! SQL of the roster, and nothing else. Functions take the transaction; services open and commit.

pub(super) mod bulk;
pub(super) mod groups;
pub(super) mod members;
pub(super) mod players;
pub(super) mod read;
pub(super) mod roles;
pub(super) mod standing;
pub(super) mod then;
