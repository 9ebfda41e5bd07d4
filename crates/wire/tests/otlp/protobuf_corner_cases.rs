//! What protobuf allows and no sender writes is read as prost reads it.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message as _;
use rand::RngExt as _;
use testkit::{OwnedValue, each_seed, schedules};
use wire::otlp::{Encoding, Malformed};

use crate::decoded::{protobuf, read, read_plain};
use crate::random_spans;

/// Writes a field that holds bytes.
fn field(number: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut out = Vec::new();
    prost::encoding::encode_varint(u64::from(number) << 3 | 2, &mut out);
    prost::encoding::encode_varint(body.len() as u64, &mut out);
    out.extend(body);
    out
}

fn ids() -> Vec<u8> {
    [field(1, &[&[1; 16]]), field(2, &[&[2; 8]])].concat()
}

fn request(span: &[&[u8]]) -> Vec<u8> {
    field(1, &[&field(2, &[&field(2, &[&ids(), &span.concat()])])])
}

fn attribute(value: &[&[u8]]) -> Vec<u8> {
    field(9, &[&field(1, &[b"k"]), &field(2, value)])
}

fn read_value(attribute: &[u8]) -> OwnedValue {
    let body = request(&[attribute]);
    assert!(ExportTraceServiceRequest::decode(&*body).is_ok(), "prost takes it");
    let mut spans = read_plain(Encoding::Protobuf, &body);
    spans[0].attributes.pop().expect("there is an attribute").value
}

const ONE: &[u8] = &[0x18, 1];
const TWO: &[u8] = &[0x18, 2];

#[test]
fn the_last_of_several_values_is_kept() {
    assert_eq!(read_value(&attribute(&[ONE, TWO])), OwnedValue::Int(2));
    assert_eq!(read_value(&attribute(&[ONE, &field(1, &[b"x"])])), OwnedValue::Text("x".to_owned()));
}

#[test]
fn parts_of_a_message_are_joined() {
    let array = |value: &[u8]| field(5, &[&field(1, &[value])]);
    let both = OwnedValue::Array(vec![OwnedValue::Int(1), OwnedValue::Int(2)]);
    assert_eq!(read_value(&attribute(&[&array(ONE), &array(TWO)])), both);
    let last = OwnedValue::Array(vec![OwnedValue::Int(2)]);
    assert_eq!(read_value(&attribute(&[&array(ONE), ONE, &array(TWO)])), last);
    let in_two_values = field(9, &[&field(1, &[b"k"]), &field(2, &[&array(ONE)]), &field(2, &[&array(TWO)])]);
    assert_eq!(read_value(&in_two_values), both);
}

#[test]
fn a_resource_in_parts_is_joined_and_may_stand_behind_its_spans() {
    let service = |name: &str| {
        field(1, &[&field(1, &[&field(1, &[b"service.name"]), &field(2, &[&field(1, &[name.as_bytes()])])])])
    };
    let spans = field(2, &[&field(2, &[&ids()]), &field(1, &[&field(1, &[b"scope"])]), &field(3, &[b"url"])]);
    let body = field(1, &[&spans, &service("a"), &service("b")]);
    let spans = read_plain(Encoding::Protobuf, &body);
    let resource_scope = spans[0].resource_scope.as_ref().expect("it has a resource");
    assert_eq!((spans[0].service.as_str(), resource_scope.resource_attributes.len()), ("a", 2));
    assert_eq!(
        (resource_scope.scope_name.as_str(), resource_scope.scope_schema_url.as_str()),
        ("scope", "url")
    );
}

#[test]
fn unknown_fields_and_groups_are_passed_over_and_counted() {
    // A varint, eight bytes, a string, a group in a group, four bytes; then two known fields of a wrong wire type.
    let unknown: [&[u8]; 7] = [
        &[0xd8, 0x3e, 1],
        &[0xd9, 0x3e, 1, 2, 3, 4, 5, 6, 7, 8],
        &[0xda, 0x3e, 1, 9],
        &[0xdb, 0x3e, 0x0b, 0x08, 1, 0x0c, 0xdc, 0x3e],
        &[0xdd, 0x3e, 1, 2, 3, 4],
        &[0x28, 1],
        &[0x32, 1, 1],
    ];
    let body = request(&unknown);
    let (spans, rest) = read(Encoding::Protobuf, &body).expect("it is protobuf");
    assert_eq!((spans.len(), rest.repairs.unknown_fields), (1, 7));
}

#[test]
fn texts_that_are_not_utf_8_are_repaired_and_counted() {
    let body = request(&[&field(5, &[b"caf\xe9"]), &attribute(&[&field(1, &[b"\xff"])])]);
    let (spans, rest) = read(Encoding::Protobuf, &body).expect("it is protobuf");
    assert_eq!(spans[0].name, "caf\u{fffd}");
    assert_eq!(spans[0].attributes[0].value, OwnedValue::Text("\u{fffd}".to_owned()));
    assert_eq!(rest.repairs.repaired_texts, 2);
}

#[test]
fn bytes_that_are_not_protobuf_are_malformed_and_the_place_is_named() {
    for (body, sentence) in [
        (&b"\x0a"[..], "body: invalid protobuf: an integer ends too early (at byte 1)"),
        (
            b"\x0a\x05abc",
            "body: invalid protobuf: a field is longer than the rest of its message (at byte 2)",
        ),
        (b"\x07", "body: invalid protobuf: a field has an invalid number (at byte 0)"),
        (b"\x0f", "body: invalid protobuf: a field has an invalid wire type (at byte 1)"),
        (b"\x0c", "body: invalid protobuf: a field has an invalid wire type (at byte 1)"),
        (b"\x0b", "body: invalid protobuf: a group does not end (at byte 1)"),
        (b"\x0b\x14", "body: invalid protobuf: a group ends that did not begin (at byte 2)"),
        (
            b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
            "body: invalid protobuf: an integer has more than 64 bits (at byte 1)",
        ),
        (
            b"{\"resourceSpans\":[]}",
            "body: invalid protobuf: a field is longer than the rest of its message (at byte 3)",
        ),
    ] {
        let malformed = read(Encoding::Protobuf, body).expect_err(sentence);
        assert_eq!(malformed.to_string(), sentence, "{body:?}");
    }
    let groups = [0x0b].repeat(100_000);
    assert!(matches!(read(Encoding::Protobuf, &groups), Err(Malformed::Syntax(_))));
}

#[test]
fn damaged_bodies_are_read_where_prost_reads_them() {
    each_seed(schedules(2000), |random| {
        let mut body = protobuf(&random_spans::spans(random));
        if body.is_empty() {
            return;
        }
        for _ in 0..random.random_range(1..4) {
            let at = random.random_range(0..body.len());
            match random.random_range(0..3u8) {
                0 => body[at] = random.random(),
                1 => body[at] ^= 1 << random.random_range(0..8u32),
                _ => body.truncate(at.max(1)),
            }
        }
        let ours = read(Encoding::Protobuf, &body);
        // Texts that are not UTF-8 and known fields of another type are errors to prost only.
        if ExportTraceServiceRequest::decode(&*body).is_ok() {
            ours.expect("prost reads it");
        }
    });
}
