//! Random batches from few ids, so that there are duplicates, several roots in a trace, and spans that are stale or
//! ahead.

use rand::RngExt as _;
use rand::rngs::SmallRng;
use span::{Kind, SERVICE_INSTANCE, SpanId, Status, Timestamp, TraceId};

use crate::owned_span::OwnedResourceScope;
use crate::{OwnedAttribute, OwnedSpan};

/// Most spans have no kind, like those of the contract, so that duplicates are frequent.
const KINDS: [Kind; 5] = [Kind::UNSPECIFIED, Kind::UNSPECIFIED, Kind::CLIENT, Kind::SERVER, Kind::PRODUCER];

/// The numbers of ids, the size of batches and the range of times that spans are drawn from.
#[derive(Clone, Debug)]
pub struct Schedule {
    pub traces: u8,
    pub spans: u8,
    pub batch_spans_max: usize,
    /// The length of the window in nanoseconds. Most starts are drawn inside it, and some just outside.
    pub window_nanos: i64,
}

impl Schedule {
    /// Draws the parameters: many small traces, or few large ones.
    pub fn draw(random: &mut SmallRng) -> Self {
        let is_large = random.random_bool(0.2);
        Self {
            traces: if is_large { random.random_range(1..=3) } else { random.random_range(1..=40) },
            spans: if is_large { 120 } else { random.random_range(1..=12) },
            batch_spans_max: if is_large { 60 } else { random.random_range(1..=20) },
            window_nanos: 60_000_000_000,
        }
    }

    pub fn batch(&self, random: &mut SmallRng, now: Timestamp) -> Vec<OwnedSpan> {
        let count = random.random_range(1..=self.batch_spans_max);
        (0..count).map(|_| self.span(random, now)).collect()
    }

    pub fn trace_id(&self, random: &mut SmallRng) -> TraceId {
        TraceId::from_bytes([random.random_range(0..self.traces); 16])
    }

    fn span(&self, random: &mut SmallRng, now: Timestamp) -> OwnedSpan {
        let start = self.start(random, now);
        let parent = random.random_range(0..self.spans);
        let attributes = (0..random.random_range(0..3u8))
            .map(|number| {
                OwnedAttribute::text(format!("key.{number}"), "é".repeat(random.random_range(0..200)))
            })
            .collect();
        OwnedSpan {
            trace_id: self.trace_id(random),
            span_id: SpanId::from_bytes([random.random_range(0..self.spans); 16]),
            parent_span_id: random.random_bool(0.8).then(|| SpanId::from_bytes([parent; 16])),
            service: format!("service-{}", random.random_range(0..3u8)),
            name: format!("operation-{}", random.random_range(0..5u8)),
            kind: KINDS[random.random_range(0..KINDS.len())],
            resource_scope: random.random_bool(0.3).then(|| instance(random)),
            start,
            end: start.saturating_add(random.random_range(0..5_000_000_000)),
            status: if random.random_bool(0.1) { Status::Error } else { Status::Ok },
            attributes,
            ..OwnedSpan::root(0, 0, start)
        }
    }

    /// Draws a start: mostly inside the window, sometimes before it, at its edge or in the future. The steps are
    /// coarse, so that some starts are equal.
    fn start(&self, random: &mut SmallRng, now: Timestamp) -> Timestamp {
        const STEP: i64 = 500_000_000;
        let back = match random.random_range(0..20u8) {
            0 => random.random_range(self.window_nanos..self.window_nanos * 2),
            1 => self.window_nanos + random.random_range(-1..=1),
            2 => -random.random_range(0..self.window_nanos / 5),
            3 => 0,
            4..=9 => random.random_range(0..self.window_nanos / STEP) * STEP,
            _ => random.random_range(0..self.window_nanos / 10),
        };
        now.saturating_sub(back)
    }
}

/// Draws a resource that names the instance of the service.
fn instance(random: &mut SmallRng) -> OwnedResourceScope {
    let name = OwnedAttribute::text(SERVICE_INSTANCE, format!("instance-{}", random.random_range(0..2u8)));
    OwnedResourceScope { resource_attributes: vec![name], ..OwnedResourceScope::default() }
}
