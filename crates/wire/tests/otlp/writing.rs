//! The upstream crate reads what we write, and finds the same values.

use bumpalo::Bump;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::TracesData;
use prost::Message as _;
use span::{Attribute, SpanId, Status, Timestamp, Value};
use testkit::owned_span::OwnedResourceScope;
use testkit::{OwnedSpan, each_seed, schedules, with_borrowed};
use wire::SpanWriter as _;
use wire::contract;
use wire::otlp::{Encoding, TracesWriter, decode, write_traces};

use crate::decoded::{protobuf, read};
use crate::random_spans;
use crate::upstream::{flat, named, request};

fn upstream(encoding: Encoding, body: &[u8]) -> TracesData {
    match encoding {
        Encoding::Protobuf => TracesData::decode(body).expect("prost reads it"),
        Encoding::Json => serde_json::from_slice(body).expect("serde_json reads it"),
    }
}

#[test]
fn all_of_a_span_is_written() {
    each_seed(schedules(400), |random| {
        let spans = random_spans::spans(random);
        let ExportTraceServiceRequest { resource_spans } = request(&spans);
        let expected = flat(TracesData { resource_spans });
        with_borrowed(&spans, |spans| {
            for encoding in [Encoding::Protobuf, Encoding::Json] {
                let written = upstream(encoding, &write_traces(encoding, spans));
                assert_eq!(flat(written), expected, "{encoding:?}");
            }
        });
    });
}

#[test]
fn spans_of_one_resource_and_scope_stand_together() {
    let around = Timestamp(1);
    let span = |number, scope: &str| {
        let mut span = OwnedSpan::root(1, number, around);
        let mut resource_scope = named(OwnedResourceScope::default(), "checkout");
        scope.clone_into(&mut resource_scope.scope_name);
        span.resource_scope = Some(resource_scope);
        span
    };
    let spans = [span(1, "a"), span(2, "b"), span(3, "a"), OwnedSpan::root(1, 4, around)];
    with_borrowed(&spans, |spans| {
        for encoding in [Encoding::Protobuf, Encoding::Json] {
            let written = upstream(encoding, &write_traces(encoding, spans));
            let scopes: Vec<Vec<usize>> = written
                .resource_spans
                .iter()
                .map(|one| one.scope_spans.iter().map(|scoped| scoped.spans.len()).collect())
                .collect();
            assert_eq!(scopes, [[2, 1, 1]], "{encoding:?}");
        }
    });
}

fn write_in_pieces(encoding: Encoding, spans: &[span::Span<'_>]) -> Vec<u8> {
    let mut writer = TracesWriter::new(encoding);
    let mut body = Vec::new();
    for (index, span) in spans.iter().enumerate() {
        writer.push(span);
        if index % 3 == 2 {
            body.extend(writer.take());
        }
    }
    body.extend(writer.finish());
    body
}

#[test]
fn pieces_make_one_document() {
    each_seed(schedules(100), |random| {
        let spans = random_spans::spans(random);
        with_borrowed(&spans, |spans| {
            for encoding in [Encoding::Protobuf, Encoding::Json] {
                let body = write_in_pieces(encoding, spans);
                let at_once = upstream(encoding, &write_traces(encoding, spans));
                assert_eq!(flat(upstream(encoding, &body)), flat(at_once));
            }
        });
    });
}

/// The contract has ids of 16 bytes and no resource. The protocol has span ids of 8 bytes, and takes no others.
#[test]
fn a_span_of_the_contract_is_written_with_short_ids_and_has_its_own_as_attributes() {
    let span = OwnedSpan::child(1, 2, 3, Timestamp(5)).failed();
    let parent = OwnedSpan::root(1, 3, Timestamp(4));
    with_borrowed(&[span, parent], |spans| {
        for encoding in [Encoding::Protobuf, Encoding::Json] {
            let body = write_traces(encoding, spans);
            let arena = Bump::new();
            let again = decode(encoding, &body, &arena, None).expect("it is the protocol's");
            let [child, parent] = again.spans else { panic!("both are taken") };
            assert_eq!(again.rejected.total(), 0);
            assert_eq!((child.service, child.status), ("checkout", Status::Error));
            assert_eq!(child.parent_span_id, Some(parent.span_id));
            let id = |id: u8| SpanId::from_bytes([id; 16]).to_string();
            let (own, above) = (id(2), id(3));
            let said = |key, id| Attribute { key, value: Value::Text(id) };
            assert_eq!(
                child.attributes,
                [said("traced.span_id", &own), said("traced.parent_span_id", &above)]
            );
            assert_eq!(parent.attributes, [said("traced.span_id", &above)]);
        }
    });
}

/// A span that came by OpenTelemetry's protocol may be longer than the contract allows.
#[test]
fn the_contract_answers_a_long_span_within_its_limits() {
    let mut span = OwnedSpan::child(1, 2, 3, Timestamp(5));
    let short = |byte| SpanId::from_bytes([[0; 8], [byte; 8]].concat().try_into().expect("16 bytes"));
    (span.span_id, span.parent_span_id) = (short(2), Some(short(3)));
    span.resource_scope = Some(named(OwnedResourceScope::default(), &"ß".repeat(300)));
    span.name = "n".repeat(300);
    span.attributes = (0..60)
        .map(|number| testkit::OwnedAttribute::text(format!("key-{}", number % 55), "v".repeat(2000)))
        .collect();
    let body = protobuf(&[span]);
    let arena = Bump::new();
    let export = decode(Encoding::Protobuf, &body, &arena, None).expect("it is protobuf");
    let mut writer = contract::trace(export.spans[0].trace_id);
    writer.push(&export.spans[0]);
    let answer: serde_json::Value = serde_json::from_slice(&writer.finish()).expect("it is JSON");
    let span = &answer["spans"][0];
    assert_eq!(span["span_id"], "00000000-0000-0000-0202-020202020202");
    assert_eq!(span["parent_span_id"], "00000000-0000-0000-0303-030303030303");
    assert_eq!(span["service"], "ß".repeat(256));
    assert_eq!(span["operation"], "n".repeat(256));
    let tags = span["tags"].as_object().expect("an object");
    assert_eq!(tags.len(), 50);
    assert!(tags.values().all(|value| *value == "v".repeat(1024)));
    // The answer keeps the rules of the contract, so a client may send it as a batch.
    let batch = serde_json::json!({ "spans": answer["spans"] }).to_string();
    let read = contract::parse_batch(batch.as_bytes(), &arena).map_err(|rejection| rejection.to_string());
    assert_eq!(read.map(<[_]>::len), Ok(1));
}

#[test]
fn spans_that_we_write_are_read_back() {
    each_seed(schedules(200), |random| {
        let spans = random_spans::spans(random);
        let sorted = |mut spans: Vec<OwnedSpan>| {
            spans.sort_by_key(|span| span.span_id);
            spans
        };
        with_borrowed(&spans, |borrowed| {
            for encoding in [Encoding::Protobuf, Encoding::Json] {
                let (read, _) = read(encoding, &write_traces(encoding, borrowed)).expect("it is ours");
                assert_eq!(sorted(read), sorted(spans.clone()), "{encoding:?}");
            }
        });
    });
}
