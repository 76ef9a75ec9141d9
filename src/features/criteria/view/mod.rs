//! The parts that edit a rule and explain its outcome, and the preview. All are drawn by the server.
//!
//! A form that edits a rule has `<CriterionField name="needs" label="Needs" rows=… choices=…/>` and
//! an argument `needs: Vec<RuleRow>` with `#[server(default)]`, which the service reads with
//! `read_rule`; its buttons are `<Submit/>{preview_button()}`. Whatever tells why somebody does not
//! get something has `checklist(&told)`.

pub mod checklist;
pub mod field;
pub mod page_preview;

pub use checklist::checklist;
pub use field::{CriterionField, preview_button};
