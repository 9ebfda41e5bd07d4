//! Decodes an export request.

use budget::Permit;
use bumpalo::Bump;

use super::encoding::Encoding;
use super::export::Export;
use super::malformed::Malformed;
use super::request_decoder::RequestDecoder;
use super::{json, protobuf};

/// Decodes an `ExportTraceServiceRequest`, or `TracesData`, which has the same encoding. Spans borrow from `body`,
/// and from `arena` whatever is not in the body in the form that a span needs. `memory` grows with what the spans take
/// in the arena, but not with texts there: they never take more than the body. Without it there is no limit but those of
/// the format.
///
/// # Errors
/// Only if the body as a whole cannot be decoded. A single span that breaks a rule is counted in
/// [`Export::rejected`].
pub fn decode<'a>(
    encoding: Encoding,
    body: &'a [u8],
    arena: &'a Bump,
    memory: Option<&'a Permit>,
) -> Result<Export<'a>, Malformed> {
    let mut decoder = RequestDecoder::new(arena, memory);
    let read = match encoding {
        Encoding::Protobuf => protobuf::read(&mut decoder, body),
        Encoding::Json => json::read(&mut decoder, body),
    };
    match read {
        Ok(()) => Ok(decoder.finish()),
        Err(error) => Err(Malformed::new(error, body)),
    }
}
