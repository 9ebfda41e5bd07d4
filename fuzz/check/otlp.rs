//! Checks that any bytes are refused with a sentence, or are an export request whose spans keep the rules and are
//! written as they were read; and that a bad span is rejected without its neighbours.

use bumpalo::Bump;
use serde_json::value::RawValue;
use span::{Span, SpanId, TraceId};
use wire::otlp::{Encoding, Malformed, decode, write_traces};

/// Tags of fields that hold bytes or a message: the number of the field, and that of the wire type.
const REQUEST_RESOURCE_SPANS: u8 = 1 << 3 | 2;
const RESOURCE_SPANS_SCOPE_SPANS: u8 = 2 << 3 | 2;
const SCOPE_SPANS_SPANS: u8 = 2 << 3 | 2;
const SPAN_TRACE_ID: u8 = 1 << 3 | 2;
const SPAN_SPAN_ID: u8 = 2 << 3 | 2;

pub(crate) fn check(encoding: Encoding, bytes: &[u8]) {
    let arena = Bump::new();
    match decode(encoding, bytes, &arena, None) {
        Ok(export) => check_spans(export.spans),
        Err(malformed) => assert!(!malformed.to_string().is_empty()),
    }
    check_neighbours(encoding, bytes);
}

/// Checks that the two good spans around `span` are taken, whatever `span` is.
fn check_neighbours(encoding: Encoding, span: &[u8]) {
    let arena = Bump::new();
    let is_one_span = match encoding {
        Encoding::Json => serde_json::from_slice::<&RawValue>(span).is_ok(),
        Encoding::Protobuf => decode(encoding, &request_of(encoding, &[span]), &arena, None).is_ok(),
    };
    if !is_one_span {
        return;
    }
    let good = |number: u8| match encoding {
        Encoding::Json => format!(r#"{{"traceId":"{:032x}","spanId":"{number:016x}"}}"#, 7).into_bytes(),
        Encoding::Protobuf => {
            let span_id = u64::from(number).to_be_bytes();
            [field(SPAN_TRACE_ID, &7_u128.to_be_bytes()), field(SPAN_SPAN_ID, &span_id)].concat()
        }
    };
    match decode(encoding, &request_of(encoding, &[&good(1), span, &good(2)]), &arena, None) {
        Ok(export) => {
            let (first, last) = (export.spans.first(), export.spans.last());
            let ids = [first, last].map(|span| span.map(|span| span.span_id.to_bytes()[15]));
            assert_eq!(ids, [Some(1), Some(2)]);
            assert_eq!(export.spans.len() as u64 + export.rejected.total(), 3);
        }
        Err(malformed) => assert_eq!(malformed, Malformed::TooManyItems),
    }
}

fn request_of(encoding: Encoding, spans: &[&[u8]]) -> Vec<u8> {
    match encoding {
        Encoding::Json => {
            let front: &[u8] = br#"{"resourceSpans":[{"scopeSpans":[{"spans":["#;
            [front, &spans.join(&b","[..]), b"]}]}]}"].concat()
        }
        Encoding::Protobuf => {
            let spans: Vec<u8> = spans.iter().flat_map(|span| field(SCOPE_SPANS_SPANS, span)).collect();
            field(REQUEST_RESOURCE_SPANS, &field(RESOURCE_SPANS_SCOPE_SPANS, &spans))
        }
    }
}

fn field(tag: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let mut length = bytes.len();
    let seven_bits = |length: usize| u8::try_from(length & 0x7f).expect("seven bits");
    while length >= 0x80 {
        out.push(seven_bits(length) | 0x80);
        length >>= 7;
    }
    out.push(seven_bits(length));
    out.extend_from_slice(bytes);
    out
}

/// Checks what holds for the spans of every protocol.
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
        let again = decode(encoding, &written, &arena, None).expect("what is written can be read");
        assert_eq!(again.rejected.total(), 0);
        assert_eq!(write_traces(encoding, again.spans), written, "{encoding:?}");
    }
}
