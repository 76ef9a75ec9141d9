//! Who should be in which billet (§9.5): the best fill there is for the stated weights.
//!
//! Best means, in this order: most billets filled; the greatest sum of preference, qualification and
//! fairness; the earlier sign-ups and the billets higher on the board. The three are one whole
//! number for each pair of billet and person, made so that no sum of the lower ever reaches one of
//! the higher, and the algorithm of Jonker and Volgenant (the `lapjv` crate) finds the pairing with
//! the greatest sum. `pathfinding`'s Hungarian algorithm finds the same and needs seconds for a full
//! board where everybody fits everywhere; this one a fraction of one (`make bench`).
//!
//! The crate reckons with floating-point numbers. They are exact here: every number that it meets is
//! whole and below 2⁵³, for which [`limits`] are what they are (a test checks the greatest).
//!
//! Whatever the order of the input, the answer is the same: billets are taken by their place on the
//! board and people by their sign-up before anything is reckoned.

use crate::domain::{BilletId, PlayerId};
use crate::features::operations::model::suggestion::{
    Billet, Candidate, Edge, Empty, Input, Left, Placed, Reason, Suggestion, Weights, limits,
};
use lapjv::{Matrix, lapjv};
use std::collections::{BTreeSet, HashMap};

#[cfg(test)]
mod tests;

/// There are more billets or people than [`limits`] allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

/// Suggests who fills the open billets.
///
/// # Errors
/// [`TooMany`].
pub fn suggest(input: &Input) -> Result<Suggestion, TooMany> {
    if input.billets.len() > limits::BILLETS || input.candidates.len() > limits::CANDIDATES {
        return Err(TooMany);
    }
    let board = Board::new(input);
    let pairs = board.best();
    Ok(board.explained(&pairs))
}

/// What is open and who is free, in the order in which ties are broken.
struct Board<'a> {
    billets: Vec<&'a Billet>,
    people: Vec<Person<'a>>,
    weights: Weights,
    /// What one step of the sum of preference, qualification and fairness is worth: more than all
    /// places in the orders together.
    step: i64,
    /// What a filled billet is worth, in steps: more than all that could be lost by filling it.
    filled: i64,
}

struct Person<'a> {
    candidate: &'a Candidate,
    /// The position in the input, by which billets know who fits.
    at: usize,
    /// 1 for the first preference.
    preferences: HashMap<BilletId, u8>,
}

/// What speaks for a person in a billet.
#[derive(Clone, Copy)]
struct Points {
    preference: i64,
    qualification: i64,
    fairness: i64,
}

impl Points {
    fn sum(self) -> i64 {
        self.preference + self.qualification + self.fairness
    }
}

impl<'a> Board<'a> {
    fn new(input: &'a Input) -> Self {
        let taken: BTreeSet<BilletId> = input.fixed.iter().map(|(billet, _)| *billet).collect();
        let busy: BTreeSet<PlayerId> = input.fixed.iter().map(|(_, player)| *player).collect();
        let open = input.billets.iter().filter(|b| !taken.contains(&b.id));
        let mut billets: Vec<_> = open.collect();
        billets.sort_by_key(|billet| (billet.order, billet.id));
        billets.dedup_by_key(|billet| billet.id);
        let free = input.candidates.iter().enumerate();
        let mut people: Vec<_> = free
            .filter(|(_, candidate)| !busy.contains(&candidate.id))
            .map(|(at, candidate)| Person::new(at, candidate))
            .collect();
        people.sort_by_key(|person| (person.candidate.signed_up, person.candidate.id));
        people.dedup_by_key(|person| person.candidate.id);

        let weights = Weights {
            preference: input.weights.preference.min(limits::WEIGHT),
            qualification: input.weights.qualification.min(limits::WEIGHT),
            fairness: input.weights.fairness.min(limits::WEIGHT),
        };
        let tier = i64::from(limits::TIER);
        let most = 10 * i64::from(weights.preference)
            + tier * tier * i64::from(weights.qualification)
            + i64::from(limits::LEFT_OUT) * i64::from(weights.fairness);
        let pairs = count(billets.len().min(people.len()));
        Self {
            step: pairs * count(billets.len() + people.len()) + 1,
            filled: pairs * most + 1,
            billets,
            people,
            weights,
        }
    }

    fn fits(&self, billet: usize, person: usize) -> bool {
        let at = self.people[person].at;
        self.billets[billet].fits.get(at).copied().unwrap_or(false)
    }

    fn points(&self, billet: usize, person: usize) -> Points {
        let (billet, person) = (self.billets[billet], &self.people[person]);
        let nth = person.preferences.get(&billet.id);
        let steps = nth.map_or(0, |nth| 11 - i64::from(*nth));
        let tier = |tier: u8| i64::from(tier.min(limits::TIER));
        let left_out = i64::from(person.candidate.left_out.min(limits::LEFT_OUT));
        Points {
            preference: i64::from(self.weights.preference) * steps,
            qualification: i64::from(self.weights.qualification)
                * tier(billet.tier)
                * tier(person.candidate.tier),
            fairness: i64::from(self.weights.fairness) * left_out,
        }
    }

    /// What a pair is worth; 0 when the needs are not met, and above 0 otherwise.
    fn worth(&self, billet: usize, person: usize) -> i64 {
        if !self.fits(billet, person) {
            return 0;
        }
        let early = count(self.people.len() - 1 - person) + count(self.billets.len() - 1 - billet);
        (self.filled + self.points(billet, person).sum()) * self.step + early
    }

    /// The pairs of billet and person with the greatest sum, in the order of the board.
    fn best(&self) -> Vec<(usize, usize)> {
        // Who and what fits nothing only costs time.
        let (billets, people) = (0..self.billets.len(), 0..self.people.len());
        let billets: Vec<_> = billets
            .filter(|b| people.clone().any(|p| self.fits(*b, p)))
            .collect();
        let people: Vec<_> = people
            .filter(|p| billets.iter().any(|b| self.fits(*b, *p)))
            .collect();
        if billets.is_empty() || people.is_empty() {
            return Vec::new();
        }
        // The algorithm wants as many rows as columns and gives every row one. A pair that is worth
        // nothing, because one of the two is made up or the needs are not met, stands for none.
        let cost = |(row, column): (usize, usize)| match (billets.get(row), people.get(column)) {
            (Some(billet), Some(person)) => -exact(self.worth(*billet, *person)),
            _ => 0.0,
        };
        let size = billets.len().max(people.len());
        let Ok((columns, _)) = lapjv(&Matrix::from_shape_fn((size, size), cost)) else {
            // Only for what is not square or not finite, which this is.
            return Vec::new();
        };
        let pairs = billets.iter().zip(columns);
        let pairs = pairs.filter_map(|(billet, column)| Some((*billet, *people.get(column)?)));
        let mut pairs: Vec<_> = pairs.collect();
        pairs.retain(|(billet, person)| self.fits(*billet, *person));
        pairs.sort_unstable();
        pairs
    }

    fn explained(&self, pairs: &[(usize, usize)]) -> Suggestion {
        let mut holder = vec![None; self.billets.len()];
        let mut placed = vec![false; self.people.len()];
        for (billet, person) in pairs {
            holder[*billet] = Some(*person);
            placed[*person] = true;
        }
        let empty = (0..self.billets.len()).filter(|billet| holder[*billet].is_none());
        let left = (0..self.people.len()).filter(|person| !placed[*person]);
        Suggestion {
            placed: pairs
                .iter()
                .map(|(billet, person)| Placed {
                    billet: self.billets[*billet].id,
                    player: self.people[*person].candidate.id,
                    reasons: self.reasons(*billet, *person),
                })
                .collect(),
            empty: empty
                .map(|billet| (self.billets[billet].id, self.why_empty(billet)))
                .collect(),
            left: left
                .map(|person| {
                    let why = self.why_left(person, &holder);
                    (self.people[person].candidate.id, why)
                })
                .collect(),
        }
    }

    fn reasons(&self, billet: usize, person: usize) -> Vec<Reason> {
        let candidate = self.people[person].candidate;
        let others = (0..self.people.len()).filter(|p| *p != person && self.fits(billet, *p));
        let tiers: Vec<_> = others.map(|p| self.people[p].candidate.tier).collect();
        let asks_quality = self.weights.qualification > 0 && self.billets[billet].tier > 0;
        let best = tiers.iter().all(|tier| *tier <= candidate.tier)
            && tiers.iter().any(|tier| *tier < candidate.tier);
        let nth = self.people[person]
            .preferences
            .get(&self.billets[billet].id);
        let left_out = self.weights.fairness > 0 && candidate.left_out > 0;
        let reasons = [
            tiers.is_empty().then_some(Reason::OnlyOne),
            nth.map(|nth| Reason::Preference(*nth)),
            (asks_quality && best).then_some(Reason::BestQualified),
            left_out.then_some(Reason::LeftOut(candidate.left_out)),
        ];
        let reasons: Vec<_> = reasons.into_iter().flatten().collect();
        if reasons.is_empty() {
            vec![Reason::Fits]
        } else {
            reasons
        }
    }

    fn why_empty(&self, billet: usize) -> Empty {
        if (0..self.people.len()).any(|person| self.fits(billet, person)) {
            Empty::AllElsewhere
        } else {
            Empty::NobodyFits
        }
    }

    fn why_left(&self, person: usize, holder: &[Option<usize>]) -> Left {
        // Where a billet that they fit is empty they would be in it: each has a holder.
        let fitting = (0..self.billets.len()).filter(|billet| self.fits(*billet, person));
        let held = fitting.filter_map(|billet| Some((billet, holder[billet]?)));
        let wanted = held.min_by_key(|(billet, _)| {
            let nth = self.people[person]
                .preferences
                .get(&self.billets[*billet].id);
            (nth.copied().unwrap_or(u8::MAX), *billet)
        });
        match wanted {
            None => Left::FitsNone,
            Some((billet, by)) => Left::Outdone {
                billet: self.billets[billet].id,
                by: self.people[by].candidate.id,
                edge: self.edge(billet, by, person),
            },
        }
    }

    /// What one person has before another in a billet: the greatest difference that speaks for them.
    fn edge(&self, billet: usize, one: usize, other: usize) -> Edge {
        let (ours, theirs) = (self.points(billet, one), self.points(billet, other));
        if ours.sum() < theirs.sum() {
            return Edge::Whole;
        }
        if ours.sum() == theirs.sum() {
            return if one < other {
                Edge::Earlier
            } else {
                Edge::Whole
            };
        }
        let differences = [
            (ours.preference - theirs.preference, Edge::Preference),
            (
                ours.qualification - theirs.qualification,
                Edge::Qualification,
            ),
            (ours.fairness - theirs.fairness, Edge::LeftOut),
        ];
        let greatest = differences.into_iter().max_by_key(|(by, _)| *by);
        greatest.map_or(Edge::Whole, |(_, edge)| edge)
    }
}

impl<'a> Person<'a> {
    fn new(at: usize, candidate: &'a Candidate) -> Self {
        let mut preferences = HashMap::new();
        let dearest = candidate.preferences.iter().take(limits::PREFERENCES);
        for (nth, billet) in (1..).zip(dearest) {
            preferences.entry(*billet).or_insert(nth);
        }
        Self {
            candidate,
            at,
            preferences,
        }
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// As the algorithm wants it; see the head for why nothing is lost.
#[expect(clippy::cast_precision_loss, reason = "it is below 2⁵³")]
fn exact(number: i64) -> f64 {
    number as f64
}
