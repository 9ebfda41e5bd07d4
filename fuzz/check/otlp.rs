//! Any bytes are an export request whose spans keep the rules and are written as they were read, or are refused with
//! a sentence.

use bumpalo::Bump;
use span::{Span, SpanId, TraceId};
use wire::otlp::{Encoding, decode, write_traces};

pub(crate) fn check(encoding: Encoding, bytes: &[u8]) {
    let arena = Bump::new();
    match decode(encoding, bytes, &arena) {
        Ok(export) => check_spans(export.spans),
        Err(malformed) => assert!(!malformed.to_string().is_empty()),
    }
}

/// What any protocol may hand on.
pub(crate) fn check_spans(spans: &[Span<'_>]) {
    for span in spans {
        assert!(span.end >= span.start);
        assert_ne!(span.trace_id, TraceId::from_bytes([0; 16]));
        assert_ne!(span.span_id, SpanId::from_bytes([0; 16]));
        assert!(!span.service.is_empty());
    }
    for encoding in [Encoding::Protobuf, Encoding::Json] {
        let written = write_traces(encoding, spans);
        let arena = Bump::new();
        let again = decode(encoding, &written, &arena).expect("what is written can be read");
        assert_eq!(again.rejected.total(), 0);
        assert_eq!(write_traces(encoding, again.spans), written, "{encoding:?}");
    }
}
