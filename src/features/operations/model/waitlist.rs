//! The waitlist of an operation (§9.4): who moves up when places open.
//!
//! The order is one for everybody and needs no judgement at the moment: first those whom a leader put
//! on standby, then by sign-up. Whoever cannot come now (signed off, on leave, in the operation
//! already) is passed over and keeps their place. The caller does it in the transaction that opened
//! the places, so that two openings never move the same person, and tells each who moved once.

use crate::domain::{BilletId, RsvpId};
use std::collections::BTreeSet;

/// Somebody who waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Who.
    pub who: RsvpId,
    /// A leader put them on standby: they come before the others.
    pub standby: bool,
    /// Their place in the order of sign-up.
    pub signed_up: u32,
    /// They can come now.
    pub able: bool,
    /// Billets they meet the needs of and would take, the dearest first. Where an operation has
    /// places without billets, this stays empty.
    pub takes: Vec<BilletId>,
}

/// Those who wait, in the order in which they move up.
#[must_use]
pub fn in_order(waiting: &[Waiting]) -> Vec<&Waiting> {
    let mut order: Vec<_> = waiting.iter().collect();
    order.sort_by_key(|one| (!one.standby, one.signed_up, one.who));
    order
}

/// Who moves up when so many places are open, in order.
#[must_use]
pub fn moving_up(waiting: &[Waiting], places: usize) -> Vec<RsvpId> {
    let order = in_order(waiting).into_iter();
    let able = order.filter(|one| one.able).map(|one| one.who);
    able.take(places).collect()
}

/// Who moves into which of the open billets, in order: each takes the dearest that is still open,
/// and whom none suits is passed over.
#[must_use]
pub fn moving_into(waiting: &[Waiting], open: &[BilletId]) -> Vec<(RsvpId, BilletId)> {
    let mut open: BTreeSet<_> = open.iter().copied().collect();
    let mut moves = Vec::new();
    for one in in_order(waiting).into_iter().filter(|one| one.able) {
        let dearest = one.takes.iter().find(|billet| open.contains(billet));
        if let Some(billet) = dearest {
            open.remove(billet);
            moves.push((one.who, *billet));
        }
    }
    moves
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn player(number: u128) -> RsvpId {
        RsvpId(Uuid::from_u128(number))
    }

    fn billet(number: u128) -> BilletId {
        BilletId(Uuid::from_u128(number))
    }

    fn waiting(number: u128, signed_up: u32, takes: &[u128]) -> Waiting {
        Waiting {
            who: player(number),
            standby: false,
            signed_up,
            able: true,
            takes: takes.iter().copied().map(billet).collect(),
        }
    }

    /// Field defect 4: when capacity is raised, the waitlist moves.
    #[test]
    fn places_go_to_standby_and_then_by_sign_up() {
        let mut list = [
            waiting(1, 10, &[]),
            waiting(2, 11, &[]),
            waiting(3, 12, &[]),
            waiting(4, 12, &[]),
        ];
        assert_eq!(moving_up(&list, 2), [player(1), player(2)]);
        list[3].standby = true;
        assert_eq!(moving_up(&list, 2), [player(4), player(1)]);
        list[0].able = false;
        assert_eq!(moving_up(&list, 2), [player(4), player(2)]);
        assert_eq!(moving_up(&list, 9), [player(4), player(2), player(3)]);
        assert_eq!(moving_up(&list, 0), []);
        assert_eq!(
            in_order(&list)[1].who,
            player(1),
            "who cannot come keeps their place"
        );
    }

    #[test]
    fn billets_go_to_the_first_whom_they_suit() {
        let list = [
            waiting(1, 1, &[7]),
            waiting(2, 2, &[8, 9]),
            waiting(3, 3, &[8]),
            waiting(4, 4, &[9, 8]),
        ];
        let moves = moving_into(&list, &[billet(8), billet(9)]);
        assert_eq!(moves, [(player(2), billet(8)), (player(4), billet(9))]);
        assert_eq!(moving_into(&list, &[billet(8)]), [(player(2), billet(8))]);
        assert_eq!(moving_into(&list, &[]), []);
    }

    fn lists() -> impl Strategy<Value = Vec<Waiting>> {
        let takes = prop::collection::vec(0..6_u128, 0..4);
        let one = (any::<bool>(), 0..5_u32, any::<bool>(), takes);
        prop::collection::vec(one, 0..10).prop_map(|list| {
            let list = (1..).zip(list);
            let one = list.map(|(number, (standby, signed_up, able, takes))| Waiting {
                standby,
                able,
                ..waiting(number, signed_up, &takes)
            });
            one.collect()
        })
    }

    proptest! {
        #[test]
        fn places_that_open_one_by_one_go_to_the_same(list in lists(), places in 0..10_usize) {
            let mut rest = list.clone();
            let mut moved = Vec::new();
            for _ in 0..places {
                for player in moving_up(&rest, 1) {
                    rest.retain(|one| one.who != player);
                    moved.push(player);
                }
            }
            prop_assert_eq!(moving_up(&list, places), moved);
        }

        #[test]
        fn the_order_of_rows_changes_nothing_and_nothing_is_given_twice(
            list in lists(), open in prop::collection::btree_set(0..6_u128, 0..6)
        ) {
            let open: Vec<_> = open.into_iter().map(billet).collect();
            let moves = moving_into(&list, &open);
            let mut other = list.clone();
            other.reverse();
            prop_assert_eq!(&moving_into(&other, &open), &moves);
            let billets: BTreeSet<_> = moves.iter().map(|(_, billet)| *billet).collect();
            prop_assert_eq!(billets.len(), moves.len());
            // Nobody who could come waits for a billet that stays open.
            for one in list.iter().filter(|one| one.able) {
                let moved = moves.iter().any(|(player, _)| *player == one.who);
                let open = one.takes.iter().any(|b| open.contains(b) && !billets.contains(b));
                prop_assert!(moved || !open, "{:?} waits beside an open billet", one);
            }
        }
    }
}
