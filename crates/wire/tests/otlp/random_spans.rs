//! Makes random spans that OpenTelemetry's protocol can carry whole.

use rand::RngExt as _;
use rand::rngs::SmallRng;
use span::{SpanId, Timestamp, TraceId};
use testkit::owned_span::OwnedExtras;
use testkit::{OwnedSpan, SpanGenerator};

use crate::upstream::named;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000_000);

pub(crate) fn spans(random: &mut SmallRng) -> Vec<OwnedSpan> {
    let count = random.random_range(0..20);
    let mut parents = Vec::new();
    let mut spans = Vec::new();
    for _ in 0..count {
        let trace_id = TraceId::from_bytes(random.random());
        let span = fit(SpanGenerator::new(random).span(trace_id, &parents, NOW));
        parents.push(span.span_id);
        spans.push(span);
    }
    // Half of the neighbours get equal resource scopes, because senders group their spans.
    for index in 1..spans.len() {
        if random.random() {
            let (before, from) = spans.split_at_mut(index);
            from[0].resource_scope.clone_from(&before[index - 1].resource_scope);
            from[0].service.clone_from(&before[index - 1].service);
        }
    }
    spans
}

/// Takes out of a span what the protocol cannot carry: long span ids, a service that no resource names.
fn fit(span: OwnedSpan) -> OwnedSpan {
    let extras = span.extras.map(|mut extras| {
        extras.links.iter_mut().for_each(|link| link.span_id = short(link.span_id));
        extras
    });
    OwnedSpan {
        span_id: short(span.span_id),
        parent_span_id: span.parent_span_id.map(short),
        service: if span.resource_scope.is_some() {
            span.service.clone()
        } else {
            "unknown_service".to_owned()
        },
        resource_scope: span.resource_scope.map(|resource_scope| named(resource_scope, &span.service)),
        extras: extras.filter(|extras| *extras != OwnedExtras::default()),
        ..span
    }
}

fn short(id: SpanId) -> SpanId {
    let mut bytes = id.to_bytes();
    bytes[..8].fill(0);
    bytes[15] |= 1;
    SpanId::from_bytes(bytes)
}
