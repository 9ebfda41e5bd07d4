//! Random numbers that a seed determines, on every machine and in every version of this program.
//!
//! Only `next_u64` comes from the crate `rand`, because its other functions may change between versions. A ledger
//! must stay valid: its seed must give the traces that were sent.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

/// The step of `SplitMix64`. It is odd, so every stream gets a different seed.
const GOLDEN_STEP: u64 = 0x9e37_79b9_7f4a_7c15;

pub(crate) struct Random(Xoshiro256PlusPlus);

impl Random {
    /// Makes the stream with this number. Streams of one seed are independent.
    pub(crate) fn new(seed: u64, number: u64) -> Self {
        let seed = seed.wrapping_add(number.wrapping_add(1).wrapping_mul(GOLDEN_STEP));
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Returns a number that is less than `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.next()) * u128::from(bound);
        u64::try_from(product >> u64::BITS).expect("the high half of a product of two 64-bit numbers fits")
    }

    /// Returns a number from `from` to `to`, both included.
    pub(crate) fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.below(to - from + 1)
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    /// Returns a number from 0 to 1; 1 is not included.
    pub(crate) fn fraction(&mut self) -> f64 {
        let step = u32::try_from(self.next() >> u32::BITS).expect("half of 64 bits");
        f64::from(step) / (f64::from(u32::MAX) + 1.0)
    }

    /// Returns the seconds until the next event of a Poisson process with `rate` events a second.
    pub(crate) fn wait_secs(&mut self, rate: f64) -> f64 {
        -(1.0 - self.fraction()).ln() / rate
    }

    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[usize::try_from(self.below(choices.len() as u64)).expect("an index fits")]
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = usize::try_from(self.below(last as u64 + 1)).expect("an index fits");
            items.swap(last, other);
        }
    }
}
