//! Values that nobody asked for: they are checked, and passed over.

use super::cursor::Cursor;
use super::syntax_error::{SyntaxError, SyntaxErrorKind};

/// Limit: how deep a value of the contract may be nested. The contract's own document has four levels; this leaves
/// room for whatever a client adds. Exporters have no such limit, because a span that is too deep is rejected alone
/// and the rest of its body has to be read: a level costs the sender a byte at least, and us a bit.
const DEPTH_MAX: usize = 128;

const _: () = assert!(DEPTH_MAX == 128, "the sentence of the error names it");

/// The brackets that are open, one bit for each: whether it is an object's.
#[derive(Default)]
struct OpenBrackets {
    /// Up to 64 innermost brackets; the innermost one is the lowest bit.
    bits: u64,
    /// The brackets around them, 64 in a word. Nearly no value is so deep, and then nothing is allocated.
    outer: Vec<u64>,
    depth: usize,
}

impl OpenBrackets {
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

    /// Whether the innermost bracket is an object's.
    fn is_object(&self) -> bool {
        self.bits & 1 == 1
    }
}

impl<'a> Cursor<'a> {
    /// Passes over a value. It keeps the open brackets itself instead of calling itself, because a hostile value is so
    /// deep that calls would reach the end of the stack.
    pub(crate) fn skip_value(&mut self) -> Result<(), SyntaxError> {
        let depth_max = if self.repaired.is_some() { usize::MAX } else { DEPTH_MAX };
        let mut open = OpenBrackets::default();
        loop {
            let bracket = self.peek().unwrap_or_default();
            if self.skip_scalar_or_open()? {
                if open.depth == depth_max {
                    return self.error(SyntaxErrorKind::TooDeep);
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

    /// Passes over a scalar or an empty container, or steps into a container that is not empty: then it is true.
    fn skip_scalar_or_open(&mut self) -> Result<bool, SyntaxError> {
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

    /// Leaves all containers that end behind a value. True where the outermost one has ended.
    fn skip_ends(&mut self, open: &mut OpenBrackets) -> Result<bool, SyntaxError> {
        while open.depth > 0 {
            let has_more = if open.is_object() { self.more_members()? } else { self.more_items()? };
            if has_more {
                return Ok(false);
            }
            open.pop();
        }
        Ok(true)
    }

    /// Passes over a value, and returns its text.
    pub(crate) fn skipped_text(&mut self) -> Result<&'a str, SyntaxError> {
        let start = self.value_start();
        self.skip_value()?;
        Ok(self.text_since(start))
    }
}
