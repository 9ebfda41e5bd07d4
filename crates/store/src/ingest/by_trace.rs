//! The order in which the spans of a batch are kept.

use hot::Router;
use span::Span;

/// The spans of each trace together, as they came, and the traces of a shard together: senders order spans by service.
/// Work for each trace is then done once for a batch, and the trace's records lie side by side in memory.
pub(super) fn by_trace<'a>(router: &Router, spans: impl Iterator<Item = &'a Span<'a>>) -> Vec<&'a Span<'a>> {
    let mut keyed: Vec<(u64, &Span<'_>)> = Vec::with_capacity(spans.size_hint().1.unwrap_or_default());
    for span in spans {
        let key = match keyed.last() {
            Some((key, before)) if before.trace_id == span.trace_id => *key,
            _ => router.order(router.hash(span.trace_id)),
        };
        keyed.push((key, span));
    }
    keyed.sort_by_key(|&(key, _)| key);
    keyed.into_iter().map(|(_, span)| span).collect()
}
