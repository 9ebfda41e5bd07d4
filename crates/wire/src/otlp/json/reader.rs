//! The reader of messages and lists, which also handles values of a wrong type.

use super::super::decode_error::DecodeError;
use super::super::rejected::Reason;
use super::super::request_decoder::RequestDecoder;
use super::place::{Place, PlaceStep};
use crate::json::{Cursor, ReadJson};

/// Decodes a request in JSON.
///
/// A value of a wrong type is skipped and only its span is rejected, because the other spans are good. A wrong type
/// outside of spans makes the whole request malformed, because there is no single span to reject.
pub(super) struct JsonReader<'w, 'a> {
    pub(super) decoder: &'w mut RequestDecoder<'a>,
    pub(super) cursor: Cursor<'a>,
    /// The place of the value that is being read.
    place: Place<'a>,
}

impl<'a> ReadJson<'a> for JsonReader<'_, 'a> {
    type Error = DecodeError;

    fn cursor(&mut self) -> &mut Cursor<'a> {
        &mut self.cursor
    }
}

impl<'w, 'a> JsonReader<'w, 'a> {
    pub(super) fn new(decoder: &'w mut RequestDecoder<'a>, cursor: Cursor<'a>) -> Self {
        Self { decoder, cursor, place: Place::default() }
    }
}

impl<'a> JsonReader<'_, 'a> {
    /// Reads a message: calls `each` with the key of every field that is not null. A message that is null has no
    /// fields. If the value is not an object, rejects the span, scope or resource that contains it.
    pub(super) fn message(
        &mut self,
        each: impl FnMut(&mut Self, &'a str) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        match self.cursor.peek() {
            Some(b'{') => self.outer_message(each),
            Some(b'n') => self.cursor.eat_null().map(drop).map_err(DecodeError::from),
            _ => self.reject_value("must be an object"),
        }
    }

    /// Reads a message that contains spans. Fails if the value is not an object.
    pub(super) fn outer_message(
        &mut self,
        mut each: impl FnMut(&mut Self, &'a str) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        if self.cursor.eat_null()? {
            return Ok(());
        }
        self.place.enter(PlaceStep::Field(""));
        self.object(|json, key| {
            json.place.move_to(PlaceStep::Field(key));
            each(json, key)
        })?;
        self.place.leave();
        Ok(())
    }

    /// Reads a list: calls `each` at every item. If the value is not an array, rejects the span, scope or resource
    /// that contains it.
    pub(super) fn list(
        &mut self,
        each: impl FnMut(&mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        if self.cursor.peek() == Some(b'[') {
            self.outer_list(each)
        } else {
            self.reject_value("must be an array")
        }
    }

    /// Reads a list of spans, or of messages that contain spans. Fails if the value is not an array.
    pub(super) fn outer_list(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let mut item = 0;
        self.place.enter(PlaceStep::Item(item));
        self.array(|json| {
            json.place.move_to(PlaceStep::Item(item));
            item += 1;
            each(json)
        })?;
        self.place.leave();
        Ok(())
    }

    /// Skips a value of a type that its field cannot have, and rejects the span, scope or resource that contains it.
    #[cold]
    pub(super) fn reject_value(&mut self, rule: &'static str) -> Result<(), DecodeError> {
        self.reject(rule);
        Ok(self.cursor.skip_value()?)
    }

    /// Rejects the span, scope or resource that contains the current field. The answer names the place of the first
    /// such field and the `rule` that it breaks.
    #[cold]
    pub(super) fn reject(&mut self, rule: &'static str) {
        self.decoder.flaw.get_or_insert(Reason::FieldValue);
        self.name_place(rule);
    }

    /// Tells the sender the place of the current field and the `rule` that it breaks, if it is the first such field.
    #[cold]
    pub(super) fn name_place(&mut self, rule: &'static str) {
        if self.decoder.note.is_empty() {
            self.decoder.note = format!("the first such field is {}: {rule}", self.place);
        }
    }

    /// Skips the value of an unknown field and counts the field. A default value is not counted, because exporters
    /// write the defaults of fields that are newer than this schema.
    #[cold]
    pub(super) fn unknown(&mut self) -> Result<(), DecodeError> {
        let skipped = self.cursor.skipped_text()?;
        let is_default = matches!(skipped, "[]" | "{}" | "\"\"" | "0" | "false");
        self.decoder.repairs.unknown_fields += u64::from(!is_default);
        if !is_default && self.decoder.first_unknown.is_empty() && self.decoder.spans.is_empty() {
            self.decoder.first_unknown = self.place.to_string();
        }
        Ok(())
    }
}
