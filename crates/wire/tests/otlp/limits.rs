//! Bodies that are small and would be large in memory.

use wire::otlp::{Encoding, ITEMS_MAX, Malformed};

use crate::as_read::read;

/// A field of bytes, with its number and its length in front.
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
fn more_attributes_than_the_limit_are_too_many() {
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
fn more_values_in_json_than_the_limit_are_too_many() {
    let values = "{},".repeat(ITEMS_MAX);
    let spans = format!(r#"[{{"attributes":[{values}{{}}]}}]"#);
    let body = format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":{spans}}}]}}]}}"#);
    assert_eq!(read(Encoding::Json, body.as_bytes()), Err(Malformed::TooManyItems));
}

#[test]
fn resources_have_a_limit_of_their_own() {
    let empty = field(1, &field(2, &[]));
    assert_eq!(read(Encoding::Protobuf, &empty.repeat(10_000)), Err(Malformed::TooManyItems));
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
    let open = r#"{"arrayValue":{"values":["#.repeat(100_000);
    let start = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"value":"#;
    assert!(matches!(read(Encoding::Json, format!("{start}{open}").as_bytes()), Err(Malformed::Syntax(_))));
    let unknown = format!(r#"{{"x":{}"#, "[".repeat(100_000));
    assert!(matches!(read(Encoding::Json, unknown.as_bytes()), Err(Malformed::Syntax(_))));
}
