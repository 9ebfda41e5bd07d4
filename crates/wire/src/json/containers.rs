//! Objects and arrays: the marks between their values.

use super::cursor::Cursor;
use super::syntax_error::SyntaxError;

impl<'a> Cursor<'a> {
    /// Steps into an object; `what` names it where there is something else. False where it is empty: then the cursor
    /// is behind it.
    #[inline]
    pub(crate) fn open_object(&mut self, what: &'static str) -> Result<bool, SyntaxError> {
        self.expect(b'{', what)?;
        Ok(!self.eat(b'}'))
    }

    /// Reads the next key, and the colon behind it.
    #[inline]
    pub(crate) fn key(&mut self) -> Result<&'a str, SyntaxError> {
        let key = self.string("a key in double quotes")?;
        self.expect(b':', "':'")?;
        Ok(key)
    }

    /// Steps over the comma in front of another member, or out of the object: then it is false.
    #[inline]
    pub(crate) fn more_members(&mut self) -> Result<bool, SyntaxError> {
        Ok(self.eat(b',') || self.expect(b'}', "',' or '}'").map(|()| false)?)
    }

    /// Steps into an array; `what` names it where there is something else. False where it is empty: then the cursor is
    /// behind it.
    pub(crate) fn open_array(&mut self, what: &'static str) -> Result<bool, SyntaxError> {
        self.expect(b'[', what)?;
        Ok(!self.eat(b']'))
    }

    /// Steps over the comma in front of another item, or out of the array: then it is false.
    pub(crate) fn more_items(&mut self) -> Result<bool, SyntaxError> {
        Ok(self.eat(b',') || self.expect(b']', "',' or ']'").map(|()| false)?)
    }
}
