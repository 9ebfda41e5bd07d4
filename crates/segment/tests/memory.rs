//! The memory that a writer needs at its peak.

use std::sync::Arc;

use peak_alloc::PeakAlloc;
use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use segment::{Carryover, Generations, Segment, Writer};
use span::{Timestamp, TraceId};
use testkit::{OwnedAttribute, OwnedSpan, OwnedValue, with_borrowed};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// What the store relies on when it limits the content of a merge: a writer takes at most this many times its content.
const PEAK_PARTS: usize = 3;
const CONTENT_BYTES: usize = 16 << 20;

/// Cuts texts out of random characters, so that they neither repeat nor compress well.
struct Texts(String);

impl Texts {
    fn new() -> Self {
        let mut random = SmallRng::seed_from_u64(1);
        Self((0..1 << 20).map(|_| char::from(random.random_range(b' '..=b'~'))).collect())
    }

    fn cut(&self, chars: usize, seed: usize) -> String {
        let at = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) % (self.0.len() - chars);
        self.0.get(at..at + chars).expect("the characters are ASCII").to_owned()
    }
}

fn with(attributes: Vec<OwnedAttribute>) -> OwnedSpan {
    OwnedSpan { attributes, ..OwnedSpan::root(1, 1, Timestamp(0)) }
}

fn record_bytes(span: &OwnedSpan) -> usize {
    let text = |value: &OwnedValue| if let OwnedValue::Text(text) = value { text.len() } else { 0 };
    let attributes = span.attributes.iter().map(|attribute| attribute.key.len() + text(&attribute.value) + 4);
    64 + attributes.sum::<usize>()
}

/// Writes traces of one span each until there is enough content, and checks the writer's peak.
fn check(told: &str, span: impl Fn(usize) -> OwnedSpan) {
    let before = PeakAlloc.current_usage();
    PeakAlloc.reset_peak_usage();
    let mut writer = Writer::new(Generations { first: 1, last: 1 });
    let mut content = 0;
    for number in 0.. {
        let start = Timestamp(i64::try_from(number).expect("it is small"));
        let trace_id = TraceId::from_bytes((number as u128).to_be_bytes());
        let span = OwnedSpan { trace_id, start, end: start, ..span(number) };
        content += record_bytes(&span) + span.name.len();
        with_borrowed(&[span], |spans| writer.push(trace_id, Carryover::default(), spans));
        if content >= CONTENT_BYTES {
            break;
        }
    }
    let bytes = writer.finish();
    let peak = PeakAlloc.peak_usage() - before;
    let segment = Segment::open(Arc::new(bytes)).expect("it was just written");
    let noted = segment.meta().content_bytes.expect("the writer notes it");

    let noted = usize::try_from(noted).expect("it is in memory");
    assert!(peak <= PEAK_PARTS * noted, "{told}: {peak} bytes for {noted}");
    assert!(noted <= content + content / 4, "{told}: {noted} bytes are noted of {content}");
}

/// One test, because the allocator counts for the whole process.
#[test]
fn a_writer_takes_at_most_three_times_its_content() {
    let texts = Texts::new();
    check("large texts", |n| with(vec![OwnedAttribute::text("k", texts.cut(100_000, n))]));
    check("equal texts", |_| with(vec![OwnedAttribute::text("k", texts.cut(100_000, 0))]));
    check("no attributes", |_| with(Vec::new()));
    check("many tags", |n| {
        let tag = |key: usize| OwnedAttribute::text(key.to_string(), texts.cut(20, n * 50 + key));
        with((0..50).map(tag).collect())
    });
    check("many keys", |n| with(vec![OwnedAttribute::text(n.to_string(), texts.cut(30, n))]));
    check("large names", |n| OwnedSpan { name: texts.cut(20_000, n), ..with(Vec::new()) });
}
