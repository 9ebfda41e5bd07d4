//! Generates the spans for all stores: each number gives a trace of a made-up shop, and traces are cut into batches.

use std::collections::VecDeque;

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use span::{Span, SpanId, Status, Timestamp, TraceId};

/// The spans of one request. `BATCH_SPANS` in the environment changes it, as for a server that gathers requests.
const BATCH_SPANS: usize = 100;
/// The time that the spans of a run cover, whatever their number.
pub(crate) const WINDOW_NANOS: i64 = 30 * 60 * 1_000_000_000;
/// When the first trace starts; a whole second.
pub(crate) const EPOCH: i64 = 1_795_000_000_000_000_000;
/// A trace has a root and one to four children, each number equally likely.
const SPANS_PER_TRACE: f64 = 3.5;
const ROOT_NANOS: std::ops::RangeInclusive<i64> = 50_000_000..=500_000_000;
/// Starts do not come in the order of the batches.
const LAG_NANOS_MAX: i64 = 500_000_000;
/// How many traces are cut on purpose, besides the 3 % that the end of a batch cuts.
const CUT_PROBABILITY: f64 = 0.07;
const SHUFFLE_PROBABILITY: f64 = 0.3;
const ERROR_PROBABILITY: f64 = 0.05;
/// One in so many batches comes twice, as from a client that tries again.
const REPEATED_BATCH_EVERY: u64 = 200;

const ROOT_SERVICE: (&str, &[&str]) =
    ("checkout", &["POST /checkout", "POST /cart/items", "GET /cart", "GET /orders/{id}"]);
const CHILD_SERVICES: [(&str, &[&str]); 5] = [
    ("checkout", &["ValidateCart", "PriceOrder"]),
    ("inventory", &["ReserveStock", "GetStock", "ReleaseStock"]),
    ("payment", &["AuthorizeCard", "CapturePayment", "RefundPayment"]),
    ("shipping", &["QuoteShipping", "CreateLabel"]),
    ("notification", &["SendEmail", "SendSms"]),
];

/// The number of traces that have about so many spans.
pub(crate) fn traces_for(spans: u64) -> u64 {
    let traces = (spans as f64 / SPANS_PER_TRACE) as u64;
    traces.max(1)
}

/// When the root of a trace starts, without drawing the trace.
pub(crate) fn root_start(number: u64, traces: u64) -> i64 {
    draw_root_start(&mut random(number), number, traces)
}

/// The trace with this number, its root first; a number always gives one trace.
pub(crate) fn trace(number: u64, traces: u64) -> Vec<Span<'static>> {
    let random = &mut random(number);
    let start = draw_root_start(random, number, traces);
    let length = random.random_range(ROOT_NANOS);
    let trace_id = TraceId::from_bytes(draw_uuid(random));
    let root = draw_span(random, trace_id, None, (start, length));
    let mut spans = vec![root];
    for _ in 0..random.random_range(1..=4) {
        let offset = random.random_range(0..length);
        let inside = (start + offset, random.random_range(0..=length - offset));
        spans.push(draw_span(random, trace_id, Some(root.span_id), inside));
    }
    spans
}

/// All batches of a run, in order.
pub(crate) struct Batches {
    traces: u64,
    batch_spans: usize,
    next_trace: u64,
    made: u64,
    random: SmallRng,
    waiting: VecDeque<Span<'static>>,
    /// The second parts of cut traces, which come first in the next batch.
    held: Vec<Span<'static>>,
    repeat: Option<Vec<Span<'static>>>,
    /// How many different spans were made.
    pub(crate) spans: u64,
}

impl Batches {
    pub(crate) fn new(traces: u64) -> Self {
        let random = random(u64::MAX);
        let batch_spans = std::env::var("BATCH_SPANS").ok().and_then(|text| text.parse().ok());
        let batch_spans: usize = batch_spans.unwrap_or(BATCH_SPANS);
        let (waiting, held, repeat) = (VecDeque::new(), Vec::new(), None);
        Self { traces, batch_spans, next_trace: 0, made: 0, random, waiting, held, repeat, spans: 0 }
    }

    fn draw_trace(&mut self) {
        let mut spans = trace(self.next_trace, self.traces);
        self.next_trace += 1;
        if self.random.random_bool(SHUFFLE_PROBABILITY) {
            for last in (1..spans.len()).rev() {
                spans.swap(last, self.random.random_range(0..=last));
            }
        }
        if self.random.random_bool(CUT_PROBABILITY) {
            self.held.extend(spans.drain(self.random.random_range(1..spans.len())..));
        }
        self.waiting.extend(spans);
    }
}

impl Iterator for Batches {
    type Item = Vec<Span<'static>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(batch) = self.repeat.take() {
            return Some(batch);
        }
        self.waiting.extend(std::mem::take(&mut self.held));
        while self.waiting.len() < self.batch_spans && self.next_trace < self.traces {
            self.draw_trace();
        }
        let batch: Vec<_> = self.waiting.drain(..self.batch_spans.min(self.waiting.len())).collect();
        self.made += 1;
        self.spans += batch.len() as u64;
        if self.made.is_multiple_of(REPEATED_BATCH_EVERY) {
            self.repeat = Some(batch.clone());
        }
        (!batch.is_empty()).then_some(batch)
    }
}

fn random(number: u64) -> SmallRng {
    SmallRng::seed_from_u64(number)
}

fn draw_root_start(random: &mut SmallRng, number: u64, traces: u64) -> i64 {
    let step = WINDOW_NANOS / i64::try_from(traces).expect("a run has few traces");
    let place = i64::try_from(number).expect("a run has few traces") * step;
    EPOCH + place + random.random_range(0..LAG_NANOS_MAX)
}

fn draw_span(
    random: &mut SmallRng,
    trace_id: TraceId,
    parent_span_id: Option<SpanId>,
    (start, length): (i64, i64),
) -> Span<'static> {
    let (service, operations) = match parent_span_id {
        None => ROOT_SERVICE,
        Some(_) => CHILD_SERVICES[random.random_range(0..CHILD_SERVICES.len())],
    };
    let status = if random.random_bool(ERROR_PROBABILITY) { Status::Error } else { Status::Ok };
    Span {
        trace_id,
        span_id: SpanId::from_bytes(draw_uuid(random)),
        parent_span_id,
        service,
        name: operations[random.random_range(0..operations.len())],
        start: Timestamp(start),
        end: Timestamp(start + length),
        status,
        kind: span::Kind::UNSPECIFIED,
        flags: 0,
        attributes: &[],
        resource_scope: None,
        extras: None,
    }
}

/// A random id with the marks of version 4, variant 1 (RFC 4122).
fn draw_uuid(random: &mut SmallRng) -> [u8; 16] {
    let bits: u128 = random.random();
    let marked = (bits & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    marked.to_be_bytes()
}
