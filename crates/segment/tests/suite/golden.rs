//! All files of version 1 stay readable, and the writer still makes the same bytes as before.
//!
//! After an intended change of the format, add a file name to `FILES` and let `UPDATE_GOLDEN=1` write that file. The
//! older files stay and are still read.

#![expect(clippy::disallowed_methods, reason = "the golden file is a file of the repository")]

use std::path::{Path, PathBuf};

use segment::Carryover;
use span::{Kind, SpanId, Status, Timestamp, TraceId};
use testkit::owned_span::{OwnedEvent, OwnedExtras, OwnedResourceScope};
use testkit::{OwnedAttribute, OwnedSpan, OwnedValue};

use crate::common::{Trace, open, read, sort, write};

const START: i64 = 1_790_000_000_000_000_000;

/// The files, and whether each has the column `content`. The writer makes the last one.
const FILES: [(&str, bool); 2] = [("v1.segment", false), ("v1-content.segment", true)];

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file)
}

fn span(trace: u8, span: u8, parent: Option<u8>, start: i64) -> OwnedSpan {
    let root = OwnedSpan::root(trace, span, Timestamp(START + start));
    let end = root.start.saturating_add(1_000_000_000 - start);
    OwnedSpan { parent_span_id: parent.map(|parent| SpanId::from_bytes([parent; 16])), end, ..root }
}

fn values() -> Vec<OwnedAttribute> {
    let values = [
        OwnedValue::Empty,
        OwnedValue::Text("ü".to_owned()),
        OwnedValue::Bool(true),
        OwnedValue::Int(-5),
        OwnedValue::Double(0.5),
        OwnedValue::Bytes(vec![0, 255]),
        OwnedValue::Array(vec![OwnedValue::Int(1), OwnedValue::Empty]),
        OwnedValue::Map(vec![OwnedAttribute::text("k", "v")]),
    ];
    values.map(|value| OwnedAttribute { key: "key".to_owned(), value }).into()
}

fn whole(span: OwnedSpan) -> OwnedSpan {
    let event = OwnedEvent {
        time: Timestamp(START),
        name: "retry".to_owned(),
        attributes: Vec::new(),
        dropped_attributes: 1,
    };
    OwnedSpan {
        kind: Kind::CLIENT,
        status: Status::Error,
        flags: 0x101,
        attributes: values(),
        resource_scope: Some(OwnedResourceScope {
            resource_attributes: vec![OwnedAttribute::text("host.name", "a")],
            scope_name: "library".to_owned(),
            ..OwnedResourceScope::default()
        }),
        extras: Some(OwnedExtras {
            status_message: "time-out".to_owned(),
            events: vec![event],
            ..OwnedExtras::default()
        }),
        ..span
    }
}

/// Returns attributes for every encoding: numbers with a prefix, digits by row and in a dictionary, decimals, other
/// doubles, and a compressed dictionary.
fn attributes_of_every_coding(number: u8) -> Vec<OwnedAttribute> {
    let spread = u32::from(number).wrapping_mul(0x9e37_79b9);
    let double = |key: &str, value| OwnedAttribute { key: key.to_owned(), value: OwnedValue::Double(value) };
    vec![
        OwnedAttribute::text("order", format!("ord-{number}")),
        OwnedAttribute::text("request", format!("{spread:08x}-0")),
        OwnedAttribute::text("cart", format!("{:08x}-1", spread & 7)),
        OwnedAttribute::text("statement", "SELECT ".repeat(500 + usize::from(number % 7))),
        double("price", f64::from(number) / 100.0),
        double("share", f64::from(number) / 3.0),
    ]
}

/// Returns traces that use every encoding and every column at least once.
pub(crate) fn traces() -> Vec<Trace> {
    let id = |id: u8| TraceId::from_bytes([id; 16]);
    let begins = Carryover { begins: true, gone_root: None };
    let gone =
        Carryover { begins: false, gone_root: Some((Timestamp(START - 1), SpanId::from_bytes([7; 16]))) };
    let nested = vec![span(1, 1, None, 0), span(1, 2, Some(1), 10), whole(span(1, 3, Some(2), 10))];
    let free =
        vec![span(2, 1, Some(9), -30), span(2, 2, None, 0), span(2, 3, None, 400), span(2, 4, Some(2), 50)];
    let rootless = vec![span(3, 1, Some(8), 5), span(3, 2, Some(1), 7)];
    let tagged = OwnedSpan {
        attributes: vec![OwnedAttribute::text("key", "ü"), OwnedAttribute::text("key", "again")],
        ..span(4, 1, None, -60_000_000_000)
    };
    let long = (0..80).map(|number| OwnedSpan {
        attributes: attributes_of_every_coding(number),
        ..span(5, number, (number > 0).then_some(number / 2), number.into())
    });
    let mut traces = vec![
        Trace::new(id(1), begins, nested),
        Trace::new(id(2), begins, free),
        Trace::new(id(3), gone, rootless),
        Trace::new(id(4), begins, vec![tagged]),
        Trace::new(id(5), begins, long.collect()),
        Trace::new(id(6), gone, Vec::new()),
    ];
    sort(&mut traces);
    traces
}

#[test]
fn the_files_of_version_1_are_read() {
    let traces = traces();
    for (file, has_content) in FILES {
        let segment = open(std::fs::read(path(file)).unwrap());
        segment.verify().unwrap();
        for (row, trace) in (0..).zip(&traces) {
            assert_eq!(&read(&segment, row).unwrap(), trace, "{file}");
        }
        let meta = segment.meta();
        assert_eq!((meta.traces, meta.rooted, meta.content_bytes.is_some()), (6, 4, has_content), "{file}");
    }
}

#[test]
fn the_writer_makes_the_last_file() {
    let bytes = write(&traces());
    let [.., (file, _)] = FILES;
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path(file), &bytes).unwrap();
    }
    let golden = std::fs::read(path(file)).unwrap();
    assert!(golden == bytes, "the writer makes a different file than before");
}
