//! Spans of every shape are read back from their bytes; damaged bytes are refused or read as something else, without
//! a panic.

use bumpalo::Bump;
use rand::RngExt as _;
use rand::rngs::SmallRng;
use record::{
    Batch, NamedOperation, RawAttribute, RawValue, Record, Run, WindowStart, put_attributes, put_extras,
    put_value, read_resource_scopes, write_batch,
};
use span::{Kind, Resource, ResourceScope, Span, SpanId, Timestamp, TraceId, Value};
use testkit::{OwnedSpan, SpanGenerator, each_seed, with_borrowed};

const AROUND: Timestamp = Timestamp(1_790_000_000_000_000_000);
const WINDOW_START: WindowStart = WindowStart { cutoff: Timestamp(-5), floor: Timestamp(-6) };

fn draw(random: &mut SmallRng) -> Vec<OwnedSpan> {
    let count = random.random_range(0..20);
    let mut spans: Vec<OwnedSpan> = Vec::new();
    for number in 0..count {
        let parents: Vec<SpanId> = spans.iter().map(|span| span.span_id).collect();
        let trace_id = TraceId::from_bytes([number % 3; 16]);
        spans.push(SpanGenerator::new(random).span(trace_id, &parents, AROUND));
    }
    spans
}

fn payload(spans: &[OwnedSpan]) -> Vec<u8> {
    let mut out = vec![9; 7];
    with_borrowed(spans, |spans| write_batch(&mut out, WINDOW_START, &spans.iter().collect::<Vec<_>>()));
    out
}

fn read(payload: &[u8]) -> Option<Vec<OwnedSpan>> {
    let batch = Batch::parse(payload).ok()?;
    for record in batch.runs().iter().flat_map(Run::records) {
        // Unchecked bytes may give any result; here it only matters that reading them ends.
        std::hint::black_box(record.raw().and_then(|raw| raw.cut(&mut Vec::new()))).ok();
    }
    batch.check().ok()?;
    let arena = Bump::new();
    let resource_scopes =
        read_resource_scopes(batch.resource_scopes.iter().copied(), &arena).expect("it was checked");
    let mut spans = Vec::new();
    for run in batch.runs() {
        for record in run.records() {
            let operation = batch.operations[record.operation() as usize];
            let named = operation.named(resource_scopes).expect("it was checked");
            let span = record.decode(run.trace_id, &arena, &named).expect("it was checked");
            assert_eq!((span.start, span.span_id), (record.start(), record.span_id()));
            assert_eq!(Ok(span.duration()), record.duration());
            spans.push(OwnedSpan::from(span));
        }
    }
    assert_eq!(spans.len(), batch.len());
    Some(spans)
}

fn assert_raw(record: &Record<'_>, span: &Span<'_>) {
    let raw = record.raw().expect("it was checked");
    let mut list = vec![RawAttribute { key: b"left over", value: RawValue::Bool(true) }];
    let tail = raw.cut(&mut list).expect("it was checked");
    assert_eq!((raw.span_id, raw.parent_span_id), (span.span_id, span.parent_span_id));
    assert_eq!((raw.start, raw.end, raw.status), (span.start, span.end, span.status));
    assert_eq!(list.len(), span.attributes.len());
    let mut bytes = Vec::new();
    for (raw, attribute) in list.iter().zip(span.attributes) {
        assert_eq!(raw.key, attribute.key.as_bytes());
        bytes.clear();
        put_value(&mut bytes, attribute.value);
        let is_same = match (raw.value, attribute.value) {
            (RawValue::Text(text), Value::Text(expected)) => text == expected.as_bytes(),
            (RawValue::Bytes(raw), Value::Bytes(expected)) => raw == expected,
            (RawValue::Bool(raw), Value::Bool(expected)) => raw == expected,
            (RawValue::Int(raw), Value::Int(expected)) => raw == expected,
            (RawValue::Double(raw), Value::Double(expected)) => raw.to_bits() == expected.to_bits(),
            (RawValue::Empty(raw), Value::Empty)
            | (RawValue::Array(raw), Value::Array(_))
            | (RawValue::Map(raw), Value::Map(_)) => raw == bytes,
            _ => false,
        };
        assert!(is_same, "{raw:?} for {attribute:?}");
    }
    bytes.clear();
    if !span.attributes.is_empty() {
        put_attributes(&mut bytes, span.attributes);
    }
    assert_eq!(tail.attributes, bytes);
    bytes.clear();
    span.extras.inspect(|extras| put_extras(&mut bytes, extras));
    assert_eq!(tail.extras, span.extras.map(|_| bytes.as_slice()));
}

#[test]
fn spans_are_read_as_they_were_written() {
    each_seed(2_000, |random| {
        let spans = draw(random);
        let bytes = payload(&spans);
        assert_eq!(read(&bytes), Some(spans));
        assert_eq!(Batch::parse(&bytes).map(|batch| batch.start), Ok(WINDOW_START));
    });
}

#[test]
fn a_payload_of_an_older_version_has_no_floor() {
    each_seed(20, |random| {
        let spans = draw(random);
        let mut bytes = payload(&spans);
        bytes[0] = 1;
        bytes.drain(9..17);
        let start = Batch::parse(&bytes).map(|batch| batch.start);
        assert_eq!(start, Ok(WindowStart::without_floor(WINDOW_START.cutoff)));
        assert_eq!(read(&bytes), Some(spans));
    });
}

#[test]
fn a_raw_record_has_the_values_of_the_decoded_span() {
    each_seed(1_000, |random| {
        let bytes = payload(&draw(random));
        let batch = Batch::parse(&bytes).expect("it was just written");
        let arena = Bump::new();
        let nameless =
            NamedOperation { service: "", name: "", kind: Kind::UNSPECIFIED, flags: 0, resource_scope: None };
        for run in batch.runs() {
            for record in run.records() {
                let span = record.decode(run.trace_id, &arena, &nameless).expect("it was just written");
                assert_raw(&record, &span);
            }
        }
    });
}

#[test]
fn spans_of_one_resource_scope_share_it() {
    each_seed(50, |random| {
        let mut spans = draw(random);
        let resource_scope = spans.iter().find_map(|span| span.resource_scope.clone()).unwrap_or_default();
        for span in &mut spans {
            span.resource_scope = Some(resource_scope.clone());
        }
        let bytes = payload(&spans);
        let batch = Batch::parse(&bytes).expect("it was just written");
        assert_eq!(batch.resource_scopes.len(), usize::from(!spans.is_empty()));
    });
}

/// A hostile client sends one name with thousands of resource scopes; each of them is still stored once.
#[test]
fn alternating_resource_scopes_are_stored_once() {
    let resource_scopes: Vec<ResourceScope<'_>> = (0..5000)
        .map(|number| {
            let resource = Resource { dropped_attributes: number, ..Resource::default() };
            ResourceScope { resource, ..ResourceScope::default() }
        })
        .collect();
    with_borrowed(&[OwnedSpan::root(1, 1, AROUND)], |spans| {
        let spans: Vec<Span<'_>> = (resource_scopes.iter().chain(&resource_scopes))
            .map(|resource_scope| Span { resource_scope: Some(resource_scope), ..spans[0] })
            .collect();
        let mut out = Vec::new();
        write_batch(&mut out, WINDOW_START, &spans.iter().collect::<Vec<_>>());
        let batch = Batch::parse(&out).expect("it was just written");
        assert_eq!((batch.resource_scopes.len(), batch.operations.len()), (5000, 5000));
        let numbers: Vec<u32> =
            batch.runs().iter().flat_map(Run::records).map(|record| record.operation()).collect();
        assert!(numbers.iter().copied().eq((0..5000).chain(0..5000)));
    });
}

#[test]
fn a_payload_that_is_cut_off_is_refused() {
    each_seed(20, |random| {
        let bytes = payload(&draw(random));
        for length in 0..bytes.len() {
            assert_eq!(read(&bytes[..length]), None, "cut at {length}");
        }
    });
}

#[test]
fn a_flipped_bit_never_makes_the_reader_panic() {
    each_seed(1, |random| {
        let bytes = payload(&draw(random));
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            read(&damaged);
        }
    });
}

#[test]
fn a_false_count_takes_no_memory() {
    let mut bytes = payload(&[]);
    let at = bytes.len() - 1;
    bytes.splice(at.., [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    assert_eq!(read(&bytes), None);
}
