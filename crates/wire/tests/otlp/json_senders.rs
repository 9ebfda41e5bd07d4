//! Reads export requests in JSON as their many senders write them.

use span::{Kind, Status, Timestamp};
use testkit::{OwnedSpan, OwnedValue};
use wire::otlp::{Encoding, Export, Malformed, Reason};

use crate::decoded::read;

const IDS: &str = r#""traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708""#;

fn body(fields: &str) -> String {
    format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{{IDS}{fields}}}]}}]}}]}}"#)
}

fn read_one(fields: &str) -> (OwnedSpan, Export<'static>) {
    let (mut spans, rest) = read(Encoding::Json, body(fields).as_bytes()).expect(fields);
    (spans.pop().expect("a span"), rest)
}

fn check_value(value: &str, expected: &OwnedValue) {
    let (span, _) = read_one(&format!(r#","attributes":[{{"key":"k","value":{value}}}]"#));
    assert_eq!(span.attributes[0].value, *expected, "{value}");
}

#[test]
fn a_value_may_be_written_in_many_ways() {
    for value in [r#"{"intValue":"5"}"#, r#"{"intValue":5}"#, r#"{"intValue":5.0}"#, r#"{"int_value":"5e0"}"#]
    {
        check_value(value, &OwnedValue::Int(5));
    }
    check_value(r#"{"intValue":-9223372036854775808}"#, &OwnedValue::Int(i64::MIN));
    for value in [r#"{"doubleValue":1.5}"#, r#"{"doubleValue":"1.5"}"#, r#"{"double_value":15e-1}"#] {
        check_value(value, &OwnedValue::Double(1.5));
    }
    check_value(r#"{"doubleValue":"-Infinity"}"#, &OwnedValue::Double(f64::NEG_INFINITY));
    for value in ["{}", "null", r#"{"doubleValue":null,"intValue":null}"#, r#"{"stringValue":null}"#] {
        check_value(value, &OwnedValue::Empty);
    }
    for value in
        [r#"{"arrayValue":{}}"#, r#"{"arrayValue":{"values":null}}"#, r#"{"array_value":{"values":[]}}"#]
    {
        check_value(value, &OwnedValue::Array(vec![]));
    }
    check_value(r#"{"kvlistValue":{}}"#, &OwnedValue::Map(vec![]));
    check_value(r#"{"arrayValue":{"values":[null,{}]}}"#, &OwnedValue::Array(vec![OwnedValue::Empty; 2]));
    for value in [r#"{"bytesValue":"+/8="}"#, r#"{"bytesValue":"-_8"}"#, r#"{"bytes_value":"+\/8"}"#] {
        check_value(value, &OwnedValue::Bytes(vec![0xfb, 0xff]));
    }
}

#[test]
fn nan_is_a_string_or_null() {
    for (value, repaired) in [(r#"{"doubleValue":"NaN"}"#, 0), (r#"{ "doubleValue" : null }"#, 1)] {
        let (span, rest) = read_one(&format!(r#","attributes":[{{"key":"k","value":{value}}}]"#));
        assert!(matches!(span.attributes[0].value, OwnedValue::Double(value) if value.is_nan()), "{value}");
        assert_eq!(rest.repairs.repaired_numbers, repaired, "{value}");
    }
    check_value(r#"{"doubleValue":null,"stringValue":"s"}"#, &OwnedValue::Text("s".to_owned()));
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let body = format!("\u{feff}{}", body(""));
    assert_eq!(read(Encoding::Json, body.as_bytes()).expect("it is JSON").0.len(), 1);
}

#[test]
fn keys_may_be_in_camel_case_or_with_underscores() {
    let (span, rest) = read_one(
        r#","parent_span_id":"00000000000000AA","start_time_unix_nano":5,"endTimeUnixNano":"7",
           "kind":"SPAN_KIND_SERVER","status":{"code":"STATUS_CODE_ERROR"},"flags":"257",
           "dropped_events_count":1.0"#,
    );
    assert_eq!(span.parent_span_id.map(|id| id.to_bytes()[15]), Some(0xaa));
    assert_eq!((span.start, span.end), (Timestamp(5), Timestamp(7)));
    assert_eq!((span.kind, span.status, span.flags), (Kind::SERVER, Status::Error, 257));
    assert_eq!(span.extras.map(|extras| extras.dropped_events), Some(1));
    assert_eq!(rest.repairs, wire::otlp::Repairs::default());
}

#[test]
fn enums_are_numbers_names_or_numbers_in_strings() {
    for (kind, expected, unknown) in
        [("3", 3, 0), (r#""3""#, 3, 0), ("99", 99, 0), (r#""SPAN_KIND_FUTURE""#, 0, 1), ("null", 0, 0)]
    {
        let (span, rest) = read_one(&format!(r#","kind":{kind}"#));
        assert_eq!((span.kind, rest.repairs.unknown_enums), (Kind(expected), unknown), "{kind}");
    }
}

#[test]
fn null_means_the_same_as_no_field() {
    let (span, _) = read_one(
        r#","parentSpanId":null,"name":null,"attributes":null,"events":null,"links":null,"status":null"#,
    );
    assert_eq!((span.parent_span_id, span.name.as_str(), span.extras), (None, "", None));
    let body = format!(
        r#"{{"resourceSpans":[{{"resource":null,"scopeSpans":[{{"scope":null,"spans":[{{{IDS}}}]}}]}}]}}"#
    );
    let (spans, _) = read(Encoding::Json, body.as_bytes()).expect("it is JSON");
    assert_eq!((spans[0].resource_scope.as_ref(), spans[0].service.as_str()), (None, "unknown_service"));
}

#[test]
fn a_resource_may_stand_behind_its_spans() {
    let body = format!(
        r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{{IDS}}}],"scope":{{"name":"s"}}}}],"resource":
            {{"attributes":[{{"value":{{"stringValue":"shop"}},"key":"service.name"}}]}},"schemaUrl":"u"}}]}}"#
    );
    let (spans, _) = read(Encoding::Json, body.as_bytes()).expect("it is JSON");
    let resource_scope = spans[0].resource_scope.as_ref().expect("there is a resource");
    assert_eq!((spans[0].service.as_str(), resource_scope.scope_name.as_str()), ("shop", "s"));
    assert_eq!(resource_scope.resource_schema_url, "u");
}

#[test]
fn ids_that_are_no_hexadecimal_digits_reject_their_span() {
    for id in ["0x02030405060708090a0b0c0d0e0f10", "AQIDBAUGBwgJCgsMDQ4PEA==", "é"] {
        let body = format!(
            r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{"traceId":"{id}","spanId":"01"}},{{{IDS}}}]}}]}}]}}"#
        );
        let (spans, rest) = read(Encoding::Json, body.as_bytes()).expect("it is JSON");
        assert_eq!((spans.len(), rest.rejected.total()), (1, 1), "{id}");
    }
}

#[test]
fn half_a_character_is_repaired_and_counted() {
    let (span, rest) = read_one(r#","name":"a\ud83d","traceState":"\ud83d\ude00\ude00\ud83dx""#);
    assert_eq!(span.name, "a\u{fffd}");
    assert_eq!(span.extras.expect("there is a trace state").trace_state, "😀\u{fffd}\u{fffd}x");
    assert_eq!(rest.repairs.repaired_texts, 3);
    let body = [br#"{"x":""#.as_slice(), b"\xff", br#""}"#].concat();
    assert_eq!(read(Encoding::Json, &body).expect("it is JSON").1.repairs.repaired_texts, 1);
}

#[test]
fn unknown_fields_are_passed_over_and_counted() {
    let (_, rest) = read_one(r#","x":[1,{"y":null}],"entityRefs":[],"z":"","status":{"deprecatedCode":1}"#);
    assert_eq!(rest.repairs.unknown_fields, 2);
}

#[test]
fn a_body_that_is_not_the_document_is_malformed() {
    for (body, sentence) in [
        (String::new(), "body: the JSON ends too early (at byte 0)"),
        ("[]".to_owned(), "body: expected an object (at byte 0)"),
        ("{}x".to_owned(), "body: expected the end of the text after the JSON value (at byte 2)"),
        (body(r#","name":tru"#), "body: expected a JSON value (at byte 124)"),
        (r#"{"resourceSpans":{}}"#.to_owned(), "body: expected an array (at byte 17)"),
        (r#"{"resourceSpans":[1]}"#.to_owned(), "body: expected an object (at byte 18)"),
        (r#"{"resourceSpans":[{"scopeSpans":""}]}"#.to_owned(), "body: expected an array (at byte 32)"),
    ] {
        let malformed: Malformed = read(Encoding::Json, body.as_bytes()).expect_err(sentence);
        assert_eq!(malformed.to_string(), sentence, "{body}");
    }
}

/// Reads a span with these fields between two good ones.
fn read_between(fields: &str) -> (usize, Export<'static>) {
    let good = format!("{{{IDS}}}");
    let spans = format!(r#"{good},{{{IDS}{fields}}},{{"traceId":"","x":[]}},{good}"#);
    let body = format!(r#"{{"resourceSpans":[{{}},{{"scopeSpans":[{{"spans":[{spans}]}}]}}]}}"#);
    let (spans, rest) = read(Encoding::Json, body.as_bytes()).expect(fields);
    (spans.len(), rest)
}

#[test]
fn a_field_of_a_wrong_type_rejects_its_span_alone() {
    let attribute = |value: &str| format!(r#","attributes":[{{}},{{"key":"k","value":{value}}}]"#);
    let uint64 = "must be an unsigned integer of 64 bits";
    for (fields, place, rule) in [
        (r#","name":5"#.to_owned(), "name", "must be a string"),
        (r#","traceId":[]"#.to_owned(), "traceId", "must be a string"),
        (r#","startTimeUnixNano":"soon""#.to_owned(), "startTimeUnixNano", uint64),
        (r#","start_time_unix_nano":-1"#.to_owned(), "start_time_unix_nano", uint64),
        (r#","endTimeUnixNano":{"a":[1]}"#.to_owned(), "endTimeUnixNano", uint64),
        (r#","flags":"x""#.to_owned(), "flags", "must be an unsigned integer of 32 bits"),
        (r#","kind":[]"#.to_owned(), "kind", "must be an integer of 32 bits, or its name"),
        (r#","status":7"#.to_owned(), "status", "must be an object"),
        (r#","status":{"message":{}}"#.to_owned(), "status.message", "must be a string"),
        (r#","events":{}"#.to_owned(), "events", "must be an array"),
        (r#","events":[{"timeUnixNano":true}]"#.to_owned(), "events[0].timeUnixNano", uint64),
        (r#","links":[{"spanId":1}]"#.to_owned(), "links[0].spanId", "must be a string"),
        (attribute(r#""v""#), "attributes[1].value", "must be an object"),
        (attribute(r#"{"stringValue":5}"#), "attributes[1].value.stringValue", "must be a string"),
        (attribute(r#"{"boolValue":"true"}"#), "attributes[1].value.boolValue", "must be true or false"),
        (attribute(r#"{"intValue":"NaN"}"#), "attributes[1].value.intValue", "must be an integer of 64 bits"),
        (attribute(r#"{"doubleValue":"x"}"#), "attributes[1].value.doubleValue", "must be a number"),
        (attribute(r#"{"bytesValue":"?"}"#), "attributes[1].value.bytesValue", "must be base64"),
        (
            attribute(r#"{"arrayValue":{"values":[{},{"boolValue":1}]}}"#),
            "attributes[1].value.arrayValue.values[1].boolValue",
            "must be true or false",
        ),
    ] {
        let (spans, rest) = read_between(&fields);
        assert_eq!((spans, rest.rejected.count(Reason::FieldValue)), (2, 1), "{fields}");
        let note = format!("the first such field is resourceSpans[1].scopeSpans[0].spans[1].{place}: {rule}");
        assert_eq!((rest.rejected.total(), rest.note), (2, note), "{fields}");
    }
    let (spans, rest) = read_between(r#"},5,"no span",{"#);
    assert_eq!((spans, rest.rejected.count(Reason::FieldValue)), (3, 2));
}

#[test]
fn a_field_of_a_wrong_type_in_a_resource_or_a_scope_rejects_their_spans() {
    for bad in [
        r#""resource":{"attributes":[{"value":{"boolValue":1}}]}"#,
        r#""resource":5"#,
        r#""schemaUrl":[]"#,
        r#""scopeSpans":[{"scope":{"name":1},"spans":[{}]}]"#,
        r#""scopeSpans":[{"schemaUrl":1,"spans":[{}]}]"#,
    ] {
        let whole = |rest: &str| format!(r#"{{"scopeSpans":[{{"spans":[{{{IDS}}}]}}]{rest}}}"#);
        let bad = whole(&format!(",{bad}"));
        let is_scope = bad.contains("[{}]");
        let body = format!(r#"{{"resourceSpans":[{},{bad},{}]}}"#, whole(""), whole(""));
        let (spans, rest) = read(Encoding::Json, body.as_bytes()).expect(&bad);
        assert_eq!(spans.len(), if is_scope { 3 } else { 2 }, "{bad}");
        assert_eq!((rest.rejected.total() > 0, rest.note.is_empty()), (true, false), "{bad}");
    }
}

#[test]
fn a_number_that_does_not_fit_becomes_the_nearest_one_and_is_counted() {
    for (value, expected) in [
        ("9223372036854776000", 9_223_372_036_854_776_000.0),
        ("-9223372036854776000", -9_223_372_036_854_776_000.0),
        ("1e+21", 1e21),
        ("1.5", 1.5),
        (r#""18446744073709551615""#, 18_446_744_073_709_551_615.0),
    ] {
        let (span, rest) =
            read_one(&format!(r#","attributes":[{{"key":"k","value":{{"intValue":{value}}}}}]"#));
        assert_eq!(span.attributes[0].value, OwnedValue::Double(expected), "{value}");
        assert_eq!(rest.repairs.repaired_numbers, 1, "{value}");
    }
    check_value(r#"{"intValue":1.7e+18}"#, &OwnedValue::Int(1_700_000_000_000_000_000));
    check_value(r#"{"intValue":"9007199254740993.0"}"#, &OwnedValue::Int(9_007_199_254_740_993));
    let (span, rest) = read_one(
        r#","startTimeUnixNano":1.795e18,"endTimeUnixNano":1795000000000000256.5,"flags":-1,"kind":4294967299,
           "droppedLinksCount":1.5"#,
    );
    assert_eq!((span.start.0, span.end.0), (1_795_000_000_000_000_000, 1_795_000_000_000_000_256));
    assert_eq!((span.flags, span.kind), (u32::MAX, Kind::CLIENT));
    assert_eq!(rest.repairs.repaired_numbers, 4);
    let (span, rest) = read_one(r#","endTimeUnixNano":18446744073709551616"#);
    assert_eq!((span.end.0, rest.repairs.repaired_times), (i64::MAX, 1));
}

#[test]
fn a_body_with_unknown_fields_and_no_spans_is_a_warning() {
    let old = format!(r#"{{"resourceSpans":[{{"instrumentationLibrarySpans":[{{"spans":[{{{IDS}}}]}}]}}]}}"#);
    let long = format!(r#"{{"a\n{}":1}}"#, "x".repeat(1000));
    for (body, unknown) in [
        (r#"{"batches":[{}],"more":1}"#, "batches"),
        (&*old, "resourceSpans[0].instrumentationLibrarySpans"),
        (&long, &*format!("a\\n{}", "x".repeat(38))),
    ] {
        let (spans, rest) = read(Encoding::Json, body.as_bytes()).expect(body);
        let note = format!(
            "the body has no spans: the field {unknown} is unknown; send spans in resourceSpans[].scopeSpans[].spans"
        );
        assert_eq!((spans.len(), rest.rejected.total(), rest.note), (0, 0, note));
    }
    for body in ["{}", r#"{"resourceSpans":[]}"#, r#"{"resourceSpans":[{}],"x":[]}"#] {
        assert_eq!(read(Encoding::Json, body.as_bytes()).expect(body).1.note, "", "{body}");
    }
    let (_, rest) = read_one(r#","x":1"#);
    assert_eq!((rest.repairs.unknown_fields, rest.note), (1, String::new()));
    let (_, rest) = read(Encoding::Protobuf, &[2 << 3, 1]).expect("it is protobuf");
    let note = "the body has no spans: all of its fields are unknown; \
        send spans in resourceSpans[].scopeSpans[].spans";
    assert_eq!(rest.note, note);
}

#[test]
fn an_attribute_says_that_the_span_failed_if_no_status_does() {
    for (fields, status, message) in [
        (r#""attributes":[{"key":"error","value":{"stringValue":"true"}}],"status":{}"#, Status::Error, None),
        (r#""attributes":[{"key":"error","value":{"boolValue":true}}]"#, Status::Error, None),
        (r#""attributes":[{"key":"error","value":{"stringValue":"lost"}}]"#, Status::Error, Some("lost")),
        (
            r#""attributes":[{"key":"error","value":{"stringValue":"lost"}}],"status":{"message":"m"}"#,
            Status::Error,
            Some("m"),
        ),
        (r#""attributes":[{"key":"error","value":{"stringValue":"false"}}]"#, Status::Unset, None),
        (r#""attributes":[{"key":"error","value":{"boolValue":false}}]"#, Status::Unset, None),
        (r#""attributes":[{"key":"error.type","value":{"stringValue":"x"}}]"#, Status::Unset, None),
        (
            r#""attributes":[{"key":"error","value":{"boolValue":true}}],"status":{"code":1}"#,
            Status::Ok,
            None,
        ),
    ] {
        let (span, _) = read_one(&format!(",{fields}"));
        let found = span.extras.as_ref().map(|extras| extras.status_message.as_str());
        assert_eq!((span.status, found), (status, message), "{fields}");
    }
}

#[test]
fn an_id_in_another_form_is_named_with_its_place_and_its_span_is_rejected_alone() {
    let trace_rule = "traceId: must be 32 hexadecimal digits, not base64, without hyphens or 0x";
    let span_rule = "panId: must be 16 hexadecimal digits, not base64, without hyphens or 0x";
    for (field, id, reason, rule) in [
        ("traceId", "W47/95gDgQPSabYzgTA/WA==", Reason::TraceId, trace_rule),
        ("traceId", "5b8efff7-9803-8103-d269-b633813fc60c", Reason::TraceId, trace_rule),
        ("traceId", "0x5b8efff798038103d269b633813fc60c", Reason::TraceId, trace_rule),
        ("traceId", "0102030405060708", Reason::TraceId, trace_rule),
        ("spanId", "7uGbfsPBs/w=", Reason::SpanId, span_rule),
        ("spanId", "0xeee19b7ec3c1b173", Reason::SpanId, span_rule),
        ("parentSpanId", "7uGbfsPBs/w=", Reason::ParentSpanId, span_rule),
    ] {
        let bad = body(&format!(r#","{field}":"{id}""#));
        let (spans, rest) = read(Encoding::Json, bad.as_bytes()).expect("it is JSON");
        assert_eq!((spans.len(), rest.rejected.count(reason), rest.rejected.total()), (0, 1, 1), "{id}");
        let place = "the first such field is resourceSpans[0].scopeSpans[0].spans[0].";
        assert!(rest.note.starts_with(place) && rest.note.ends_with(rule), "{id}: {}", rest.note);
    }
}
