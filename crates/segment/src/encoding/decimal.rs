//! Doubles that senders made from short decimal numbers: prices, ratios, milliseconds.
//!
//! Chosen if every double of the column can be restored with all its bits. Parameter: the count of decimal places,
//! u8. Format: `ints` of the values without their decimal point, the highest bit flipped.

use crate::data::{Data, Region};
use crate::encoding::{Encoded, Ints, encode_ints, number, ordered, signed};
use crate::error::Damaged;

/// The powers of ten by decimal places; a double represents each of them exactly. Limit: nobody writes more places.
const POWERS: [f64; 11] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];
/// 2^53: a double represents all smaller integers exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns `value` times `power` as an integer, or `None` if [`restored`] would not give back the bits of `value`.
#[expect(clippy::cast_possible_truncation, reason = "it is below 2^53")]
fn scaled(value: f64, power: f64) -> Option<i64> {
    let number = (value * power).round();
    let number = (number.abs() < EXACT).then_some(number as i64)?;
    (restored(number, power).to_bits() == value.to_bits()).then_some(number)
}

/// Returns `number` divided by `power`. Both are exact, so the result is the double that is nearest to the decimal
/// number: the one that parsing its text gives, too.
#[expect(clippy::cast_precision_loss, reason = "it is below 2^53")]
fn restored(number: i64, power: f64) -> f64 {
    number as f64 / power
}

/// Encodes doubles, given as their bits. Returns `None` if they cannot all be restored from decimals with the
/// same number of places.
pub(crate) fn encode(bits: &[u64]) -> Option<Encoded> {
    (0..).zip(POWERS).find_map(|(places, power)| {
        let scaled = |&bits: &u64| scaled(f64::from_bits(bits), power).map(ordered);
        let numbers: Option<Vec<u64>> = bits.iter().map(scaled).collect();
        Some(Encoded { encoding: number::DECIMAL, parameters: vec![places], ..encode_ints(&numbers?) })
    })
}

/// The reader of decimals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimals {
    numbers: Ints,
    power: f64,
}

impl Decimals {
    pub(crate) fn new(region: Region, count: u64, parameters: &[u8]) -> Result<Self, Damaged> {
        let power = match parameters {
            &[places] => POWERS.get(usize::from(places)),
            _ => None,
        };
        let power =
            *power.ok_or_else(|| region.damaged("a column of decimals has too many decimal places"))?;
        Ok(Self { numbers: Ints::new(region, count)?, power })
    }

    pub(crate) fn get(&self, data: &Data, index: usize) -> Result<f64, Damaged> {
        Ok(restored(signed(self.numbers.get(data, index)?), self.power))
    }
}

#[cfg(test)]
mod tests {
    use super::{POWERS, encode, scaled};

    #[test]
    fn decimals_are_found_with_their_decimal_places() {
        for (value, places, number) in
            [(0.1, 1, 1), (19.99, 2, 1999), (-0.125, 3, -125), (1e15, 0, 1_000_000_000_000_000)]
        {
            assert_eq!(scaled(value, POWERS[places]), Some(number), "{value}");
        }
        assert_eq!(
            encode(&[0.5f64.to_bits(), 19.99f64.to_bits()]).map(|encoded| encoded.parameters),
            Some(vec![2])
        );
    }

    #[test]
    fn doubles_that_would_not_come_back_to_the_bit_are_refused() {
        for value in [0.1 + 0.2, 1.0 / 3.0, -0.0, f64::NAN, f64::INFINITY, f64::MAX, f64::MIN_POSITIVE, 1e16]
        {
            assert!(encode(&[1f64.to_bits(), value.to_bits()]).is_none(), "{value}");
        }
    }
}
