//! Chance that falls the same way every time: SplitMix64 (Steele, Lea and Flood, 2014), which
//! needs no crate and no memory of the machine.

/// A row of numbers from a fixed seed.
pub(super) struct Chance(u64);

impl Chance {
    /// Starts a row.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below the limit; 0 when there is none below it.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let drawn = self.next();
        if limit == 0 {
            0
        } else {
            (drawn % limit as u64) as usize
        }
    }

    /// True this many times in a thousand.
    pub(super) fn per_mille(&mut self, times: usize) -> bool {
        self.below(1000) < times
    }

    /// One of these, unless there are none.
    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let index = self.below(from.len());
        from.get(index).copied()
    }

    /// Mixes these (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_is_the_published_one() {
        let mut chance = Chance::new(1_234_567);
        let row = [chance.next(), chance.next(), chance.next()];
        assert_eq!(
            row,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn limits_are_kept() {
        let mut chance = Chance::new(7);
        assert_eq!(chance.below(0), 0);
        assert!((0..1000).all(|_| chance.below(3) < 3));
        assert_eq!(chance.pick::<u8>(&[]), None);
    }
}
