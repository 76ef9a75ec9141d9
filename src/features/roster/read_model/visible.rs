//! Who sees which groups (§5.2): decided here and nowhere else.

use super::{Places, Roster};
use crate::domain::{GroupId, PlayerId, access::Facts};
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

/// How somebody stands to one group of a path from a group up to the root.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// The group is private.
    pub private: bool,
    /// They are its member or manager.
    pub inside: bool,
    /// They lead it.
    pub leads: bool,
}

/// Does the path of a group tell by itself that somebody may see the group? The rule of
/// [`Roster::visible_to`], as far as it can be told without the roster: a private group shows to
/// those of any group below it, also of one beside the path.
#[must_use]
pub fn path_opens(who: Who, path: &[Step]) -> bool {
    let is_open = |at: usize| match who {
        Who::Everything => true,
        Who::Player(_) => {
            path[..=at].iter().any(|step| step.inside) || path[at..].iter().any(|step| step.leads)
        }
        Who::Stranger | Who::Both { .. } => false,
    };
    (0..path.len()).all(|at| !path[at].private || is_open(at))
}

impl Roster {
    /// The groups that somebody may see (§5.2): a private group, and what is below it, shows only
    /// to its members and managers, to those of a group below it, and to leaders above. Of a retired
    /// one the same is true, so that what is told of the past does not tell of it either.
    #[must_use]
    pub fn visible_to(&self, who: Who) -> Visible {
        if who == Who::Everything || self.private.is_empty() {
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
        let is_led = |group| {
            let path = self.path(group);
            path.iter().any(|above| places.leader.contains(above))
        };
        let closed: HashSet<GroupId> = self
            .private
            .iter()
            .copied()
            .filter(|group| !opened.contains(group) && !is_led(*group))
            .collect();
        if closed.is_empty() {
            return Visible::All;
        }
        let live = self.groups.iter().map(|group| group.id);
        let mut hidden: Vec<GroupId> = live
            .chain(self.retired.keys().copied())
            .filter(|group| self.path(*group).iter().any(|above| closed.contains(above)))
            .collect();
        hidden.sort_unstable();
        Visible::Without(hidden)
    }
}

#[cfg(test)]
mod tests;
