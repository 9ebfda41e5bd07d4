//! Makes export requests as a collector sends them: whole and cut traces, with the spans of each service together.

use bytes::Bytes;
use span::Timestamp;

use super::attributes::{self, AttributeInputs};
use super::protobuf::Message;
use super::services::{Endpoint, SERVICES, Service};
use crate::random::Random;

/// A trace has a root and one to four children, so it has 3.5 spans on average.
const CHILDREN_MAX: u64 = 4;
const ROOT_NANOS_MIN: u64 = 50_000_000;
const ROOT_NANOS_MAX: u64 = 500_000_000;
/// The longest time between the end of a trace and its sending, so that spans do not arrive in the order of their
/// starts.
const LAG_NANOS_MAX: u64 = 500_000_000;
const ERROR_PROBABILITY: f64 = 0.05;

const SERVER: u64 = 2;
const ERROR: u64 = 2;
/// The flags of every span: "sampled" and "the sender knows whether the parent is remote".
const FLAGS: u32 = 0x101;
const HAS_REMOTE_PARENT: u32 = 0x200;

/// Estimated bytes of a span without attributes, and of an attribute.
const SPAN_BYTES: usize = 128;
const ATTRIBUTE_BYTES: usize = 64;

/// How many spans a request has, and how many attributes each of them.
#[derive(Clone, Copy)]
pub(super) struct RequestSize {
    /// Spans in a request.
    pub(super) batch: u16,
    /// Attributes of each span.
    pub(super) attributes: u8,
}

/// Makes one request after the other.
pub(super) struct Exporter {
    size: RequestSize,
    random: Random,
    /// Spans of a trace that did not fit into the request before.
    waiting: Vec<ExportedSpan>,
}

struct ExportedSpan {
    trace_id: [u8; 16],
    span_id: [u8; 8],
    parent_span_id: Option<[u8; 8]>,
    /// The index in `SERVICES`.
    service: usize,
    endpoint: &'static Endpoint,
    start: u64,
    end: u64,
    has_failed: bool,
}

impl Exporter {
    pub(super) fn new(size: RequestSize, seed: u64, number: u64) -> Self {
        Self { size, random: Random::new(seed, number), waiting: Vec::new() }
    }

    /// Makes the body of a full request from traces that have just ended. `now` is the current time.
    pub(super) fn next_request(&mut self, now: Timestamp) -> Bytes {
        let now = u64::try_from(now.0).expect("the clock is after 1970");
        let batch = usize::from(self.size.batch);
        let mut spans = std::mem::take(&mut self.waiting);
        while spans.len() < batch {
            draw_trace(&mut self.random, now, &mut spans);
        }
        self.waiting = spans.split_off(batch);
        let attribute_bytes = ATTRIBUTE_BYTES * usize::from(self.size.attributes);
        let mut request = Message::with_capacity((SPAN_BYTES + attribute_bytes) * (batch + 1));
        for (number, service) in SERVICES.iter().enumerate() {
            let own: Vec<&ExportedSpan> = spans.iter().filter(|span| span.service == number).collect();
            if !own.is_empty() {
                request.put_message(1, |out| self.put_resource_spans(out, service, &own));
            }
        }
        request.into_bytes().into()
    }

    fn put_resource_spans(&mut self, out: &mut Message, service: &'static Service, spans: &[&ExportedSpan]) {
        out.put_message(1, |resource| {
            attributes::put_text(resource, 1, "service.name", service.name);
            for (key, value) in service.resource {
                attributes::put_text(resource, 1, key, value);
            }
        });
        out.put_message(2, |out| {
            out.put_message(1, |scope| {
                scope.put_bytes(1, service.scope.as_bytes());
                scope.put_bytes(2, b"2.20.1");
            });
            for span in spans {
                out.put_message(2, |out| self.put_span(out, service, span));
            }
        });
    }

    fn put_span(&mut self, out: &mut Message, service: &'static Service, span: &ExportedSpan) {
        let ExportedSpan { endpoint, has_failed, .. } = *span;
        out.put_bytes(1, &span.trace_id);
        out.put_bytes(2, &span.span_id);
        if let Some(parent) = &span.parent_span_id {
            out.put_bytes(4, parent);
        }
        out.put_bytes(5, format!("{} {}", endpoint.method, endpoint.route).as_bytes());
        out.put_varint(6, SERVER);
        out.put_fixed64(7, span.start);
        out.put_fixed64(8, span.end);
        let inputs = AttributeInputs { service, endpoint, has_failed };
        attributes::put(out, 9, self.size.attributes, &inputs, &mut self.random);
        // SDKs send a status even if it has no fields.
        out.put_message(15, |status| {
            if has_failed {
                status.put_varint(3, ERROR);
            }
        });
        let remote = if span.parent_span_id.is_some() { HAS_REMOTE_PARENT } else { 0 };
        out.put_fixed32(16, FLAGS | remote);
    }
}

/// Draws a trace that has just ended at `now`: a root in the first service, and children within its time. Adds the
/// spans to `out`.
fn draw_trace(random: &mut Random, now: u64, out: &mut Vec<ExportedSpan>) {
    let trace_id = (u128::from(random.next()) << u64::BITS | u128::from(random.next())).to_be_bytes();
    let duration = random.between(ROOT_NANOS_MIN, ROOT_NANOS_MAX);
    let start = now - duration - random.below(LAG_NANOS_MAX);
    let root = random.next().to_be_bytes();
    let mut draw = |random: &mut Random, service: usize, (span_id, parent_span_id), (start, end)| {
        let endpoint = random.pick(SERVICES[service].endpoints);
        let has_failed = random.chance(ERROR_PROBABILITY);
        out.push(ExportedSpan {
            trace_id,
            span_id,
            parent_span_id,
            service,
            endpoint,
            start,
            end,
            has_failed,
        });
    };
    draw(random, 0, (root, None), (start, start + duration));
    for _ in 0..random.between(1, CHILDREN_MAX) {
        let service = usize::try_from(random.between(1, SERVICES.len() as u64 - 1)).expect("an index fits");
        let offset = random.below(duration);
        let end = start + offset + random.below(duration - offset);
        let id = random.next().to_be_bytes();
        draw(random, service, (id, Some(root)), (start + offset, end));
    }
}

#[cfg(test)]
mod tests;
