//! Reads Zipkin's JSON as its senders write it.

use bumpalo::Bump;
use serde_json::{Value as Json, json};
use span::{Kind, SpanId, Status, Timestamp};
use testkit::{OwnedAttribute, OwnedSpan, OwnedValue};
use wire::otlp::{Export, Repairs};
use wire::zipkin::decode;

const ARRIVAL: Timestamp = Timestamp(1_790_000_000_000_000_000);

fn read(body: &str) -> Result<(Vec<OwnedSpan>, Repairs), String> {
    let arena = Bump::new();
    let export = decode(body.as_bytes(), &arena, ARRIVAL, None).map_err(|malformed| malformed.to_string())?;
    let Export { spans, rejected, repairs, note } = export;
    assert_eq!(note, "", "there is nowhere to say it");
    assert_eq!(rejected.total(), 0, "all or nothing");
    Ok((spans.iter().map(|&span| span.into()).collect(), repairs))
}

fn good() -> Json {
    json!({
        "traceId": "463ac35c9f6413ad48485a3953bb6124",
        "id": "a2fb4a1d1a96d312",
        "timestamp": 1_789_999_990_000_001_u64,
        "duration": 25,
        "localEndpoint": {"serviceName": "Shop"},
    })
}

/// The good span with these fields over its own.
fn with(fields: &Json) -> Json {
    let mut span = good();
    for (key, value) in fields.as_object().expect("fields").clone() {
        span[key] = value;
    }
    span
}

fn read_one(fields: &Json) -> OwnedSpan {
    let (mut spans, _) = read(&json!([with(fields)]).to_string()).expect("it is read");
    spans.pop().expect("a span")
}

fn short(id: u64) -> SpanId {
    SpanId::from_bytes(u128::from(id).to_be_bytes())
}

fn attribute(span: &OwnedSpan, key: &str) -> Option<OwnedValue> {
    span.attributes.iter().find(|attribute| attribute.key == key).map(|attribute| attribute.value.clone())
}

#[test]
fn all_of_a_span_is_read() {
    let span = read_one(&json!({
        "parentId": "1", "name": "get /", "kind": "CLIENT",
        "annotations": [{"timestamp": 1_789_999_990_000_005_u64, "value": "ws"}],
        "tags": {"http.path": "/", "n": 7, "none": null},
        "remoteEndpoint": {"serviceName": "stock", "ipv4": "10.0.0.1", "port": 8080},
        "debug": true,
    }));
    assert_eq!(span.trace_id.to_string(), "463ac35c-9f64-13ad-4848-5a3953bb6124");
    assert_eq!((span.span_id, span.parent_span_id), (short(0xa2fb_4a1d_1a96_d312), Some(short(1))));
    assert_eq!((span.service.as_str(), span.name.as_str(), span.kind), ("Shop", "get /", Kind::CLIENT));
    assert_eq!(span.start, Timestamp(1_789_999_990_000_001_000));
    assert_eq!(span.end, Timestamp(1_789_999_990_000_026_000));
    let resource_scope = span.resource_scope.clone().expect("there is a service");
    assert_eq!(resource_scope.resource_attributes, [OwnedAttribute::text("service.name", "Shop")]);
    let text = |text: &str| Some(OwnedValue::Text(text.to_owned()));
    assert_eq!(attribute(&span, "http.path"), text("/"));
    assert_eq!(attribute(&span, "n"), text("7"));
    assert_eq!(attribute(&span, "peer.service"), text("stock"));
    assert_eq!(attribute(&span, "network.peer.address"), text("10.0.0.1"));
    assert_eq!(attribute(&span, "network.peer.port"), Some(OwnedValue::Int(8080)));
    assert_eq!(attribute(&span, "zipkin.debug"), Some(OwnedValue::Bool(true)));
    let events = span.extras.expect("there is an annotation").events;
    assert_eq!((events[0].name.as_str(), events[0].time), ("ws", Timestamp(1_789_999_990_000_005_000)));
}

#[test]
fn short_ids_have_zeros_in_front() {
    let span = read_one(&json!({"traceId": "ab", "id": "c", "parentId": "0"}));
    assert_eq!(span.trace_id.to_bytes()[15], 0xab);
    assert_eq!((span.span_id, span.parent_span_id), (short(12), None));
    assert_eq!(read_one(&json!({"parentId": ""})).parent_span_id, None);
    assert_eq!(read_one(&json!({"parentId": "a2fb4a1d1a96d312"})).parent_span_id, None, "its own parent");
}

#[test]
fn a_span_without_a_time_begins_with_its_first_annotation_or_now() {
    let span = read_one(&json!({"timestamp": null, "duration": null}));
    assert_eq!((span.start, span.end), (ARRIVAL, ARRIVAL));
    let annotations = json!([{"timestamp": 9, "value": "b"}, {"timestamp": 5, "value": "a"}]);
    let span = read_one(&json!({"timestamp": 0, "duration": 0, "annotations": annotations}));
    assert_eq!((span.start, span.end), (Timestamp(5000), Timestamp(9000)));
    let (_, repairs) = read(&json!([with(&json!({"timestamp": 0}))]).to_string()).expect("it is read");
    assert_eq!(repairs.repaired_times, 1);
}

#[test]
fn a_span_has_failed_if_its_tags_say_so() {
    for (tags, status, message) in [
        (json!({}), Status::Unset, None),
        (json!({"error": ""}), Status::Error, None),
        (json!({"error": "true"}), Status::Error, None),
        (json!({"error": "false"}), Status::Unset, None),
        (json!({"error": "no stock"}), Status::Error, Some("no stock")),
        (json!({"otel.status_code": "OK"}), Status::Ok, None),
        (
            json!({"otel.status_code": "ERROR", "otel.status_description": "d", "error": "e"}),
            Status::Error,
            Some("d"),
        ),
        (json!({"error": "e", "otel.status_description": "d"}), Status::Error, Some("d")),
    ] {
        let span = read_one(&json!({"tags": tags}));
        let found = span.extras.as_ref().map(|extras| extras.status_message.as_str());
        assert_eq!((span.status, found), (status, message), "{tags}");
    }
}

#[test]
fn tags_of_opentelemetry_become_fields_and_stay_tags() {
    let span = read_one(&json!({"tags": {
        "otel.library.name": "old", "otel.scope.name": "net/http", "otel.scope.version": "2",
        "w3c.tracestate": "a=b", "otel.dropped_events_count": "3",
    }}));
    let resource_scope = span.resource_scope.clone().expect("there is a scope");
    assert_eq!(
        (resource_scope.scope_name.as_str(), resource_scope.scope_version.as_str()),
        ("net/http", "2")
    );
    let extras = span.extras.clone().expect("there is a trace state");
    assert_eq!((extras.trace_state.as_str(), extras.dropped_events), ("a=b", 3));
    assert_eq!(span.attributes.len(), 5, "they stay tags");
}

#[test]
fn a_shared_span_keeps_its_id_and_parent_beside_a_span_with_the_same_id() {
    let client = with(&json!({"kind": "CLIENT", "id": "a", "parentId": "9"}));
    let server = with(&json!({"kind": "SERVER", "id": "a", "parentId": "9", "shared": true}));
    let (spans, _) = read(&json!([client, server]).to_string()).expect("it is read");
    let ids = spans.iter().map(|span| (span.kind, span.span_id, span.parent_span_id)).collect::<Vec<_>>();
    let expected = [Kind::CLIENT, Kind::SERVER].map(|kind| (kind, short(10), Some(short(9))));
    assert_eq!(ids, expected);
}

#[test]
fn an_endpoint_keeps_both_of_its_addresses() {
    let both = json!({"ipv4": "10.0.0.1", "ipv6": "2001:db8::1"});
    let span = read_one(&json!({"localEndpoint": both, "remoteEndpoint": both}));
    let text = |text: &str| Some(OwnedValue::Text(text.to_owned()));
    for (key, address) in [
        ("network.local.address", text("10.0.0.1")),
        ("network.peer.address", text("10.0.0.1")),
        ("zipkin.local.ipv6", text("2001:db8::1")),
        ("zipkin.remote.ipv6", text("2001:db8::1")),
    ] {
        assert_eq!(attribute(&span, key), address, "{key}");
    }
    let span = read_one(&json!({"remoteEndpoint": {"ipv6": "2001:db8::1"}}));
    assert_eq!(attribute(&span, "network.peer.address"), text("2001:db8::1"));
    assert_eq!(attribute(&span, "zipkin.remote.ipv6"), None);
}

#[test]
fn a_tag_without_a_value_is_left_out_and_counted() {
    let spans = json!([with(&json!({"tags": {"a": null, "b": "", "c": null}}))]);
    let (spans, repairs) = read(&spans.to_string()).expect("it is read");
    assert_eq!((spans[0].attributes.len(), repairs.lost_tags), (1, 2));
}

#[test]
fn parts_of_a_microsecond_are_kept() {
    for (timestamp, duration, start, nanos) in [
        (json!(1_789_999_990_000_001.5), json!(1.5), 1_789_999_990_000_001_500, 1500),
        (json!("1789999990000001.1239"), json!("25.0"), 1_789_999_990_000_001_123, 25_000),
        (json!("1.78999999e15"), json!(0.0004), 1_789_999_990_000_000_000, 0),
    ] {
        let annotations = json!([{"timestamp": timestamp, "value": "a"}]);
        let fields = json!({"timestamp": timestamp, "duration": duration, "annotations": annotations});
        let span = read_one(&fields);
        assert_eq!((span.start.0, span.end.0 - span.start.0), (start, nanos), "{timestamp}");
        assert_eq!(span.extras.expect("an event").events[0].time.0, start);
    }
    let span = read_one(&json!({"duration": "1e30"}));
    assert_eq!(span.end.0, i64::MAX);
}

#[test]
fn null_means_the_same_as_no_field() {
    let span = read_one(&json!({
        "kind": null, "name": null, "parentId": null, "tags": null, "annotations": null, "shared": null,
        "localEndpoint": null, "remoteEndpoint": null,
    }));
    assert_eq!(
        (span.kind, span.service.as_str(), span.resource_scope),
        (Kind::UNSPECIFIED, "unknown_service", None)
    );
}

/// PHP writes an empty map as an empty list.
#[test]
fn empty_maps_and_lists_may_be_written_alike_and_booleans_as_strings() {
    let empty = json!({
        "tags": [], "annotations": {}, "localEndpoint": [], "remoteEndpoint": [], "shared": "false",
        "debug": "true",
    });
    let span = read_one(&empty);
    let expected = OwnedAttribute { key: "zipkin.debug".to_owned(), value: OwnedValue::Bool(true) };
    assert_eq!((span.attributes, span.extras, span.resource_scope), (vec![expected], None, None));
}

#[test]
fn a_body_without_spans_is_good() {
    for body in ["", " ", "[]"] {
        assert_eq!(read(body), Ok((vec![], Repairs::default())), "{body:?}");
    }
}

#[test]
fn one_bad_span_refuses_the_body_and_is_named() {
    let trace_rule = "body: [1].traceId: must be 1 to 32 hexadecimal digits, not all zero";
    let id_rule = "body: [1].id: must be 1 to 16 hexadecimal digits, not all zero";
    for (fields, sentence) in [
        (json!({"traceId": null}), trace_rule),
        (json!({"traceId": "0"}), trace_rule),
        (json!({"traceId": "+1"}), trace_rule),
        (json!({"traceId": "1".repeat(33)}), trace_rule),
        (json!({"id": null}), id_rule),
        (json!({"id": "0000"}), id_rule),
        (json!({"id": "1".repeat(17)}), id_rule),
        (json!({"parentId": "x"}), "body: [1].parentId: must be at most 16 hexadecimal digits"),
        (json!({"timestamp": "soon"}), "body: [1].timestamp: must be a number of microseconds"),
        (
            json!({"annotations": [{"value": "x"}]}),
            "body: [1].annotations: each must have a timestamp in microseconds and a value",
        ),
        (
            json!({"binaryAnnotations": []}),
            "body: [1].binaryAnnotations: belongs to version 1 of the format; send version 2",
        ),
    ] {
        let body = json!([good(), with(&fields)]).to_string();
        assert_eq!(read(&body), Err(sentence.to_owned()), "{body}");
    }
    for (body, sentence) in [
        ("{}", "body: expected an array of spans (at byte 0)"),
        ("[{]", "body: [0]: expected a key in double quotes (at byte 2)"),
        ("[1]", "body: [0]: expected an object (at byte 1)"),
    ] {
        assert_eq!(read(body), Err(sentence.to_owned()), "{body}");
    }
}

#[test]
fn a_value_of_another_type_is_named_with_its_field() {
    for (fields, sentence) in [
        (json!({"tags": [1]}), "body: [1].tags: expected an object (at byte "),
        (json!({"annotations": {"a": 1}}), "body: [1].annotations: expected an array (at byte "),
        (json!({"shared": "no"}), "body: [1].shared: expected true or false (at byte "),
        (json!({"localEndpoint": "a"}), "body: [1].localEndpoint: expected an object (at byte "),
        (json!({"name": 5}), "body: [1].name: expected a string (at byte "),
    ] {
        let refused = read(&json!([good(), with(&fields)]).to_string()).expect_err("it has another type");
        assert!(refused.starts_with(sentence), "{refused}");
    }
}

#[test]
fn unknown_fields_and_kinds_are_counted() {
    let (spans, repairs) =
        read(&json!([with(&json!({"kind": "FUTURE", "x": [1], "localEndpoint": {"y": 1}}))]).to_string())
            .expect("it is read");
    assert_eq!((spans.len(), repairs.unknown_enums, repairs.unknown_fields), (1, 1, 2));
}

#[test]
fn spans_of_one_service_share_their_resource() {
    let body = json!([
        good(),
        with(&json!({"id": "1"})),
        with(&json!({"id": "2", "localEndpoint": {"serviceName": "b"}}))
    ]);
    let body = body.to_string();
    let arena = Bump::new();
    let spans = decode(body.as_bytes(), &arena, ARRIVAL, None).expect("it is read").spans;
    let resource_scope = |at: usize| spans[at].resource_scope.expect("there is a service");
    assert!(std::ptr::eq(resource_scope(0), resource_scope(1)));
    assert!(!std::ptr::eq(resource_scope(0), resource_scope(2)));
}

/// The bodies are of real clients: `crates/wire/tests/fixtures` says which.
#[test]
fn the_exporters_of_opentelemetry_are_read() {
    for (body, annotation, texts) in [
        (include_str!("fixtures/zipkin_opentelemetry.json"), r#"{"retry": {"attempt": 2}}"#, r#"["a","b"]"#),
        (include_str!("fixtures/zipkin_node.json"), "retry", "a,b"),
    ] {
        let (mut spans, repairs) = read(body).expect("it is read");
        spans.sort_by_key(|span| span.start);
        let [root, child] = &*spans else { panic!("two spans") };
        assert_eq!((root.kind, child.kind), (Kind::SERVER, Kind::CLIENT));
        assert_eq!((root.name.as_str(), child.name.as_str()), ("POST /orders", "charge"));
        assert_eq!((root.parent_span_id, child.parent_span_id), (None, Some(root.span_id)));
        assert_eq!((root.service.as_str(), child.service.as_str()), ("checkout", "checkout"));
        assert_eq!(child.start, Timestamp(ARRIVAL.0 + 5_000_000));
        assert_eq!(child.end, Timestamp(ARRIVAL.0 + 9_000_000));
        assert_eq!((root.status, child.status), (Status::Unset, Status::Error));
        let extras = child.extras.as_ref().expect("there is an annotation");
        assert_eq!(extras.status_message, "card declined");
        assert_eq!(extras.events[0].name, annotation);
        assert_eq!(attribute(child, "texts"), Some(OwnedValue::Text(texts.to_owned())));
        assert_eq!(repairs.repaired_times, 0);
    }
}

#[test]
fn py_zipkin_is_read() {
    let (spans, repairs) = read(include_str!("fixtures/zipkin_py_zipkin.json")).expect("it is read");
    let [client, server] = &*spans else { panic!("two spans") };
    assert_eq!(client.trace_id.to_string(), "00000000-0000-0000-8ac3-5c9f6413ad48");
    assert_eq!(
        (server.span_id, server.kind),
        (short(0xa1), Kind::SERVER),
        "it shares the span of its caller"
    );
    assert_eq!(client.parent_span_id, Some(server.span_id), "the server made this call");
    assert_eq!(attribute(client, "peer.service"), Some(OwnedValue::Text("bank".to_owned())));
    assert_eq!(attribute(client, "network.local.port"), Some(OwnedValue::Int(8080)));
    assert_eq!(client.status, Status::Error);
    assert_eq!(repairs, Repairs::default());
}

#[test]
fn zipkin_go_is_read() {
    let (spans, repairs) = read(include_str!("fixtures/zipkin_go.json")).expect("it is read");
    let [inner, produced, consumed, server, client, flushed, root] = &*spans else { panic!("seven spans") };
    assert_eq!(
        (server.span_id, server.parent_span_id),
        (client.span_id, client.parent_span_id),
        "they share a span"
    );
    assert_eq!([inner, produced].map(|span| span.parent_span_id), [Some(server.span_id); 2]);
    assert_eq!(consumed.parent_span_id, Some(produced.span_id));
    assert_eq!([client, flushed].map(|span| span.parent_span_id), [Some(root.span_id); 2]);
    assert_eq!((inner.name.as_str(), inner.kind), ("", Kind::UNSPECIFIED));
    assert_eq!(flushed.start, flushed.end, "it was sent before it was over");
    assert_eq!((server.status, root.status), (Status::Error, Status::Error));
    let extras = root.extras.as_ref().expect("there are annotations");
    assert_eq!((extras.status_message.as_str(), extras.events.len()), ("boom", 2));
    let text = OwnedValue::Text("Grüße, 世界 <&>\u{2028}\"\\\u{1}".to_owned());
    assert_eq!(attribute(root, "text"), Some(text));
    assert_eq!(repairs, Repairs::default());
}

/// aiozipkin writes `null` and `false` for fields that it does not have.
#[test]
fn aiozipkin_is_read() {
    let (spans, repairs) = read(include_str!("fixtures/zipkin_aiozipkin.json")).expect("it is read");
    let [inner, produced, server] = &*spans else { panic!("three spans") };
    assert_eq!([inner, produced].map(|span| span.parent_span_id), [Some(server.span_id); 2]);
    assert_eq!(
        server.span_id,
        short(0x6969_5cc4_d94e_8b4a),
        "the client's half has it, too, in another body"
    );
    assert_eq!(produced.start, produced.end, "what is only handed over has no duration");
    assert_eq!(attribute(produced, "peer.service"), Some(OwnedValue::Text("kafka".to_owned())));
    assert_eq!(attribute(inner, "network.local.address"), Some(OwnedValue::Text("2001:db8::7".to_owned())));
    assert_eq!(attribute(inner, "zipkin.shared"), None);
    assert_eq!(attribute(server, "zipkin.shared"), Some(OwnedValue::Bool(true)));
    assert_eq!(repairs, Repairs::default());
}
