//! A span that cannot be taken is rejected alone; what is put right is counted.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::Link;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
use prost::Message as _;
use span::Timestamp;
use testkit::OwnedSpan;
use wire::otlp::{Encoding, Export, Reason};

use crate::decoded::read;

fn good() -> Span {
    Span {
        trace_id: vec![1; 16],
        span_id: vec![2; 8],
        name: "GET /".to_owned(),
        start_time_unix_nano: 10,
        end_time_unix_nano: 20,
        ..Span::default()
    }
}

fn request(resource: Option<Resource>, spans: Vec<Span>) -> ExportTraceServiceRequest {
    let scope_spans = vec![ScopeSpans { spans, ..ScopeSpans::default() }];
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans { resource, scope_spans, ..ResourceSpans::default() }],
    }
}

/// Reads a good span behind this one, in both encodings.
fn read_with(span: Span) -> (Vec<OwnedSpan>, Export<'static>) {
    let request = request(None, vec![span, good()]);
    let (spans, rest) = read(Encoding::Protobuf, &request.encode_to_vec()).expect("it is protobuf");
    let body = serde_json::to_vec(&request).expect("it has a JSON form");
    let (spans_of_json, rest_of_json) = read(Encoding::Json, &body).expect("it is JSON");
    // JSON has places, so only there the answer names one.
    let rest_of_json = Export { note: rest.note.clone(), ..rest_of_json };
    assert_eq!((spans_of_json, rest_of_json), (spans.clone(), rest.clone()));
    (spans, rest)
}

fn check_rejected(span: Span, reason: Reason) {
    let (spans, rest) = read_with(span);
    assert_eq!(spans.len(), 1, "{reason:?}");
    for other in Reason::ALL {
        assert_eq!(rest.rejected.count(other), u64::from(other == reason), "{reason:?}: {other:?}");
    }
    assert_eq!(rest.rejected.total(), 1);
}

#[test]
fn a_span_without_a_valid_id_is_rejected_alone() {
    for trace_id in [vec![], vec![0; 16], vec![1; 8], vec![1; 17]] {
        check_rejected(Span { trace_id, ..good() }, Reason::TraceId);
    }
    for span_id in [vec![], vec![0; 8], vec![1; 4], vec![1; 16]] {
        check_rejected(Span { span_id, ..good() }, Reason::SpanId);
    }
    check_rejected(Span { parent_span_id: vec![1; 16], ..good() }, Reason::ParentSpanId);
}

#[test]
fn eight_zeros_are_no_parent() {
    let (spans, _) = read_with(Span { parent_span_id: vec![0; 8], ..good() });
    assert_eq!(spans[0].parent_span_id, None);
}

#[test]
fn its_own_id_is_no_parent() {
    let (spans, _) = read_with(Span { parent_span_id: good().span_id, ..good() });
    assert_eq!((spans.len(), spans[0].parent_span_id), (2, None));
    let (spans, _) = read_with(Span { parent_span_id: vec![9; 8], ..good() });
    assert!(spans[0].parent_span_id.is_some(), "another id stays");
}

#[test]
fn impossible_times_are_moved_and_counted() {
    let at = |start, end| {
        let span = Span { start_time_unix_nano: start, end_time_unix_nano: end, ..good() };
        let (spans, rest) = read_with(span);
        ((spans[0].start, spans[0].end), rest.repairs.repaired_times)
    };
    assert_eq!(at(5, 5), ((Timestamp(5), Timestamp(5)), 0));
    assert_eq!(at(5, 4), ((Timestamp(5), Timestamp(5)), 1));
    assert_eq!(at(5, 0), ((Timestamp(5), Timestamp(5)), 1));
    assert_eq!(at(5, u64::MAX), ((Timestamp(5), Timestamp::MAX), 1));
    assert_eq!(at(u64::MAX, 5), ((Timestamp::MAX, Timestamp::MAX), 1));
}

#[test]
fn an_unknown_kind_is_kept_and_an_unknown_status_is_counted() {
    let status = Some(Status { code: 9, message: "m".to_owned() });
    let (spans, rest) = read_with(Span { kind: 99, status, ..good() });
    assert_eq!((spans[0].kind, spans[0].status), (span::Kind(99), span::Status::Unset));
    assert_eq!(rest.repairs.unknown_enums, 1);
    assert_eq!(spans[0].extras.as_ref().map(|extras| extras.status_message.as_str()), Some("m"));
}

#[test]
fn a_link_with_ids_of_a_wrong_length_is_a_dropped_one() {
    let link = |trace_id, span_id| Link { trace_id, span_id, ..Link::default() };
    let links = vec![link(vec![1; 3], vec![2; 8]), link(vec![], vec![]), link(vec![1; 16], vec![2; 9])];
    let (spans, rest) = read_with(Span { links, dropped_links_count: 1, ..good() });
    let extras = spans[0].extras.as_ref().expect("it has a link");
    assert_eq!((extras.links.len(), extras.dropped_links), (1, 3));
    assert_eq!(rest.repairs.lost_links, 2);
}

fn attribute(value: AnyValue) -> KeyValue {
    KeyValue { key: "k".to_owned(), value: Some(value), ..KeyValue::default() }
}

/// An integer inside of so many arrays.
fn nested(depth: usize) -> AnyValue {
    let innermost = AnyValue { value: Some(Value::IntValue(1)) };
    (0..depth).fold(innermost, |inner, _| AnyValue {
        value: Some(Value::ArrayValue(ArrayValue { values: vec![inner] })),
    })
}

#[test]
fn values_are_nested_up_to_the_limit() {
    let (spans, _) = read_with(Span { attributes: vec![attribute(nested(32))], ..good() });
    assert_eq!(spans.len(), 2);
    check_rejected(Span { attributes: vec![attribute(nested(33))], ..good() }, Reason::ValueTooDeep);
}

#[test]
fn only_spans_of_a_resource_that_is_not_whole_are_rejected() {
    let deep = Resource { attributes: vec![attribute(nested(40))], ..Resource::default() };
    let mut request = request(Some(deep), vec![good(), good()]);
    request.resource_spans.push(ResourceSpans {
        scope_spans: vec![ScopeSpans { spans: vec![good()], ..ScopeSpans::default() }],
        ..ResourceSpans::default()
    });
    let body = serde_json::to_vec(&request).expect("it has a JSON form");
    for (encoding, body) in [(Encoding::Protobuf, request.encode_to_vec()), (Encoding::Json, body)] {
        let (spans, rest) = read(encoding, &body).expect("it can be read");
        assert_eq!((spans.len(), rest.rejected.count(Reason::ValueTooDeep)), (1, 2), "{encoding:?}");
    }
}

#[test]
fn the_sender_is_told_what_was_rejected() {
    let spans =
        vec![Span { span_id: vec![], ..good() }, Span { span_id: vec![1], ..good() }, Span::default()];
    let body = request(None, spans).encode_to_vec();
    let (_, rest) = read(Encoding::Protobuf, &body).expect("it is protobuf");
    assert_eq!(
        rest.rejected.to_string(),
        "1 span: trace_id must be 16 bytes and not all zero; 2 spans: span_id must be 8 bytes and not all zero"
    );
}

#[test]
fn a_request_without_spans_is_good() {
    for body in [vec![], request(None, vec![]).encode_to_vec()] {
        assert_eq!(read(Encoding::Protobuf, &body).expect("it is protobuf").0, []);
    }
    for body in ["{}", r#"{"resourceSpans":[]}"#, r#"{"resourceSpans":null}"#, r#"{"resourceSpans":[{}]}"#] {
        assert_eq!(read(Encoding::Json, body.as_bytes()).expect("it is JSON").0, []);
    }
}
