//! Values that nobody asked for: checked, and passed over.

use super::cursor::Cursor;
use super::fault::{Fault, Reason};

/// Limit: how deep a value may be nested by the contract. Its own document has four levels; this leaves room for
/// whatever a client adds. What exporters send may be as deep as it likes, because a span that is too deep is
/// rejected alone: a level takes a byte in the body, and a bit here.
const DEPTH_MAX: usize = 128;

/// The brackets around a place, one bit each: whether it is an object's.
#[derive(Default)]
struct Open {
    /// The innermost ones, the last one lowest.
    bits: u64,
    /// Those around them, 64 in a word.
    outer: Vec<u64>,
    depth: usize,
}

impl Open {
    fn push(&mut self, bracket: u8) {
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.outer.push(self.bits);
        }
        self.bits = self.bits << 1 | u64::from(bracket == b'{');
        self.depth += 1;
    }

    fn pop(&mut self) {
        self.depth -= 1;
        self.bits >>= 1;
        if self.depth.is_multiple_of(64) {
            self.bits = self.outer.pop().unwrap_or_default();
        }
    }

    /// Whether the innermost is an object's.
    fn is_object(&self) -> bool {
        self.bits & 1 == 1
    }
}

impl<'a> Cursor<'a> {
    /// Without recursion, so that the depth of a value does not reach the end of the stack.
    pub(crate) fn skip_value(&mut self) -> Result<(), Fault> {
        let depth_max = if self.repaired.is_some() { usize::MAX } else { DEPTH_MAX };
        let mut open = Open::default();
        loop {
            let bracket = self.peek().unwrap_or_default();
            if self.skip_scalar_or_open()? {
                if open.depth == depth_max {
                    return self.fault(Reason::TooDeep);
                }
                open.push(bracket);
            } else if self.skip_ends(&mut open)? {
                return Ok(());
            }
            if open.is_object() {
                self.key()?;
            }
        }
    }

    /// Passes over a value, or into one that is not empty: then it is true.
    fn skip_scalar_or_open(&mut self) -> Result<bool, Fault> {
        match self.peek() {
            Some(b'{') => return self.open_object("'{'"),
            Some(b'[') => return self.open_array("'['"),
            Some(b'"') => self.string("a string").map(drop)?,
            Some(b't') => self.literal("true")?,
            Some(b'f') => self.literal("false")?,
            Some(b'n') => self.literal("null")?,
            Some(b'-' | b'0'..=b'9') => self.skip_number()?,
            _ => return self.missing("a JSON value"),
        }
        Ok(false)
    }

    /// Behind a value: leaves all that ends with it. True where that is everything.
    fn skip_ends(&mut self, open: &mut Open) -> Result<bool, Fault> {
        while open.depth > 0 {
            let has_more = if open.is_object() { self.more_members()? } else { self.more_items()? };
            if has_more {
                return Ok(false);
            }
            open.pop();
        }
        Ok(true)
    }

    /// The same; what was passed over is the answer.
    pub(crate) fn skipped_text(&mut self) -> Result<&'a str, Fault> {
        let from = self.place();
        self.skip_value()?;
        Ok(self.text_since(from))
    }
}
