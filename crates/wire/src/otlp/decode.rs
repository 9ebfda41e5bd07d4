//! Reads an export request.

use bumpalo::Bump;

use super::encoding::Encoding;
use super::export::Export;
use super::malformed::Malformed;
use super::request_decoder::RequestDecoder;
use super::{json, protobuf};

/// Reads an `ExportTraceServiceRequest`, or `TracesData`, which is written in the same way. Spans borrow from `body`,
/// and from `arena` what does not stand in it as it is.
///
/// # Errors
/// Only where the body cannot be read at all: a span that cannot be taken is counted in [`Export::rejected`].
pub fn decode<'a>(encoding: Encoding, body: &'a [u8], arena: &'a Bump) -> Result<Export<'a>, Malformed> {
    let mut decoder = RequestDecoder::new(arena);
    let read = match encoding {
        Encoding::Protobuf => protobuf::read(&mut decoder, body),
        Encoding::Json => json::read(&mut decoder, body),
    };
    match read {
        Ok(()) => Ok(decoder.finish()),
        Err(error) => Err(Malformed::new(error, body)),
    }
}
