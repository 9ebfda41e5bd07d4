//! Reads the array of spans.

use bumpalo::Bump;
use span::Timestamp;

use super::reader::{ZipkinError, ZipkinReader};
use super::sources::Sources;
use crate::json::Cursor;
use crate::otlp::{Export, Malformed, RequestDecoder, SPAN_ITEMS};

/// Reads spans that came in at `arrival`. They borrow from `body`, and from `arena` what does not stand in it as
/// it is. No span is rejected alone, so [`Export::rejected`] is empty.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn decode<'a>(body: &'a [u8], arena: &'a Bump, arrival: Timestamp) -> Result<Export<'a>, Malformed> {
    let mut decoder = RequestDecoder::new(arena);
    match read(&mut decoder, body, arrival) {
        Ok(()) => Ok(decoder.finish()),
        Err(ZipkinError::Decode(error)) => Err(Malformed::new(error, body)),
        Err(ZipkinError::Rule(rule)) => Err(Malformed::zipkin(decoder.spans.len(), rule)),
    }
}

fn read<'a>(decoder: &mut RequestDecoder<'a>, body: &'a [u8], arrival: Timestamp) -> Result<(), ZipkinError> {
    let cursor = Cursor::repairing(decoder.text(body)?, decoder.arena);
    let mut zipkin = ZipkinReader { decoder, cursor, arrival };
    // A sender with nothing to say may make an empty body of its empty list.
    if zipkin.cursor.peek().is_none() {
        return Ok(());
    }
    let mut sources = Sources::default();
    let mut more = zipkin.cursor.open_array("an array of spans")?;
    while more {
        zipkin.decoder.charge(SPAN_ITEMS)?;
        let span = zipkin.span(&mut sources)?;
        zipkin.decoder.spans.push(span);
        more = zipkin.cursor.more_items()?;
    }
    zipkin.cursor.end()?;
    zipkin.decoder.repairs.repaired_texts += zipkin.cursor.repaired();
    Ok(())
}
