//! Places of an operation (§9.3, §9.4): who of those who come has one, and who waits.
//!
//! With a capacity the places are numbered from 1 and nobody keeps a number above it. Whoever begins
//! to come stands at the end of the waitlist and moves up at once when a place is free, so there is
//! one way in for everybody. Whoever loses their place to a smaller capacity waits before all others.
//! Whom a leader put on standby gives their place up and comes in only when somebody else drops out,
//! but then first.

use super::{Answer, Confirmed, waitlist};
use crate::domain::RsvpId;
use std::collections::BTreeSet;

/// Somebody's answer, as far as it decides about places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Which answer.
    pub id: RsvpId,
    /// What they say.
    pub answer: Answer,
    /// What a leader says.
    pub confirmed: Confirmed,
    /// The number of their place; none without a capacity.
    pub place: Option<i64>,
    /// They wait; the least number comes first.
    pub waiting: Option<i64>,
}

impl Signed {
    /// They come, and nothing stands in the way.
    #[must_use]
    pub fn is_in(&self) -> bool {
        self.answer.comes() && self.waiting.is_none()
    }
}

/// How many places are free; many where there is no limit.
#[must_use]
pub fn free(capacity: Option<i64>, people: &[Signed]) -> i64 {
    let taken = people.iter().filter(|one| one.is_in()).count();
    capacity.unwrap_or(i64::from(u32::MAX)) - i64::try_from(taken).unwrap_or(i64::MAX)
}

/// Gives out places after something has changed, of which `free_before` were free until then.
pub fn settle(capacity: Option<i64>, free_before: i64, people: &mut [Signed]) {
    for one in people.iter_mut().filter(|one| !one.answer.comes()) {
        (one.place, one.waiting) = (None, None);
    }
    for one in people.iter_mut().filter(|one| one.waiting.is_some()) {
        one.place = None;
    }
    put_back(capacity, people);
    renumber(capacity, people);
    move_up(capacity, free_before, people);
}

/// Whoever has no place any more waits before all others, in the order of the places.
fn put_back(capacity: Option<i64>, people: &mut [Signed]) {
    let Some(capacity) = capacity else { return };
    let waiting = people.iter().filter_map(|one| one.waiting);
    let first = waiting.min().unwrap_or_default();
    let mut inside: Vec<_> = people.iter_mut().filter(|one| one.is_in()).collect();
    inside.sort_by_key(|one| (one.place.unwrap_or(i64::MAX), one.id));
    let kept = usize::try_from(capacity).unwrap_or_default();
    let excess = inside.split_off(kept.min(inside.len()));
    let before = first - i64::try_from(excess.len()).unwrap_or_default();
    for (number, one) in (before..).zip(excess) {
        (one.place, one.waiting) = (None, Some(number));
    }
}

/// Everybody who is in has a number up to the capacity, and keeps the one they have if they can.
fn renumber(capacity: Option<i64>, people: &mut [Signed]) {
    let Some(capacity) = capacity else {
        people.iter_mut().for_each(|one| one.place = None);
        return;
    };
    let good = |place: Option<i64>| place.filter(|place| (1..=capacity).contains(place));
    let mut open = open_numbers(capacity, people);
    let mut inside: Vec<_> = people.iter_mut().filter(|one| one.is_in()).collect();
    inside.sort_by_key(|one| (one.place.unwrap_or(i64::MAX), one.id));
    for one in inside.into_iter().filter(|one| good(one.place).is_none()) {
        one.place = open.pop_first();
    }
}

fn open_numbers(capacity: i64, people: &[Signed]) -> BTreeSet<i64> {
    let taken: BTreeSet<i64> = people.iter().filter_map(|one| one.place).collect();
    // As many as people can need: a capacity of thousands is not counted through.
    let most = capacity.min(i64::try_from(people.len() * 2).unwrap_or(i64::MAX));
    (1..=most)
        .filter(|number| !taken.contains(number))
        .collect()
}

fn move_up(capacity: Option<i64>, free_before: i64, people: &mut [Signed]) {
    let mut places = free(capacity, people);
    let mut dropped_out = (places - free_before).max(0);
    let mut open = capacity.map(|capacity| open_numbers(capacity, people));
    for id in order(people) {
        let Some(one) = people.iter_mut().find(|one| one.id == id) else {
            continue;
        };
        let standby = one.confirmed == Confirmed::Standby;
        if places <= 0 || (standby && dropped_out <= 0) {
            continue;
        }
        places -= 1;
        dropped_out -= 1;
        one.waiting = None;
        one.place = open.as_mut().and_then(BTreeSet::pop_first);
        if standby {
            one.confirmed = Confirmed::Open;
        }
    }
}

/// Those who wait, the next to move up first.
#[must_use]
pub fn order(people: &[Signed]) -> Vec<RsvpId> {
    let mut waiting: Vec<_> = people.iter().filter(|one| one.waiting.is_some()).collect();
    waiting.sort_by_key(|one| (one.waiting, one.id));
    let waiting = (0..)
        .zip(waiting)
        .map(|(signed_up, one)| waitlist::Waiting {
            who: one.id,
            standby: one.confirmed == Confirmed::Standby,
            signed_up,
            able: true,
            takes: Vec::new(),
        });
    let waiting: Vec<_> = waiting.collect();
    let order = waitlist::in_order(&waiting).into_iter();
    order.map(|one| one.who).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(number: usize) -> RsvpId {
        RsvpId(Uuid::from_u128(number as u128 + 1))
    }

    fn comes(number: usize, waiting: i64) -> Signed {
        Signed {
            id: id(number),
            answer: Answer::Attending,
            confirmed: Confirmed::Open,
            place: None,
            waiting: Some(waiting),
        }
    }

    /// `2` is place 2, `w` waits, `-` does not come.
    fn shown(people: &[Signed]) -> String {
        let one = |one: &Signed| match (one.place, one.waiting) {
            (Some(place), None) => place.to_string(),
            (None, Some(_)) => "w".to_owned(),
            (None, None) if one.is_in() => "+".to_owned(),
            _ => "-".to_owned(),
        };
        people.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    fn change(
        capacity: (Option<i64>, Option<i64>),
        people: &mut [Signed],
        by: impl FnOnce(&mut [Signed]),
    ) -> String {
        let before = free(capacity.0, people);
        by(people);
        settle(capacity.1, before, people);
        shown(people)
    }

    #[test]
    fn places_are_given_taken_and_inherited() {
        let mut people: Vec<Signed> = (0..5).map(|n| comes(n, n as i64)).collect();
        let three = (Some(3), Some(3));
        assert_eq!(change(three, &mut people, |_| {}), "1 2 3 w w");
        let decline = |people: &mut [Signed]| people[1].answer = Answer::Declined;
        assert_eq!(change(three, &mut people, decline), "1 - 3 2 w");
        // The last by place waits again, and before who waited all the time.
        assert_eq!(change((Some(3), Some(2)), &mut people, |_| {}), "1 - w 2 w");
        assert_eq!(order(&people), [id(2), id(4)]);
        assert_eq!(change((Some(2), None), &mut people, |_| {}), "+ - + + +");
        assert_eq!(change((None, Some(3)), &mut people, |_| {}), "1 - 2 3 w");
    }

    #[test]
    fn standby_waits_for_somebody_to_drop_out_and_comes_first_then() {
        let mut people: Vec<Signed> = (0..4).map(|n| comes(n, n as i64)).collect();
        let two = (Some(2), Some(2));
        change(two, &mut people, |_| {});
        let standby = |people: &mut [Signed]| {
            people[0].confirmed = Confirmed::Standby;
            people[0].waiting = Some(9);
            people[0].place = None;
        };
        // The place that they gave up is for who waits for one, not for themself.
        let free_before = free(Some(2), &people) + 1;
        standby(&mut people);
        settle(Some(2), free_before, &mut people);
        assert_eq!(shown(&people), "w 2 1 w");
        let decline = |people: &mut [Signed]| people[1].answer = Answer::Declined;
        assert_eq!(change(two, &mut people, decline), "2 - 1 w");
        assert_eq!(people[0].confirmed, Confirmed::Open, "they are in now");
    }

    /// Random commands, without a crate: what they must keep is easy to say.
    #[test]
    fn whatever_happens_places_are_numbered_once_and_nobody_is_passed_over() {
        let mut random: u64 = 0x2545_F491_4F6C_DD1D;
        let mut next = move |below: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random % below
        };
        for _ in 0..200 {
            let mut people: Vec<Signed> = Vec::new();
            let mut capacity = Some(3);
            let mut events = 0;
            for _ in 0..60 {
                events += 1;
                let (before, free_before) = (people.clone(), free(capacity, &people));
                let mut opened_by_standby = 0;
                let at = next(people.len().max(1) as u64) as usize;
                match next(6) {
                    0 | 1 => people.push(comes(people.len(), events)),
                    2 => capacity = [None, Some(1), Some(2), Some(4)][next(4) as usize],
                    3 if !people.is_empty() => people[at].answer = Answer::Declined,
                    4 if !people.is_empty() && !people[at].answer.comes() => {
                        people[at] = Signed {
                            id: people[at].id,
                            ..comes(at, events)
                        };
                    }
                    5 if !people.is_empty() && people[at].answer.comes() => {
                        opened_by_standby = i64::from(people[at].is_in());
                        people[at].confirmed = Confirmed::Standby;
                        people[at].place = None;
                        people[at].waiting = Some(events);
                    }
                    _ => {}
                }
                settle(capacity, free_before + opened_by_standby, &mut people);

                let places: Vec<i64> = people.iter().filter_map(|one| one.place).collect();
                let distinct: BTreeSet<i64> = places.iter().copied().collect();
                assert_eq!(places.len(), distinct.len(), "a place has two holders");
                let inside = people.iter().filter(|one| one.is_in()).count();
                match capacity {
                    None => assert!(places.is_empty()),
                    Some(most) => {
                        assert!(distinct.iter().all(|place| (1..=most).contains(place)));
                        assert_eq!(places.len(), inside, "somebody is in without a place");
                    }
                }
                for one in people.iter().filter(|one| !one.answer.comes()) {
                    assert!(one.place.is_none() && one.waiting.is_none());
                }
                let plain = |one: &&Signed| one.confirmed != Confirmed::Standby;
                let waits = people.iter().filter(plain).any(|one| one.waiting.is_some());
                assert!(
                    !waits || free(capacity, &people) <= 0,
                    "a place stays empty"
                );
                // Who waited and waits still was passed over by nobody who came after them.
                let still: Vec<_> = order(&people);
                let until_now = order(&before);
                let both: Vec<_> = until_now.iter().filter(|id| still.contains(id)).collect();
                let plain = |id: &&&RsvpId| {
                    people.iter().any(|one| one.id == ***id && plain(&one))
                        && before.iter().any(|one| one.id == ***id && plain(&one))
                };
                let both: Vec<_> = both.into_iter().filter(|id| plain(&id)).collect();
                let after: Vec<_> = still.iter().filter(|id| both.contains(id)).collect();
                assert_eq!(both, after, "the order of the waitlist changed");
            }
        }
    }
}
