//! What it costs to suggest a fill (§9.5), on boards of 800 billets and 1,000 people.

use crate::{TIMES, median, millis, step, table::Table};
use muster::{
    domain::{BilletId, PlayerId},
    features::operations::{
        model::suggestion::{Billet, Candidate, Input},
        service::suggest::suggest,
    },
};
use std::time::Instant;
use uuid::Uuid;

const BILLETS: u32 = 800;
const PEOPLE: u32 = 1_000;

/// Who meets the needs of a billet, from its tier, the person's tier and a number below 100 that is
/// drawn for the pair.
type Fits = fn(u8, u8, u32) -> bool;

/// Measures boards of several kinds, because the algorithm's time depends on who fits where.
pub(crate) fn suggestions(table: &mut Table) {
    step("suggestions");
    let kinds: [(&str, Fits); 3] = [
        ("needs by tier", |billet, person, drawn| {
            person >= billet || drawn < 10
        }),
        ("everybody fits everywhere", |_, _, _| true),
        ("one in twenty fits", |_, _, drawn| drawn < 5),
    ];
    for (kind, fits) in kinds {
        let input = board(fits);
        let mut times = Vec::new();
        let mut placed = 0;
        for _ in 0..TIMES / 3 {
            let begin = Instant::now();
            placed = suggest(&input).unwrap().placed.len();
            times.push(millis(begin.elapsed()));
        }
        let time = median(times);
        table.line(
            format!("Suggestion for {BILLETS} billets from {PEOPLE} people, {kind}"),
            format!("{time:.0} ms, {placed} filled"),
            "< 1 s",
            time < 1_000.0,
        );
    }
}

/// Billets and people of five tiers, three preferences each, a third left out of something lately.
fn board(fits: Fits) -> Input {
    let mut drawn = Drawn(88_172_645_463_325_252);
    let billet = |number: u32| BilletId(Uuid::from_u128(u128::from(number)));
    let candidates: Vec<_> = (0..PEOPLE)
        .map(|number| Candidate {
            id: PlayerId(Uuid::from_u128(u128::from(number))),
            preferences: (0..3).map(|_| billet(drawn.below(BILLETS))).collect(),
            tier: drawn.tier(),
            left_out: drawn.below(6).saturating_sub(3) as u8,
            signed_up: number,
        })
        .collect();
    let billets = (0..BILLETS).map(|number| {
        let tier = drawn.tier();
        let fits = candidates
            .iter()
            .map(|person| fits(tier, person.tier, drawn.below(100)));
        Billet {
            id: billet(number),
            order: number,
            tier,
            fits: fits.collect(),
        }
    });
    Input {
        billets: billets.collect(),
        candidates: candidates.clone(),
        ..Input::default()
    }
}

/// The same numbers in every run (Marsaglia's xorshift).
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % u64::from(most)) as u32
    }

    fn tier(&mut self) -> u8 {
        self.below(5) as u8
    }
}
