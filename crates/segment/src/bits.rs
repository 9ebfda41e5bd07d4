//! Strings of bits, stored in bytes. The first bit is the lowest one of the first byte.

/// Appends numbers of any width up to 64 bits.
#[derive(Default, Debug)]
pub(crate) struct BitWriter {
    bytes: Vec<u8>,
    /// The last bits, which do not fill a word of 64 yet. Invariant: all bits of this word above them are zero.
    pending: u64,
    used: u32,
}

impl BitWriter {
    /// Makes a writer with memory for this many bits.
    pub(crate) fn with_bits(bits: usize) -> Self {
        Self { bytes: Vec::with_capacity(bits / 8 + 8), ..Self::default() }
    }

    #[inline]
    pub(crate) fn put(&mut self, value: u64, width: u32) {
        debug_assert!(width <= 64 && value & !mask(width) == 0, "{value} in {width} bits");
        self.pending |= value << self.used;
        let total = self.used + width;
        if total < u64::BITS {
            self.used = total;
            return;
        }
        self.bytes.extend_from_slice(&self.pending.to_le_bytes());
        self.pending = if self.used == 0 { 0 } else { value >> (u64::BITS - self.used) };
        self.used = total - u64::BITS;
    }

    /// Appends a number below `count` in truncated binary: if `count` is not a power of two, the lower numbers take
    /// one bit less than the others.
    #[inline]
    pub(crate) fn put_bounded(&mut self, value: u64, count: u64) {
        debug_assert!(value < count && count <= BOUND_MAX, "{value} below {count}");
        let (width, short) = bounded(count);
        if value < short {
            self.put(value, width);
        } else {
            let long = value + short;
            self.put(long >> 1, width);
            self.put(long & 1, 1);
        }
    }

    /// Appends the bit length of a number and then its bits, so that small numbers take few bits.
    #[inline]
    pub(crate) fn put_sized(&mut self, value: u64) {
        let length = bit_length(value);
        if length < SIZED_RAW {
            self.put(length.into(), SIZED_PREFIX_BITS);
            // The highest bit is always one, so it is not written.
            let rest = length.saturating_sub(1);
            self.put(value & mask(rest), rest);
        } else {
            self.put(SIZED_RAW.into(), SIZED_PREFIX_BITS);
            self.put(value, u64::BITS);
        }
    }

    pub(crate) fn append(&mut self, other: &Self) {
        for word in other.bytes.as_chunks().0 {
            self.put(u64::from_le_bytes(*word), u64::BITS);
        }
        self.put(other.pending, other.used);
    }

    pub(crate) fn bit_len(&self) -> u64 {
        self.bytes.len() as u64 * 8 + u64::from(self.used)
    }

    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        let rest = self.pending.to_le_bytes();
        self.bytes.extend(rest.iter().take(self.used.div_ceil(8) as usize));
        self.bytes
    }
}

/// Limit: the largest `count` of [`BitWriter::put_bounded`], because twice that must fit into 64 bits.
pub(crate) const BOUND_MAX: u64 = 1 << 62;
const SIZED_PREFIX_BITS: u32 = 6;
/// The bit length that [`BitWriter::put_sized`] writes for numbers of 63 and of 64 bits; 64 bits follow it.
const SIZED_RAW: u32 = 63;

/// Returns how many bits the shorter codes of truncated binary have for numbers below `count`, and how many of these
/// codes there are. All other codes have one bit more.
#[inline]
fn bounded(count: u64) -> (u32, u64) {
    let width = count.ilog2();
    (width, (2 << width) - count)
}

/// Returns how many bits [`BitWriter::put_bounded`] appends.
#[inline]
pub(crate) fn bounded_bits(value: u64, count: u64) -> u32 {
    let (width, short) = bounded(count);
    width + u32::from(value >= short)
}

/// Returns how many bits [`BitWriter::put_sized`] appends.
#[inline]
pub(crate) fn sized_bits(value: u64) -> u32 {
    let length = bit_length(value);
    SIZED_PREFIX_BITS + if length < SIZED_RAW { length.saturating_sub(1) } else { u64::BITS }
}

#[inline]
pub(crate) fn bit_length(value: u64) -> u32 {
    u64::BITS - value.leading_zeros()
}

/// Returns how many bits a code needs if there are `count` distinct ones.
pub(crate) fn code_width(count: usize) -> u32 {
    bit_length((count as u64).saturating_sub(1))
}

#[inline]
pub(crate) fn mask(width: u32) -> u64 {
    u64::MAX.checked_shr(u64::BITS - width).unwrap_or(0)
}

/// Returns the number in the `width` bits from the bit with index `bit` on, or `None` if `bytes` end before. `width`
/// is at most 64.
#[inline]
pub(crate) fn load(bytes: &[u8], bit: usize, width: u32) -> Option<u64> {
    let shift = bit % 8;
    let rest = bytes.get(bit / 8..)?;
    if let Some((word, after)) = rest.split_first_chunk::<8>()
        && let Some(&next) = after.first()
    {
        let word = u64::from_le_bytes(*word) >> shift;
        // In two steps, because the shift may be 64, which a single shift does not allow.
        return Some((word | u64::from(next) << (63 - shift) << 1) & mask(width));
    }
    load_at_end(rest, shift, width)
}

#[cold]
fn load_at_end(rest: &[u8], shift: usize, width: u32) -> Option<u64> {
    if shift + width as usize > rest.len() * 8 {
        return None;
    }
    let mut window = [0; 16];
    window.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let shifted = (u128::from_le_bytes(window) >> shift).to_le_bytes();
    shifted.first_chunk().map(|low| u64::from_le_bytes(*low) & mask(width))
}

/// Reads numbers in the order in which they were written. Every function returns `None` if the bytes end too early.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    #[inline]
    pub(crate) fn take(&mut self, width: u32) -> Option<u64> {
        let value = load(self.bytes, self.at, width)?;
        self.at += width as usize;
        Some(value)
    }

    pub(crate) fn skip(self, bits: u64) -> Option<Self> {
        let at = self.at.checked_add(usize::try_from(bits).ok()?)?;
        (at <= self.bytes.len() * 8).then_some(Self { at, ..self })
    }

    #[inline]
    pub(crate) fn take_bounded(&mut self, count: u64) -> Option<u64> {
        let (width, short) = bounded(count);
        let value = self.take(width)?;
        if value < short { Some(value) } else { Some((value << 1 | self.take(1)?) - short) }
    }

    #[inline]
    pub(crate) fn take_sized(&mut self) -> Option<u64> {
        match self.take(SIZED_PREFIX_BITS)? {
            0 => Some(0),
            length if length == u64::from(SIZED_RAW) => self.take(u64::BITS),
            length => {
                let rest = u32::try_from(length).ok()? - 1;
                Some(self.take(rest)? | 1 << rest)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BOUND_MAX, BitReader, BitWriter, bounded_bits, mask, sized_bits};

    #[test]
    fn numbers_are_read_as_they_were_written() {
        let numbers = [0, 1, 2, 5, 63, 64, 1 << 20, 1 << 33, (1 << 62) - 1, 1 << 62, u64::MAX >> 1, u64::MAX];
        let mut out = BitWriter::default();
        for (value, width) in numbers.into_iter().flat_map(|value| (0..=64).map(move |width| (value, width)))
        {
            out.put(value & mask(width), width);
            let before = out.bit_len();
            out.put_sized(value);
            assert_eq!(out.bit_len() - before, sized_bits(value).into());
            let bound = value.clamp(1, BOUND_MAX);
            for value in [0, bound / 2, bound - 1] {
                let before = out.bit_len();
                out.put_bounded(value, bound);
                assert_eq!(out.bit_len() - before, bounded_bits(value, bound).into());
            }
        }
        let bits = out.bit_len();
        let bytes = out.into_bytes();
        assert_eq!(bytes.len() as u64, bits.div_ceil(8));
        let mut reader = BitReader::new(&bytes, 0);
        for (value, width) in numbers.into_iter().flat_map(|value| (0..=64).map(move |width| (value, width)))
        {
            assert_eq!(reader.take(width), Some(value & mask(width)));
            assert_eq!(reader.take_sized(), Some(value));
            let bound = value.clamp(1, BOUND_MAX);
            for value in [0, bound / 2, bound - 1] {
                assert_eq!(reader.take_bounded(bound), Some(value));
            }
        }
        assert_eq!(reader.take(8), None);
    }
}
