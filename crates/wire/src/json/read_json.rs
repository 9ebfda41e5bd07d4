//! Objects and arrays for readers that have more in hand than a cursor.

use super::cursor::Cursor;
use super::syntax_error::SyntaxError;

/// A reader of one format in JSON: it has a cursor, and state of its own that the callbacks need.
pub(crate) trait ReadJson<'a> {
    /// Why the reader gives up.
    type Error: From<SyntaxError>;

    fn cursor(&mut self) -> &mut Cursor<'a>;

    /// Calls `each` with every key whose value is not null; `each` has to read the value.
    fn object(
        &mut self,
        mut each: impl FnMut(&mut Self, &'a str) -> Result<(), Self::Error>,
    ) -> Result<(), Self::Error> {
        self.members(|reader, key| if reader.cursor().eat_null()? { Ok(()) } else { each(reader, key) })
    }

    /// Calls `each` with every key, whatever its value is; `each` has to read the value.
    fn members(
        &mut self,
        mut each: impl FnMut(&mut Self, &'a str) -> Result<(), Self::Error>,
    ) -> Result<(), Self::Error> {
        let mut more = self.cursor().open_object("an object")?;
        while more {
            let key = self.cursor().key()?;
            each(self, key)?;
            more = self.cursor().more_members()?;
        }
        Ok(())
    }

    /// Calls `each` at every item; `each` has to read it.
    fn array(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<(), Self::Error>,
    ) -> Result<(), Self::Error> {
        let mut more = self.cursor().open_array("an array")?;
        while more {
            each(self)?;
            more = self.cursor().more_items()?;
        }
        Ok(())
    }
}
