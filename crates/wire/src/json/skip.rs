//! Values that nobody asked for: checked, and passed over.

use super::cursor::Cursor;
use super::fault::{Fault, Reason};

/// Limit: how deep a value may be nested. The contract's own document has four levels; this leaves room for
/// whatever a client adds, and bounds the stack.
const DEPTH_MAX: u32 = 128;

impl<'a> Cursor<'a> {
    pub(crate) fn skip_value(&mut self) -> Result<(), Fault> {
        self.skip_nested(DEPTH_MAX)
    }

    /// The same; what was passed over is the answer.
    pub(crate) fn skipped_text(&mut self) -> Result<&'a str, Fault> {
        let from = self.place();
        self.skip_value()?;
        Ok(self.text_since(from))
    }

    fn skip_nested(&mut self, depth: u32) -> Result<(), Fault> {
        if depth == 0 {
            return self.fault(Reason::TooDeep);
        }
        match self.peek() {
            Some(b'"') => self.string("a string").map(|_| ()),
            Some(b'{') => self.skip_object(depth),
            Some(b'[') => self.skip_array(depth),
            Some(b't') => self.literal("true"),
            Some(b'f') => self.literal("false"),
            Some(b'n') => self.literal("null"),
            Some(b'-' | b'0'..=b'9') => self.skip_number(),
            _ => self.missing("a JSON value"),
        }
    }

    fn skip_object(&mut self, depth: u32) -> Result<(), Fault> {
        let mut more = self.open_object("'{'")?;
        while more {
            self.key()?;
            self.skip_nested(depth - 1)?;
            more = self.more_members()?;
        }
        Ok(())
    }

    fn skip_array(&mut self, depth: u32) -> Result<(), Fault> {
        let mut more = self.open_array("'['")?;
        while more {
            self.skip_nested(depth - 1)?;
            more = self.more_items()?;
        }
        Ok(())
    }
}
