//! What the log's page is given.

use crate::domain::event::EventLine;
use serde::{Deserialize, Serialize};

/// How many days an event can be taken back.
pub const UNDO_DAYS: i64 = 7;

/// A page of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPage {
    /// Newest first.
    pub events: Vec<EventLine>,
    /// The next page holds events before this number; none when this is the last.
    pub next: Option<i64>,
}
