//! Skips values of unknown fields. Their syntax is checked.

use super::cursor::Cursor;
use super::syntax_error::{SyntaxError, SyntaxErrorKind};

/// Limit: levels of a skipped value in a body of the contract. The contract's own document has four levels; the
/// others are for unknown fields that a client adds. OTLP and Zipkin have no such limit: a span that is nested too
/// deep is rejected alone, so the rest of its body must be read. A level costs the sender at least a byte, and the
/// server a bit.
const DEPTH_MAX: usize = 128;

const _: () = assert!(DEPTH_MAX == 128, "the text of the error names the limit");

/// A stack of open brackets, with one bit for each: 1 is an object, 0 an array.
#[derive(Default)]
struct OpenBrackets {
    /// The innermost brackets, up to 64. The lowest bit is the innermost one.
    bits: u64,
    /// The brackets around those in `bits`, 64 in a word. Hardly any value is so deep, so this rarely allocates.
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

    /// Whether the innermost bracket is that of an object.
    fn is_object(&self) -> bool {
        self.bits & 1 == 1
    }
}

impl<'a> Cursor<'a> {
    /// Skips a value. It keeps the open brackets in a list and is not recursive, because a hostile value could be so
    /// deep that recursion overflows the stack.
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

    /// Skips a scalar or an empty container, and returns false. Moves into any other container, and returns true.
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

    /// Moves out of all containers that end after a value. Returns true if the outermost one has ended.
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

    /// Skips a value and returns its text.
    pub(crate) fn skipped_text(&mut self) -> Result<&'a str, SyntaxError> {
        let start = self.value_start();
        self.skip_value()?;
        Ok(self.text_since(start))
    }
}
