//! Puts the spans of a batch into the order in which they are stored.

use hot::Router;
use span::Span;

/// Sorts spans by shard and trace, and keeps their order within a trace: clients order spans by service. Then the
/// work for a trace is done once per batch, and its records are adjacent in memory.
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
