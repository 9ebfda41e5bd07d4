//! Decodes the array of spans.

use budget::Permit;
use bumpalo::Bump;
use span::Timestamp;

use super::reader::{ZipkinError, ZipkinReader};
use super::sources::Sources;
use crate::json::{Cursor, SyntaxError};
use crate::otlp::{DecodeError, Export, Malformed, RequestDecoder, SPAN_ITEMS};

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
    read(&mut decoder, body, arrival)?;
    Ok(decoder.finish())
}

fn read<'a>(decoder: &mut RequestDecoder<'a>, body: &'a [u8], arrival: Timestamp) -> Result<(), Malformed> {
    let malformed = |error: DecodeError| Malformed::new(error, body);
    let cursor = Cursor::repairing(decoder.text(body).map_err(malformed)?, decoder.arena);
    let mut zipkin = ZipkinReader { decoder, cursor, arrival, field: "" };
    // Some senders write an empty list of spans as an empty body.
    if zipkin.cursor.peek().is_none() {
        return Ok(());
    }
    let mut sources = Sources::default();
    let json = |error: SyntaxError| Malformed::new(error.into(), body);
    let mut more = zipkin.cursor.open_array("an array of spans").map_err(json)?;
    while more {
        zipkin.decoder.charge(SPAN_ITEMS).map_err(malformed)?;
        zipkin.field = "";
        let span = zipkin.span(&mut sources).map_err(|error| {
            let index = zipkin.decoder.spans.len();
            match error {
                ZipkinError::Rule(rule) => Malformed::zipkin(index, rule),
                ZipkinError::Decode(DecodeError::Json(error)) => {
                    Malformed::zipkin_json(index, zipkin.field, error)
                }
                ZipkinError::Decode(error) => malformed(error),
            }
        })?;
        zipkin.decoder.spans.push(span);
        more = zipkin.cursor.more_items().map_err(json)?;
    }
    zipkin.cursor.end().map_err(json)?;
    zipkin.decoder.repairs.repaired_texts += zipkin.cursor.repaired();
    Ok(())
}
