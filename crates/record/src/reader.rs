//! Reads values from the front of untrusted bytes.

use crate::varint;

/// The bytes are damaged: they cannot be decoded in the format of this crate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the bytes cannot be decoded: {0}")]
pub struct Malformed(pub &'static str);

/// Reads values one after the other from some bytes. Every `take` function moves behind the value that it returns,
/// and fails with [`Malformed`] if the bytes end before.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

/// Appends the length of `bytes` as a varint, and then `bytes`.
pub fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    varint::put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Returns the bytes that were read since `before`, an earlier copy of this reader.
    #[inline]
    pub(crate) fn taken_since(&self, before: Self) -> &'a [u8] {
        before.rest.get(..before.rest.len() - self.rest.len()).unwrap_or_default()
    }

    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Malformed("a value is cut off"))?;
        self.rest = rest;
        Ok(taken)
    }

    #[inline]
    pub fn take_array<const BYTES: usize>(&mut self) -> Result<[u8; BYTES], Malformed> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Malformed("a value is cut off"))?;
        self.rest = rest;
        Ok(*taken)
    }

    pub fn take_u8(&mut self) -> Result<u8, Malformed> {
        self.take_array::<1>().map(|[byte]| byte)
    }

    pub fn take_u32(&mut self) -> Result<u32, Malformed> {
        self.take_array().map(u32::from_le_bytes)
    }

    pub fn take_i64(&mut self) -> Result<i64, Malformed> {
        self.take_array().map(i64::from_le_bytes)
    }

    #[inline]
    pub fn take_varint(&mut self) -> Result<u64, Malformed> {
        // Nearly all varints are lengths of one byte.
        match self.rest.split_first() {
            Some((&byte, rest)) if byte < 0x80 => {
                self.rest = rest;
                Ok(byte.into())
            }
            _ => self.take_long_varint(),
        }
    }

    fn take_long_varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0u64;
        for index in 0..varint::BYTES_MAX {
            let byte = self.take_u8()?;
            let group = u64::from(byte & 0x7f);
            let shifted = group << (7 * index);
            if shifted >> (7 * index) != group {
                return Err(Malformed("an integer is too large"));
            }
            value |= shifted;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Malformed("an integer does not end"))
    }

    /// Reads a count of items that have at least one byte each. Fails if more items are counted than bytes are left,
    /// so that a damaged count reserves no memory.
    pub fn take_count(&mut self) -> Result<usize, Malformed> {
        let count = usize::try_from(self.take_varint()?).map_err(|_| Malformed("a count is too large"))?;
        if count > self.rest.len() { Err(Malformed("a count is too large")) } else { Ok(count) }
    }

    pub fn take_varint_u32(&mut self) -> Result<u32, Malformed> {
        self.take_varint()?.try_into().map_err(|_| Malformed("an integer is too large"))
    }

    pub fn take_bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.take_count()?;
        self.take(length)
    }

    pub fn take_text(&mut self) -> Result<&'a str, Malformed> {
        str::from_utf8(self.take_bytes()?).map_err(|_| Malformed("a text is not UTF-8"))
    }
}
