//! Stub while the rest is written.
