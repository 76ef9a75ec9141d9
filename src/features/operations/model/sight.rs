//! Who sees an operation: the one rule, for pages, lists, feeds, the log and notices alike.

use super::{Audience, OperationState};

/// What somebody is to the group that organises an operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Onlooker {
    /// They see the group (§5.2).
    pub sees_group: bool,
    /// They may plan operations of the group.
    pub plans: bool,
    /// They are a player of the organisation.
    pub is_member: bool,
    /// They belong to the group or to one below it, or lead or manage it or one above.
    pub belongs: bool,
}

/// What decides who sees an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// It was published at some time and is not a draft now.
    pub is_open: bool,
    /// For whom it is.
    pub audience: Audience,
}

impl Shown {
    /// An operation in this state. One that was cancelled before it was ever published is no more
    /// open than it was.
    #[must_use]
    pub fn new(state: OperationState, was_published: bool, audience: Audience) -> Self {
        Self {
            is_open: !state.is_unpublished() && was_published,
            audience,
        }
    }
}

impl Onlooker {
    /// What two see both: for somebody who looks through another's eyes (§3.6).
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            sees_group: self.sees_group && other.sees_group,
            plans: self.plans && other.plans,
            is_member: self.is_member && other.is_member,
            belongs: self.belongs && other.belongs,
        }
    }

    /// The rule.
    #[must_use]
    pub fn sees(self, operation: Shown) -> bool {
        let is_for_them = match operation.audience {
            Audience::Public => true,
            Audience::Members => self.is_member,
            Audience::Group => self.belongs,
        };
        self.sees_group && (self.plans || (operation.is_open && is_for_them))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn onlookers() -> impl Iterator<Item = Onlooker> {
        (0..16).map(|bits: u8| Onlooker {
            sees_group: bits & 1 != 0,
            plans: bits & 2 != 0,
            is_member: bits & 4 != 0,
            belongs: bits & 8 != 0,
        })
    }

    fn operations() -> impl Iterator<Item = (OperationState, bool, Audience)> {
        OperationState::ALL.iter().flat_map(|state| {
            Audience::ALL.iter().flat_map(move |audience| {
                [true, false].map(|was_published| (*state, was_published, *audience))
            })
        })
    }

    #[test]
    fn nobody_sees_an_operation_of_a_group_they_do_not_see() {
        for by in onlookers().filter(|by| !by.sees_group) {
            for (state, published, audience) in operations() {
                let shown = Shown::new(state, published, audience);
                assert!(!by.sees(shown), "{by:?} sees {shown:?}");
            }
        }
    }

    #[test]
    fn drafts_show_to_planners_alone() {
        for by in onlookers().filter(|by| by.sees_group) {
            for (state, published, audience) in operations() {
                let hidden = !published || state.is_unpublished();
                let shown = Shown::new(state, published, audience);
                if hidden {
                    assert_eq!(by.sees(shown), by.plans, "{by:?} and {state:?} {shown:?}");
                }
            }
        }
    }

    #[test]
    fn published_ones_show_to_their_audience() {
        let nobody = Onlooker {
            sees_group: true,
            ..Onlooker::default()
        };
        let member = Onlooker {
            is_member: true,
            ..nobody
        };
        let inside = Onlooker {
            belongs: true,
            ..member
        };
        for (audience, expected) in [
            (Audience::Public, [true, true, true]),
            (Audience::Members, [false, true, true]),
            (Audience::Group, [false, false, true]),
        ] {
            for state in OperationState::ALL.iter().filter(|s| !s.is_unpublished()) {
                let shown = Shown::new(*state, true, audience);
                let seen = [nobody, member, inside].map(|by| by.sees(shown));
                assert_eq!(seen, expected, "{audience:?}, {state:?}");
            }
        }
    }

    #[test]
    fn through_anothers_eyes_nobody_sees_more_than_both() {
        for (one, other) in onlookers().flat_map(|one| onlookers().map(move |other| (one, other))) {
            for (state, published, audience) in operations() {
                let shown = Shown::new(state, published, audience);
                let both = one.and(other).sees(shown);
                assert!(!both || (one.sees(shown) && other.sees(shown)));
            }
        }
    }
}
