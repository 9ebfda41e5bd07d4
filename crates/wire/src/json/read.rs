//! Objects and arrays for readers that have more in hand than a cursor.

use super::cursor::Cursor;
use super::fault::Fault;

pub(crate) trait Read<'a> {
    type Stop: From<Fault>;

    fn cursor(&mut self) -> &mut Cursor<'a>;

    /// Calls `each` with every key whose value is not null; it has to read the value.
    fn object(
        &mut self,
        mut each: impl FnMut(&mut Self, &'a str) -> Result<(), Self::Stop>,
    ) -> Result<(), Self::Stop> {
        self.members(|reader, key| if reader.cursor().eat_null()? { Ok(()) } else { each(reader, key) })
    }

    /// The same with every key.
    fn members(
        &mut self,
        mut each: impl FnMut(&mut Self, &'a str) -> Result<(), Self::Stop>,
    ) -> Result<(), Self::Stop> {
        let mut more = self.cursor().open_object("an object")?;
        while more {
            let key = self.cursor().key()?;
            each(self, key)?;
            more = self.cursor().more_members()?;
        }
        Ok(())
    }

    /// Calls `each` at every item; it has to read it.
    fn array(&mut self, mut each: impl FnMut(&mut Self) -> Result<(), Self::Stop>) -> Result<(), Self::Stop> {
        let mut more = self.cursor().open_array("an array")?;
        while more {
            each(self)?;
            more = self.cursor().more_items()?;
        }
        Ok(())
    }
}
