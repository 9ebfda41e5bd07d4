//! Generates traces from a seed and a number. Equal pairs give equal traces, so a ledger need not store spans.
//!
//! Times are relative to the start of the root, which is chosen when the trace is sent.
//! Invariant: a change of what is drawn here, or of the order, needs a new version of the ledger's format.

use span::{SpanId, Status, Timestamp, TraceId};

use crate::random::Random;
use crate::services::{self, Service};

/// Limit: one root and four children; a ledger keeps one bit for each span.
pub(crate) const TRACE_SPANS_MAX: usize = 5;
const CHILDREN_MAX: u64 = TRACE_SPANS_MAX as u64 - 1;
const _: () = assert!(TRACE_SPANS_MAX <= u8::BITS as usize, "a mask of spans is one byte");

const NANOS_PER_MILLI: u64 = 1_000_000;
const ROOT_NANOS_MIN: u64 = 50 * NANOS_PER_MILLI;
pub(crate) const ROOT_NANOS_MAX: u64 = 500 * NANOS_PER_MILLI;
const ERROR_PROBABILITY: f64 = 0.05;
/// The longest time between the end of a trace and its sending, so that spans do not arrive in the order of their
/// starts.
const LAG_NANOS_MAX: u64 = 500 * NANOS_PER_MILLI;
/// The probability that a trace starts on a whole millisecond. So some starts are equal, and their order can be
/// checked.
const COARSE_PROBABILITY: f64 = 0.25;
/// The probability that a child starts at the same time as its root or another child, so that some starts within a
/// trace are equal.
const EQUAL_START_PROBABILITY: f64 = 0.1;

/// A trace without a start time. Invariant: `spans[0]` is the root, and all others lie inside it.
#[derive(Debug, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "trace_id is the word for it everywhere")]
pub(crate) struct Trace {
    pub(crate) trace_id: TraceId,
    pub(crate) spans: Vec<GeneratedSpan>,
    /// The indexes of `spans` in the order of sending.
    pub(crate) send_order: Vec<u8>,
    lag_nanos: u64,
    start_grain: u64,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GeneratedSpan {
    pub(crate) span_id: SpanId,
    pub(crate) parent_span_id: Option<SpanId>,
    pub(crate) service: &'static str,
    pub(crate) operation: &'static str,
    /// Nanoseconds from the start of the root.
    pub(crate) offset: u64,
    /// Nanoseconds from start to end.
    pub(crate) duration: u64,
    pub(crate) status: Status,
    pub(crate) tags: Vec<(&'static str, String)>,
}

/// Returns the id of the trace with this seed and number, without the cost of drawing its spans.
pub(crate) fn trace_id(seed: u64, number: u32) -> TraceId {
    draw_trace_id(&mut Random::new(seed, number.into()))
}

/// Generates the trace with this number in the run with this seed.
pub(crate) fn trace(seed: u64, number: u32) -> Trace {
    let random = &mut Random::new(seed, number.into());
    let trace_id = draw_trace_id(random);
    let lag_nanos = random.below(LAG_NANOS_MAX);
    let start_grain = if random.chance(COARSE_PROBABILITY) { NANOS_PER_MILLI } else { 1 };

    let root = draw_root(random);
    let children = random.between(1, CHILDREN_MAX);
    let mut spans = Vec::with_capacity(TRACE_SPANS_MAX);
    let (parent, room) = (root.span_id, root.duration);
    spans.push(root);
    for _ in 0..children {
        let earlier = spans[spans.len() - 1].offset;
        spans.push(draw_child(random, parent, room, earlier));
    }
    let send_order = (0..).take(spans.len()).collect();
    Trace { trace_id, spans, send_order, lag_nanos, start_grain }
}

impl Trace {
    /// Returns when the root starts. The whole trace has ended at `now`, and it does not start before `floor`, unless
    /// the time between the two is shorter than the longest root.
    pub(crate) fn start_at(&self, now: Timestamp, floor: Timestamp) -> Timestamp {
        let latest = now.saturating_sub(nanos(self.spans[0].duration));
        let grain = nanos(self.start_grain);
        let room = latest.0.saturating_sub(floor.0).saturating_sub(grain).max(0);
        // The lag wraps around. If it were cut off at the floor, the first traces of a run would all start at one
        // time.
        let lag = nanos(self.lag_nanos) % (room + 1);
        Timestamp((latest.0 - lag).div_euclid(grain) * grain)
    }

    pub(crate) fn root(&self) -> &GeneratedSpan {
        &self.spans[0]
    }

    /// Shuffles the order of sending with this probability. It uses a random stream of its own, so that the spans do
    /// not depend on `probability`.
    pub(crate) fn shuffle(&mut self, seed: u64, number: u32, probability: f64) {
        let random = &mut Random::new(seed.rotate_left(u32::BITS), number.into());
        if random.chance(probability) {
            random.shuffle(&mut self.send_order);
        }
    }
}

impl GeneratedSpan {
    pub(crate) fn start(&self, root_start: Timestamp) -> Timestamp {
        later(root_start, self.offset)
    }

    pub(crate) fn end(&self, root_start: Timestamp) -> Timestamp {
        later(root_start, self.offset + self.duration)
    }
}

fn later(start: Timestamp, nanos: u64) -> Timestamp {
    start.saturating_add(self::nanos(nanos))
}

fn nanos(nanos: u64) -> i64 {
    i64::try_from(nanos).expect("at most half a second")
}

fn draw_root(random: &mut Random) -> GeneratedSpan {
    let duration = random.between(ROOT_NANOS_MIN, ROOT_NANOS_MAX);
    draw_span(random, &services::ROOT_SERVICE, None, (0, duration))
}

fn draw_child(random: &mut Random, parent: SpanId, room: u64, earlier: u64) -> GeneratedSpan {
    let offset = if random.chance(EQUAL_START_PROBABILITY) { earlier } else { random.below(room) };
    let duration = random.between(0, room - offset);
    let service = random.pick(&services::CHILD_SERVICES);
    draw_span(random, service, Some(parent), (offset, duration))
}

fn draw_span(
    random: &mut Random,
    service: &Service,
    parent_span_id: Option<SpanId>,
    (offset, duration): (u64, u64),
) -> GeneratedSpan {
    let operation = random.pick(service.operations);
    let status = if random.chance(ERROR_PROBABILITY) { Status::Error } else { Status::Ok };
    GeneratedSpan {
        span_id: SpanId::from_bytes(draw_uuid(random)),
        parent_span_id,
        service: service.name,
        operation: operation.name,
        offset,
        duration,
        status,
        tags: services::draw_tags(random, operation, status),
    }
}

fn draw_trace_id(random: &mut Random) -> TraceId {
    TraceId::from_bytes(draw_uuid(random))
}

/// Draws a random UUID (version 4, variant 1 of RFC 4122).
pub(crate) fn draw_uuid(random: &mut Random) -> [u8; 16] {
    let bits = (u128::from(random.next()) << u64::BITS) | u128::from(random.next());
    let marked = (bits & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    marked.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use span::{Status, Timestamp};

    use super::{ROOT_NANOS_MAX, ROOT_NANOS_MIN, TRACE_SPANS_MAX, Trace, trace, trace_id};

    const TRACES: u32 = 20_000;

    fn traces() -> impl Iterator<Item = Trace> {
        (0..TRACES).map(|number| trace(42, number))
    }

    /// Ledgers on disk rely on these traces. If generated traces must change, the version of the ledger's format
    /// changes, too.
    #[test]
    fn the_traces_of_a_seed_never_change() {
        let text = format!("{:?}", (0..100).map(|number| trace(1, number)).collect::<Vec<_>>());
        assert_eq!(trace(1, 0).trace_id.to_string(), "fc06d5f2-75a7-4fd8-95fa-bd803316fcb6");
        assert_eq!(crc32fast::hash(text.as_bytes()), 1_564_297_394);
    }

    #[test]
    fn each_number_has_one_trace_of_its_own() {
        assert_eq!(trace(42, 7), trace(42, 7));
        assert_eq!(trace(42, 7).trace_id, trace_id(42, 7));
        assert_ne!(trace(42, 7).trace_id, trace(42, 8).trace_id);
        assert_ne!(trace(42, 7).trace_id, trace(43, 7).trace_id);
        let mut ids: Vec<_> = (0..TRACES).map(|number| trace_id(42, number)).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), TRACES as usize);
    }

    #[test]
    fn a_trace_is_a_root_with_one_to_four_children_inside_it() {
        let mut seen = [0; TRACE_SPANS_MAX + 1];
        for trace in traces() {
            let root = trace.root();
            assert!(root.parent_span_id.is_none());
            assert_eq!((root.service, root.offset), ("checkout", 0));
            assert!((ROOT_NANOS_MIN..=ROOT_NANOS_MAX).contains(&root.duration));
            for child in &trace.spans[1..] {
                assert_eq!(child.parent_span_id, Some(root.span_id));
                assert!(child.offset + child.duration <= root.duration);
            }
            seen[trace.spans.len()] += 1;
        }
        assert_eq!(seen[..2], [0, 0]);
        assert!(seen[2..].iter().all(|&count| count > TRACES / 5), "{seen:?}");
    }

    #[test]
    fn about_one_span_in_twenty_fails() {
        let (mut spans, mut errors) = (0u32, 0u32);
        for span in traces().flat_map(|trace| trace.spans) {
            spans += 1;
            errors += u32::from(span.status == Status::Error);
        }
        let share = f64::from(errors) / f64::from(spans);
        assert!((0.045..0.055).contains(&share), "{share}");
    }

    #[test]
    fn a_trace_has_ended_when_it_is_sent() {
        let now = Timestamp(1_700_000_000_123_456_789);
        for trace in traces() {
            for room in [ROOT_NANOS_MAX, 2 * ROOT_NANOS_MAX, 10 * ROOT_NANOS_MAX] {
                let floor = now.saturating_sub(i64::try_from(room).unwrap());
                let start = trace.start_at(now, floor);
                assert!(trace.spans.iter().all(|span| span.end(start) <= now));
                // A root of the greatest length may be rounded down by its grain.
                assert!(start.saturating_add(1_000_000) >= floor);
                assert!(now.nanos_since(start) < 1_100_000_000);
            }
        }
    }

    #[test]
    fn shuffling_mixes_only_the_order_and_only_as_often_as_asked() {
        let shuffled = |probability: f64| {
            traces()
                .zip(0..)
                .filter(|(trace, number)| {
                    let mut mixed = super::trace(42, *number);
                    mixed.shuffle(42, *number, probability);
                    assert_eq!(mixed.spans, trace.spans);
                    mixed.send_order != trace.send_order
                })
                .count()
        };
        assert_eq!(shuffled(0.0), 0);
        // One order in n! is the old one, and small traces have few orders.
        let often = shuffled(1.0);
        assert!((14_000..19_000).contains(&often), "{often}");
        let sometimes = shuffled(0.3);
        assert!((4_200..5_700).contains(&sometimes), "{sometimes}");
    }
}
