//! Objects and arrays for readers that have state beside the cursor.

use super::cursor::Cursor;
use super::syntax_error::SyntaxError;

/// A reader of one JSON format. It has a cursor and further state, both of which callbacks get.
pub(crate) trait ReadJson<'a> {
    /// Why the body cannot be read to its end.
    type Error: From<SyntaxError>;

    fn cursor(&mut self) -> &mut Cursor<'a>;

    /// Reads an object: calls `each` with every key whose value is not null. `each` must read the value.
    fn object(
        &mut self,
        mut each: impl FnMut(&mut Self, &'a str) -> Result<(), Self::Error>,
    ) -> Result<(), Self::Error> {
        self.members(|reader, key| if reader.cursor().eat_null()? { Ok(()) } else { each(reader, key) })
    }

    /// Reads an object: calls `each` with every key, even if its value is null. `each` must read the value.
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

    /// Reads an array: calls `each` at every item. `each` must read the item.
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
