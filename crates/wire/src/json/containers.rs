//! Reads the brackets, commas and colons of objects and arrays.

use super::cursor::Cursor;
use super::syntax_error::SyntaxError;

impl<'a> Cursor<'a> {
    /// Moves into an object. Returns false if it is empty; then the cursor is after it. `what` describes the expected
    /// value for the error if there is no object.
    #[inline]
    pub(crate) fn open_object(&mut self, what: &'static str) -> Result<bool, SyntaxError> {
        self.expect(b'{', what)?;
        Ok(!self.eat(b'}'))
    }

    /// Reads the next key and the colon after it.
    #[inline]
    pub(crate) fn key(&mut self) -> Result<&'a str, SyntaxError> {
        let key = self.string("a key in double quotes")?;
        self.expect(b':', "':'")?;
        Ok(key)
    }

    /// Moves over the comma before the next member, or out of the object. Returns false at the end of the object.
    #[inline]
    pub(crate) fn more_members(&mut self) -> Result<bool, SyntaxError> {
        Ok(self.eat(b',') || self.expect(b'}', "',' or '}'").map(|()| false)?)
    }

    /// Moves into an array. Returns false if it is empty; then the cursor is after it. `what` describes the expected
    /// value for the error if there is no array.
    pub(crate) fn open_array(&mut self, what: &'static str) -> Result<bool, SyntaxError> {
        self.expect(b'[', what)?;
        Ok(!self.eat(b']'))
    }

    /// Moves over the comma before the next item, or out of the array. Returns false at the end of the array.
    pub(crate) fn more_items(&mut self) -> Result<bool, SyntaxError> {
        Ok(self.eat(b',') || self.expect(b']', "',' or ']'").map(|()| false)?)
    }
}
