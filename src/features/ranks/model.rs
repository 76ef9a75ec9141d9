//! What pages and the roster show of ranks.

use crate::domain::RankId;
use serde::{Deserialize, Serialize};

/// How a rank is called and drawn, in the rank set of some group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankTitle {
    /// The rank.
    pub id: RankId,
    /// Its name.
    pub name: String,
    /// Its short form, may be empty.
    pub abbreviation: String,
    /// Symbol of the insignia file, such as `infantry-4`; empty for none.
    pub insignia: String,
    /// Its level.
    pub level: i64,
}
