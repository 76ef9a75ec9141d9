//! Who sees which groups (§5.2): decided here and nowhere else.

use super::{Group, Places, Roster};
use crate::{
    domain::{GroupId, PlayerId, access::Facts},
    features::roster::model::Visibility,
};
use std::collections::HashSet;

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// Somebody without a player here.
    Stranger,
    /// A player.
    Player(PlayerId),
    /// Founder, co-founder or the server itself.
    Everything,
    /// A player through another one's eyes (§3.6): what both of them see.
    Both {
        /// Who really looks.
        looker: PlayerId,
        /// As whom.
        player: PlayerId,
    },
}

impl Who {
    /// The own eyes of an actor.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        match facts.player {
            _ if facts.founder || facts.co_founder => Self::Everything,
            Some(player) => Self::Player(player),
            None => Self::Stranger,
        }
    }
}

/// The groups that somebody may see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Visible {
    /// All.
    All,
    /// Not these, which are sorted.
    Without(Vec<GroupId>),
}

impl Visible {
    /// May this group be seen?
    #[must_use]
    pub fn has(&self, group: GroupId) -> bool {
        match self {
            Self::All => true,
            Self::Without(hidden) => hidden.binary_search(&group).is_err(),
        }
    }

    /// What may be seen in both.
    #[must_use]
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, same) | (same, Self::All) => same,
            (Self::Without(mut hidden), Self::Without(more)) => {
                hidden.extend(more);
                hidden.sort_unstable();
                hidden.dedup();
                Self::Without(hidden)
            }
        }
    }
}

impl Roster {
    /// The groups that somebody may see (§5.2): a private group, and what is below it, shows only
    /// to its members and managers, to those of a group below it, and to leaders above.
    #[must_use]
    pub fn visible_to(&self, who: Who) -> Visible {
        let private: Vec<&Group> = self
            .groups
            .iter()
            .filter(|group| group.visibility == Visibility::Private)
            .collect();
        if who == Who::Everything || private.is_empty() {
            return Visible::All;
        }
        if let Who::Both { looker, player } = who {
            let looker = self.visible_to(Who::Player(looker));
            return looker.and(self.visible_to(Who::Player(player)));
        }
        let nowhere = Places::default();
        let places = match who {
            Who::Player(player) => self.places.get(&player).unwrap_or(&nowhere),
            _ => &nowhere,
        };
        let inside = places.member.union(&places.manager);
        let opened: HashSet<GroupId> = inside.flat_map(|group| self.path(*group)).collect();
        let mut hidden: HashSet<GroupId> = HashSet::new();
        // Command order: a parent is decided before its subgroups.
        for group in &self.groups {
            let closed = group.visibility == Visibility::Private
                && !opened.contains(&group.id)
                && !self
                    .path(group.id)
                    .iter()
                    .any(|above| places.leader.contains(above));
            if closed || hidden.contains(&group.parent) {
                hidden.insert(group.id);
            }
        }
        if hidden.is_empty() {
            return Visible::All;
        }
        let mut hidden: Vec<GroupId> = hidden.into_iter().collect();
        hidden.sort_unstable();
        Visible::Without(hidden)
    }
}
