//! SQL of ranks, and nothing else: the ladder as the roster reads it, single ranks, rank sets, and
//! who holds what.

pub(super) mod holdings;
pub(super) mod ladder;
pub(super) mod ranks;
pub(super) mod sets;
