//! Reads bodies of real exporters, field by field. `crates/wire/tests/fixtures` says which, and how they were
//! captured.

use span::{Kind, SpanId, Status, Timestamp, TraceId};
use testkit::owned_span::{OwnedEvent, OwnedExtras, OwnedLink, OwnedResourceScope};
use testkit::{OwnedAttribute, OwnedSpan, OwnedValue};
use wire::otlp::{Encoding, Repairs};

use crate::decoded::read;

const NOW: i64 = 1_790_000_000_000_000_000;
const MS: i64 = 1_000_000;

const TRACE: TraceId = TraceId::from_bytes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);

fn id(number: u8) -> SpanId {
    SpanId::from_bytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number])
}

fn attribute(key: &str, value: OwnedValue) -> OwnedAttribute {
    OwnedAttribute { key: key.to_owned(), value }
}

fn text(text: &str) -> OwnedValue {
    OwnedValue::Text(text.to_owned())
}

fn root() -> OwnedSpan {
    OwnedSpan {
        trace_id: TRACE,
        span_id: id(0xa1),
        name: "POST /orders".to_owned(),
        end: Timestamp(NOW + 20 * MS),
        kind: Kind::SERVER,
        status: Status::Unset,
        ..OwnedSpan::root(1, 1, Timestamp(NOW))
    }
}

fn child() -> OwnedSpan {
    let link = OwnedLink {
        trace_id: TRACE,
        span_id: id(0xa1),
        trace_state: String::new(),
        attributes: vec![OwnedAttribute::text("why", "retry")],
        dropped_attributes: 0,
        flags: 0,
    };
    let event = OwnedEvent {
        time: Timestamp(NOW + 6 * MS),
        name: "retry".to_owned(),
        attributes: vec![attribute("attempt", OwnedValue::Int(2))],
        dropped_attributes: 0,
    };
    OwnedSpan {
        span_id: id(0xa2),
        parent_span_id: Some(id(0xa1)),
        name: "charge".to_owned(),
        start: Timestamp(NOW + 5 * MS),
        end: Timestamp(NOW + 9 * MS),
        kind: Kind::CLIENT,
        status: Status::Error,
        attributes: vec![
            attribute("text", text("Grüße, 世界")),
            attribute("yes", OwnedValue::Bool(true)),
            attribute("int", OwnedValue::Int(-7)),
            attribute("double", OwnedValue::Double(0.1)),
            attribute("texts", OwnedValue::Array(vec![text("a"), text("b")])),
            attribute("none", OwnedValue::Array(vec![])),
        ],
        extras: Some(OwnedExtras {
            status_message: "card declined".to_owned(),
            events: vec![event],
            links: vec![link],
            ..OwnedExtras::default()
        }),
        ..root()
    }
}

/// Takes out of a span what differs between exporters, and hands it out.
fn common(mut span: OwnedSpan) -> (OwnedSpan, OwnedResourceScope, Vec<OwnedAttribute>) {
    let resource_scope = span.resource_scope.take().expect("there is a resource");
    let is_differing = |attribute: &OwnedAttribute| ["nan", "big", "half"].contains(&attribute.key.as_str());
    let (differing, rest) = std::mem::take(&mut span.attributes).into_iter().partition(is_differing);
    span.attributes = rest;
    span.flags = 0;
    for link in span.extras.iter_mut().flat_map(|extras| &mut extras.links) {
        link.flags = 0;
    }
    (span, resource_scope, differing)
}

struct Captured {
    resource_scope: OwnedResourceScope,
    /// Attributes that differ between exporters.
    differing: Vec<OwnedAttribute>,
    flags: [u32; 2],
    repairs: Repairs,
}

/// Reads a body, checks what all exporters agree in, and hands out the rest.
fn check(encoding: Encoding, body: &[u8]) -> Captured {
    let (mut spans, rest) = read(encoding, body).expect("it can be read");
    assert_eq!(rest.rejected.total(), 0);
    spans.sort_by_key(|span| span.start);
    let flags = [spans[0].flags, spans[1].flags];
    let mut spans = spans.into_iter().map(common);
    let (first, resource_scope, _) = spans.next().expect("a root");
    assert_eq!(first, root());
    let (second, other, differing) = spans.next().expect("a child");
    assert_eq!(second, child());
    assert_eq!(resource_scope, other);
    assert_eq!(
        (resource_scope.scope_name.as_str(), resource_scope.scope_version.as_str()),
        ("shop.orders", "2.1")
    );
    for (key, value) in [("service.name", "checkout"), ("service.version", "1.42.0")] {
        assert!(
            resource_scope.resource_attributes.contains(&OwnedAttribute::text(key, value)),
            "{resource_scope:?}"
        );
    }
    Captured { resource_scope, differing, flags, repairs: rest.repairs }
}

fn differing<'a>(captured: &'a Captured, key: &str) -> Option<&'a OwnedValue> {
    captured.differing.iter().find(|attribute| attribute.key == key).map(|attribute| &attribute.value)
}

#[test]
fn python_is_read() {
    let bodies = [
        (Encoding::Protobuf, include_bytes!("../fixtures/python.pb").as_slice()),
        (Encoding::Json, include_bytes!("../fixtures/python.json")),
    ];
    for (encoding, body) in bodies {
        let captured = check(encoding, body);
        assert_eq!(captured.resource_scope.scope_attributes, [OwnedAttribute::text("team", "orders")]);
        assert_eq!(differing(&captured, "big"), Some(&OwnedValue::Int(1 << 62)));
        assert!(matches!(differing(&captured, "nan"), Some(OwnedValue::Double(value)) if value.is_nan()));
        assert_eq!(captured.flags, [256, 256]);
        assert_eq!(captured.repairs, Repairs::default(), "{encoding:?}");
    }
}

/// JavaScript cannot write NaN in JSON, and has strings that end in half a character.
#[test]
fn node_is_read() {
    let captured = check(Encoding::Protobuf, include_bytes!("../fixtures/node.pb"));
    assert!(matches!(differing(&captured, "nan"), Some(OwnedValue::Double(value)) if value.is_nan()));
    assert_eq!(differing(&captured, "half"), Some(&text("a\u{fffd}")));
    assert_eq!(captured.flags, [257, 257]);
    assert_eq!(captured.repairs, Repairs::default());

    let captured = check(Encoding::Json, include_bytes!("../fixtures/node.json"));
    assert!(matches!(differing(&captured, "nan"), Some(OwnedValue::Double(value)) if value.is_nan()));
    assert_eq!(differing(&captured, "half"), Some(&text("a\u{fffd}")));
    let repairs = Repairs { repaired_texts: 1, repaired_numbers: 1, ..Repairs::default() };
    assert_eq!(captured.repairs, repairs);
}
