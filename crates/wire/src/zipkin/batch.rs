//! Decodes the array of spans.

use budget::Permit;
use bumpalo::Bump;
use span::Timestamp;

use super::reader::{ZipkinError, ZipkinReader};
use super::sources::Sources;
use crate::json::Cursor;
use crate::otlp::{Export, Malformed, RequestDecoder, SPAN_ITEMS};

/// Decodes a body of Zipkin's JSON that arrived at `arrival`, the start of spans without a time. Spans borrow from
/// `body`, and from `arena` whatever is not in the body in the form that a span needs. No span is rejected alone, so
/// [`Export::rejected`] is empty. `memory` grows with what the spans take in the arena, as in OTLP.
///
/// # Errors
/// If the body is not JSON or a span breaks a rule. The error names the first problem and its place.
pub fn decode<'a>(
    body: &'a [u8],
    arena: &'a Bump,
    arrival: Timestamp,
    memory: Option<&'a Permit>,
) -> Result<Export<'a>, Malformed> {
    let mut decoder = RequestDecoder::new(arena, memory);
    match read(&mut decoder, body, arrival) {
        Ok(()) => Ok(decoder.finish()),
        Err(ZipkinError::Decode(error)) => Err(Malformed::new(error, body)),
        Err(ZipkinError::Rule(rule)) => Err(Malformed::zipkin(decoder.spans.len(), rule)),
    }
}

fn read<'a>(decoder: &mut RequestDecoder<'a>, body: &'a [u8], arrival: Timestamp) -> Result<(), ZipkinError> {
    let cursor = Cursor::repairing(decoder.text(body)?, decoder.arena);
    let mut zipkin = ZipkinReader { decoder, cursor, arrival };
    // Some senders write an empty list of spans as an empty body.
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
