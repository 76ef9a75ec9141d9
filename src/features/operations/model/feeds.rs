//! Feeds as their page shows them.

use crate::domain::{FeedId, time::Instant};
use serde::{Deserialize, Serialize};

/// Feeds that one player may have.
pub const MOST: usize = 20;
/// Longest name of a feed, in characters.
pub const NAME: usize = 60;

/// A feed of the viewer's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedLine {
    /// Its id.
    pub id: FeedId,
    /// What they call it.
    pub name: String,
    /// Which of their answers it shows, in words.
    pub shows: String,
    /// When it was made.
    pub created_at: Instant,
    /// When a calendar last read it, to the hour.
    pub last_read_at: Option<Instant>,
}

/// The page of the viewer's feeds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedsPage {
    /// Their feeds, the newest first; none for who is no player here.
    pub feeds: Vec<FeedLine>,
    /// The viewer is a player and may make feeds.
    pub is_member: bool,
    /// The address of the feed that was just made, which is shown once.
    pub made: Option<String>,
    /// The address of what is public.
    pub public: String,
}
