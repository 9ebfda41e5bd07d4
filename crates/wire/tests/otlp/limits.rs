//! Small bodies that would be large in memory have a limit.

use std::collections::HashSet;

use bumpalo::Bump;
use wire::otlp::{Encoding, ITEMS_MAX, Malformed, Reason, decode};

use crate::decoded::read;

/// Writes a field that holds bytes: its tag, its length, and the bytes.
fn field(number: u8, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    prost::encoding::encode_varint(u64::from(number) << 3 | 2, &mut out);
    prost::encoding::encode_varint(body.len() as u64, &mut out);
    out.extend_from_slice(body);
    out
}

fn in_span(fields: &[u8]) -> Vec<u8> {
    field(1, &field(2, &field(2, fields)))
}

#[test]
fn attributes_have_a_limit() {
    let attributes = |count| in_span(&[9 << 3 | 2, 0].repeat(count));
    assert!(read(Encoding::Protobuf, &attributes(ITEMS_MAX / 2)).is_ok());
    assert_eq!(read(Encoding::Protobuf, &attributes(ITEMS_MAX)), Err(Malformed::TooManyItems));
}

#[test]
fn links_count_more_than_attributes() {
    let links = |count| in_span(&[13 << 3 | 2, 0].repeat(count));
    assert!(read(Encoding::Protobuf, &links(ITEMS_MAX / 16)).is_ok());
    assert_eq!(read(Encoding::Protobuf, &links(ITEMS_MAX / 8)), Err(Malformed::TooManyItems));
}

#[test]
fn values_in_json_have_a_limit() {
    let values = "{},".repeat(ITEMS_MAX);
    let spans = format!(r#"[{{"attributes":[{values}{{}}]}}]"#);
    let body = format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":{spans}}}]}}]}}"#);
    assert_eq!(read(Encoding::Json, body.as_bytes()), Err(Malformed::TooManyItems));
}

/// A request in which each of so many spans has its own resource, which says its number.
fn with_resources(count: usize, number: impl Fn(usize) -> usize) -> Vec<u8> {
    let resource_spans = |span: usize| {
        let text = field(2, &field(1, number(span).to_string().as_bytes()));
        let resource = field(1, &[field(1, b"host.name"), text].concat());
        let ids = [field(1, &[1; 16]), field(2, &(span as u64 + 1).to_be_bytes())].concat();
        field(1, &[field(1, &resource), field(2, &field(2, &ids))].concat())
    };
    (0..count).flat_map(resource_spans).collect()
}

#[test]
fn a_collector_may_send_a_resource_for_each_span() {
    for count in [8192, 50_000] {
        let (spans, rest) = read(Encoding::Protobuf, &with_resources(count, |span| span)).expect("it fits");
        assert_eq!((spans.len(), rest.rejected.total()), (count, 0));
        let resource_scopes: HashSet<String> =
            spans.iter().map(|span| format!("{:?}", span.resource_scope)).collect();
        assert_eq!(resource_scopes.len(), count);
    }
}

#[test]
fn distinct_resources_have_a_limit_and_repeated_ones_are_one() {
    let distinct = with_resources(130_000, |span| span);
    assert_eq!(read(Encoding::Protobuf, &distinct), Err(Malformed::TooManyItems));
    let (arena, repeated) = (Bump::new(), with_resources(130_000, |span| span % 3));
    let spans = decode(Encoding::Protobuf, &repeated, &arena, None).expect("there are few resources").spans;
    let resource_scopes: HashSet<_> =
        spans.iter().map(|span| span.resource_scope.map(std::ptr::from_ref)).collect();
    assert_eq!((spans.len(), resource_scopes.len()), (130_000, 3));
}

/// The log has a resource once for each of its scopes, so a small body could be gigabytes there.
#[test]
fn a_large_resource_is_charged_for_each_of_its_scopes() {
    let with_scopes = |count: usize, resource_bytes: usize| {
        let text = field(2, &field(1, &vec![b'x'; resource_bytes]));
        let resource = field(1, &[field(1, b"note"), text].concat());
        let scope = |number: usize| {
            let ids = [field(1, &[1; 16]), field(2, &(number as u64 + 1).to_be_bytes())].concat();
            field(2, &[field(1, &field(1, number.to_string().as_bytes())), field(2, &ids)].concat())
        };
        field(1, &[field(1, &resource), (0..count).flat_map(scope).collect()].concat())
    };
    let (spans, _) = read(Encoding::Protobuf, &with_scopes(300, 100_000)).expect("it fits");
    assert_eq!(spans.len(), 300);
    assert_eq!(read(Encoding::Protobuf, &with_scopes(300, 1_000_000)), Err(Malformed::TooManyItems));
}

#[test]
fn a_resource_in_json_that_is_written_again_is_the_same() {
    let resource =
        |host| format!(r#"{{"attributes":[{{"key":"host.name","value":{{"stringValue":"{host}"}}}}]}}"#);
    let ids = r#""traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708""#;
    let resource_spans = |host, scope| {
        let scope_spans = format!(r#"[{{"spans":[{{{ids}}}],"scope":{{"name":"{scope}"}}}}]"#);
        format!(r#"{{"scopeSpans":{scope_spans},"resource":{}}}"#, resource(host))
    };
    let all =
        [("a", "x"), ("b", "x"), ("a", "y"), ("a", "x")].map(|(host, scope)| resource_spans(host, scope));
    let body = format!(r#"{{"resourceSpans":[{}]}}"#, all.join(","));
    let arena = Bump::new();
    let spans = decode(Encoding::Json, body.as_bytes(), &arena, None).expect("it is JSON").spans;
    let resource_scopes: Vec<_> =
        spans.iter().map(|span| span.resource_scope.map(std::ptr::from_ref)).collect();
    assert_eq!((spans.len(), resource_scopes[0]), (4, resource_scopes[3]));
    assert_eq!(resource_scopes.iter().collect::<HashSet<_>>().len(), 3);
}

#[test]
fn a_resource_of_a_million_parts_is_not_copied_a_million_times() {
    let parts = [1 << 3 | 2, 2, 0x10, 1].repeat(1_000_000);
    assert_eq!(read(Encoding::Protobuf, &field(1, &parts)), Err(Malformed::TooManyItems));
}

#[test]
fn nesting_does_not_reach_the_end_of_the_stack() {
    let mut value = vec![];
    for _ in 0..5000 {
        value = field(5, &field(1, &value));
    }
    let (spans, rest) =
        read(Encoding::Protobuf, &in_span(&field(9, &field(2, &value)))).expect("it is protobuf");
    assert_eq!((spans.len(), rest.rejected.total()), (0, 1));
}

#[test]
fn nesting_in_json_rejects_its_span_alone() {
    let span = |number: usize, rest: &str| {
        format!(r#"{{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"{number:016x}"{rest}}}"#)
    };
    for depth in [32, 33, 80, 100_000] {
        let (open, close) = (r#"{"arrayValue":{"values":["#.repeat(depth), "]}}".repeat(depth));
        let deep = format!(r#","attributes":[{{"key":"k","value":{open}{close}}}]"#);
        let unknown = format!(r#","x":{}{}"#, r#"{"y":["#.repeat(depth), "]}".repeat(depth));
        let spans = [span(1, ""), span(2, &deep), span(3, &unknown)].join(",");
        let body = format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{spans}]}}]}}]}}"#);
        let (spans, rest) = read(Encoding::Json, body.as_bytes()).expect("it is JSON");
        let too_deep = rest.rejected.count(Reason::ValueTooDeep);
        assert_eq!((spans.len() as u64, too_deep), (3 - too_deep, u64::from(depth > 32)), "{depth}");
    }
}

#[test]
fn brackets_that_do_not_match_are_not_json() {
    for wrong in ["[", "[}", r#"{"a":[1}]"#, r#"{"a"}"#, "[1,]", "[[[[]]]", r#"{"a":{"b":[{]}}}"#] {
        for around in [0, 1, 62, 63, 64, 65, 200] {
            let wrong = format!("{}{wrong}{}", "[".repeat(around), "]".repeat(around));
            let body = format!(r#"{{"x":{wrong}}}"#);
            assert!(matches!(read(Encoding::Json, body.as_bytes()), Err(Malformed::Syntax(_))), "{body}");
        }
    }
    let start = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"value":"#;
    for open in [r#"{"arrayValue":{"values":["#, "[", r#"{"x":"#] {
        let body = format!("{start}{}", open.repeat(100_000));
        assert!(matches!(read(Encoding::Json, body.as_bytes()), Err(Malformed::Syntax(_))), "{open}");
    }
}

#[test]
fn bytes_that_are_not_utf8_grow_within_the_limit() {
    let bodies = |count: usize| {
        let garbage = vec![0xff; count];
        let json = [br#"{"x":""#, garbage.as_slice(), br#""}"#].concat();
        [(Encoding::Protobuf, in_span(&field(5, &garbage))), (Encoding::Json, json)]
    };
    for (encoding, body) in bodies(ITEMS_MAX + 1) {
        assert_eq!(read(encoding, &body), Err(Malformed::TooManyItems), "{encoding:?}");
    }
    for (encoding, body) in bodies(100_000) {
        let arena = Bump::new();
        let export = decode(encoding, &body, &arena, None).expect("it is repaired");
        assert_eq!(export.repairs.repaired_texts, 1, "{encoding:?}");
        // A string that grows leaves its smaller copies behind: the room is made once.
        assert!(arena.allocated_bytes() < 4 * body.len(), "{encoding:?}: {}", arena.allocated_bytes());
    }
}
