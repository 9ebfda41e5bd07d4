//! The reader: messages and lists, and what happens where something else stands in their place.

use super::super::decode_error::DecodeError;
use super::super::rejected::Reason;
use super::super::request_decoder::RequestDecoder;
use super::place::{Place, PlaceStep};
use crate::json::{Cursor, ReadJson};

/// Reads a request in JSON.
///
/// A value of a wrong type is skipped and its span is rejected, because the others are good and their sender would
/// send the request again as it is. Around spans there is no span to blame: there a wrong type makes the request
/// malformed.
pub(super) struct JsonReader<'w, 'a> {
    pub(super) decoder: &'w mut RequestDecoder<'a>,
    pub(super) cursor: Cursor<'a>,
    /// Where the value is that is being read.
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
    /// Reads a message: calls `each` with every field that is not null. A message that is null itself has no fields.
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

    /// Reads a message around spans; the request is malformed where there is something else.
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

    /// Reads a list: calls `each` at every item.
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

    /// Reads a list of spans, or of what is around spans; the request is malformed where there is something else.
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

    /// Passes over a value whose type its field cannot have, and rejects what has the field.
    #[cold]
    pub(super) fn reject_value(&mut self, rule: &'static str) -> Result<(), DecodeError> {
        self.reject(rule);
        Ok(self.cursor.skip_value()?)
    }

    /// Rejects what has the field that is being read. The sender is told where the first such field is.
    #[cold]
    pub(super) fn reject(&mut self, rule: &'static str) {
        self.decoder.flaw.get_or_insert(Reason::FieldValue);
        if self.decoder.note.is_empty() {
            self.decoder.note = format!("the first is {}: {rule}", self.place);
        }
    }

    /// Passes over the value of a field that we do not know. It is counted, unless it says no more than an absent one:
    /// exporters write the defaults of fields that are newer than ours.
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
