//! Messages and lists, and what becomes of whoever has something else in their place.

use super::super::rejected::Reason;
use super::super::work::Stop;
use super::path::Step;
use super::request::Json;
use crate::json::{Cursor, Read};

impl<'a> Read<'a> for Json<'_, 'a> {
    type Stop = Stop;

    fn cursor(&mut self) -> &mut Cursor<'a> {
        &mut self.cursor
    }
}

impl<'a> Json<'_, 'a> {
    /// The fields of a message that are not null. A message that is null itself has none.
    pub(super) fn message(
        &mut self,
        each: impl FnMut(&mut Self, &'a str) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        match self.cursor.peek() {
            Some(b'{') => self.envelope(each),
            Some(b'n') => self.cursor.eat_null().map(drop).map_err(Stop::from),
            _ => self.misfit("must be an object"),
        }
    }

    /// The same of a message without which there would be nobody to have the fault.
    pub(super) fn envelope(
        &mut self,
        mut each: impl FnMut(&mut Self, &'a str) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        if self.cursor.eat_null()? {
            return Ok(());
        }
        self.path.enter(Step::Field(""));
        self.object(|json, key| {
            json.path.go_on(Step::Field(key));
            each(json, key)
        })?;
        self.path.leave();
        Ok(())
    }

    pub(super) fn list(&mut self, each: impl FnMut(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        if self.cursor.peek() == Some(b'[') { self.envelopes(each) } else { self.misfit("must be an array") }
    }

    /// The same of a list without which there would be nobody to have the fault.
    pub(super) fn envelopes(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let mut item = 0;
        self.path.enter(Step::Item(item));
        self.array(|json| {
            json.path.go_on(Step::Item(item));
            item += 1;
            each(json)
        })?;
        self.path.leave();
        Ok(())
    }

    /// Passes over a value of another type than its field has.
    #[cold]
    pub(super) fn misfit(&mut self, rule: &'static str) -> Result<(), Stop> {
        self.broken(rule);
        Ok(self.cursor.skip_value()?)
    }

    /// Whoever has this field is rejected; of the first one the sender is told where it is.
    #[cold]
    pub(super) fn broken(&mut self, rule: &'static str) {
        self.work.flaw.get_or_insert(Reason::FieldValue);
        if self.work.note.is_empty() {
            self.work.note = format!("the first is {}: {rule}", self.path);
        }
    }
}
