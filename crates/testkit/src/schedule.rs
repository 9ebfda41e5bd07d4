//! Random batches from few ids, so that there are duplicates, several roots in a trace, and spans that are stale or
//! ahead.

use rand::RngExt as _;
use rand::rngs::SmallRng;
use span::{Kind, SERVICE_INSTANCE, SpanId, Status, Timestamp, TraceId};

use crate::owned_span::OwnedResourceScope;
use crate::{OwnedAttribute, OwnedSpan};

/// Who sends the spans of a schedule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Senders {
    /// Clients of the contract for the most part, so that duplicates are frequent.
    Ordinary,
    /// Clients of all protocols, who repeat few ids with every kind, service and instance.
    SharingIds,
}

impl Senders {
    const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Ordinary => {
                &[Kind::UNSPECIFIED, Kind::UNSPECIFIED, Kind::CLIENT, Kind::SERVER, Kind::PRODUCER]
            }
            Self::SharingIds => &[
                Kind::UNSPECIFIED,
                Kind::INTERNAL,
                Kind::SERVER,
                Kind::CLIENT,
                Kind::PRODUCER,
                Kind::CONSUMER,
                // No kind of OpenTelemetry's has these numbers.
                Kind(77),
                Kind(-1),
            ],
        }
    }

    /// Names of services. Behind some of them the name of an instance reads like the rest of another service's name.
    const fn services(self) -> &'static [&'static str] {
        match self {
            Self::Ordinary => &["service-0", "service-1", "service-2"],
            Self::SharingIds => &["", "service", "service-", "service-1"],
        }
    }

    fn resource_scope(self, random: &mut SmallRng) -> Option<OwnedResourceScope> {
        let names: &[Option<&str>] = match self {
            Self::Ordinary => &[Some("instance-0"), Some("instance-1")],
            // A resource may name no instance, or an empty one.
            Self::SharingIds => &[None, Some(""), Some("1"), Some("-1"), Some("2")],
        };
        let with_resource = if self == Self::Ordinary { 0.3 } else { 0.7 };
        random.random_bool(with_resource).then(|| {
            let attribute = pick(random, names).map(|name| OwnedAttribute::text(SERVICE_INSTANCE, name));
            OwnedResourceScope {
                resource_attributes: attribute.into_iter().collect(),
                ..OwnedResourceScope::default()
            }
        })
    }
}

/// The numbers of ids, the size of batches and the range of times that spans are drawn from.
#[derive(Clone, Debug)]
pub struct Schedule {
    pub traces: u8,
    pub spans: u8,
    pub batch_spans_max: usize,
    /// The length of the window in nanoseconds. Most starts are drawn inside it, and some just outside.
    pub window_nanos: i64,
    pub senders: Senders,
}

impl Schedule {
    /// Draws the parameters: many small traces, or few large ones; or spans that share ids.
    pub fn draw(random: &mut SmallRng) -> Self {
        if random.random_bool(0.2) {
            return Self::sharing_ids(random);
        }
        let is_large = random.random_bool(0.2);
        Self {
            traces: if is_large { random.random_range(1..=3) } else { random.random_range(1..=40) },
            spans: if is_large { 120 } else { random.random_range(1..=12) },
            batch_spans_max: if is_large { 60 } else { random.random_range(1..=20) },
            window_nanos: 60_000_000_000,
            senders: Senders::Ordinary,
        }
    }

    /// Draws the parameters of few traces with few ids, each of which many spans share.
    pub fn sharing_ids(random: &mut SmallRng) -> Self {
        Self {
            traces: random.random_range(1..=4),
            spans: random.random_range(1..=4),
            batch_spans_max: random.random_range(1..=40),
            window_nanos: 60_000_000_000,
            senders: Senders::SharingIds,
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
            service: pick(random, self.senders.services()).to_owned(),
            name: format!("operation-{}", random.random_range(0..5u8)),
            kind: pick(random, self.senders.kinds()),
            resource_scope: self.senders.resource_scope(random),
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

fn pick<T: Copy>(random: &mut SmallRng, choices: &[T]) -> T {
    choices[random.random_range(0..choices.len())]
}
