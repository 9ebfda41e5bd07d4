//! Fills requests with the spans of one trace after the other. Requests are full except at the end of a run, so some
//! traces are spread over several requests.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use span::Timestamp;

use super::encode::{Content, PlacedSpan, encode_batch};
use crate::generate::{self, Trace};
use crate::ledger::Entry;

/// Gives every trace of a run its number. All workers share it.
#[derive(Debug, Default)]
pub(crate) struct TraceNumbers(AtomicU32);

impl TraceNumbers {
    /// Returns the next number, or `None` after 2^32 traces, because a ledger has four bytes for a number.
    fn take(&self) -> Option<u32> {
        let step = |number: u32| number.checked_add(1);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).ok()
    }

    /// Returns how many numbers are in use.
    pub(crate) fn taken(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Makes the requests of one worker.
pub(crate) struct Batcher<'a> {
    seed: u64,
    shuffle_probability: f64,
    numbers: &'a TraceNumbers,
    /// The earliest time at which a trace may start.
    floor: Timestamp,
    /// Traces with spans that are not sent yet. Limit: the spans of one request and one trace more.
    open: VecDeque<OpenTrace>,
    has_tags: bool,
    pub(crate) entries: Vec<Entry>,
}

struct OpenTrace {
    entry: usize,
    trace: Trace,
    /// How many of the trace's spans are in a request already, in the order of sending.
    batched: usize,
}

/// The body of one request, and where its spans are in the ledger.
pub(crate) struct Batch {
    pub(crate) body: Bytes,
    pub(crate) spans: Vec<SpanRef>,
}

/// Where a span is in the ledger: the entry, and the index within its trace.
#[derive(Clone, Copy)]
pub(crate) struct SpanRef {
    entry: usize,
    span: u8,
}

impl<'a> Batcher<'a> {
    pub(crate) const fn new(
        seed: u64,
        shuffle_probability: f64,
        numbers: &'a TraceNumbers,
        floor: Timestamp,
    ) -> Self {
        Self {
            seed,
            shuffle_probability,
            numbers,
            floor,
            open: VecDeque::new(),
            has_tags: true,
            entries: Vec::new(),
        }
    }

    /// Leaves out the tags of every span. Such spans cannot be verified with a ledger, which stands for spans with
    /// tags.
    pub(crate) const fn without_tags(mut self) -> Self {
        self.has_tags = false;
        self
    }

    /// Makes a request of `spans_max` spans from traces that have just ended. Returns a smaller one, and then `None`,
    /// when there are no more numbers of traces.
    pub(crate) fn next_batch(&mut self, spans_max: usize, now: Timestamp) -> Option<Batch> {
        let mut waiting: usize = self.open.iter().map(OpenTrace::waiting).sum();
        while waiting < spans_max {
            let Some(number) = self.numbers.take() else { break };
            waiting += self.open_trace(number, now);
        }
        self.take_batch(spans_max)
    }

    /// Makes a request of at most `spans_max` spans that are left over from traces that were begun. Returns `None` if
    /// there are none.
    pub(crate) fn last_batch(&mut self, spans_max: usize) -> Option<Batch> {
        self.take_batch(spans_max)
    }

    fn open_trace(&mut self, number: u32, now: Timestamp) -> usize {
        let mut trace = generate::trace(self.seed, number);
        trace.shuffle(self.seed, number, self.shuffle_probability);
        if !self.has_tags {
            trace.spans.iter_mut().for_each(|span| span.tags.clear());
        }
        let spans = trace.spans.len();
        let entry = self.entries.len();
        self.entries.push(Entry::new(trace.start_at(now, self.floor), number));
        self.open.push_back(OpenTrace { entry, trace, batched: 0 });
        spans
    }

    fn take_batch(&mut self, spans_max: usize) -> Option<Batch> {
        let mut refs = Vec::with_capacity(spans_max);
        let mut placed = Vec::with_capacity(spans_max);
        for open in &self.open {
            let room = spans_max - refs.len();
            for &span in open.trace.send_order[open.batched..].iter().take(room) {
                refs.push(SpanRef { entry: open.entry, span });
                placed.push(PlacedSpan {
                    trace_id: open.trace.trace_id,
                    root_start: self.entries[open.entry].start,
                    span: &open.trace.spans[usize::from(span)],
                    content: Content::Original,
                });
            }
        }
        if refs.is_empty() {
            return None;
        }
        let body = encode_batch(&placed);
        self.advance(refs.len());
        Some(Batch { body, spans: refs })
    }

    fn advance(&mut self, mut spans: usize) {
        while let Some(open) = self.open.front_mut() {
            let step = spans.min(open.waiting());
            open.batched += step;
            spans -= step;
            if open.waiting() > 0 {
                break;
            }
            self.open.pop_front();
        }
    }

    /// Encodes duplicates of the spans of a request: ids and times are equal, but the content differs. The server
    /// must not store them.
    pub(crate) fn altered_body(&self, batch: &Batch) -> Bytes {
        let of_span = |span: &SpanRef| {
            let entry = self.entries[span.entry];
            (generate::trace(self.seed, entry.number), entry.start, usize::from(span.span))
        };
        let regenerated: Vec<_> = batch.spans.iter().map(of_span).collect();
        let placed = regenerated.iter().map(|(trace, root_start, span)| PlacedSpan {
            trace_id: trace.trace_id,
            root_start: *root_start,
            span: &trace.spans[*span],
            content: Content::Altered,
        });
        encode_batch(&placed.collect::<Vec<_>>())
    }

    pub(crate) fn acknowledge(&mut self, batch: &Batch) {
        for span in &batch.spans {
            self.entries[span.entry].acknowledge(span.span);
        }
    }

    pub(crate) fn doubt(&mut self, batch: &Batch) {
        for span in &batch.spans {
            self.entries[span.entry].doubt(span.span);
        }
    }
}

impl OpenTrace {
    fn waiting(&self) -> usize {
        self.trace.send_order.len() - self.batched
    }
}

#[cfg(test)]
mod tests {
    use span::Timestamp;

    use super::{Batcher, TraceNumbers};
    use crate::generate;

    const NOW: Timestamp = Timestamp(1_700_000_000_000_000_000);
    const FLOOR: Timestamp = Timestamp(0);

    #[test]
    fn requests_are_full_and_every_span_is_in_exactly_one() {
        let numbers = TraceNumbers::default();
        let mut batcher = Batcher::new(3, 0.5, &numbers, FLOOR);
        let mut sent = 0;
        for _ in 0..100 {
            let batch = batcher.next_batch(7, NOW).unwrap();
            assert_eq!(batch.spans.len(), 7);
            batcher.acknowledge(&batch);
            sent += 7;
        }
        while let Some(batch) = batcher.last_batch(7) {
            batcher.acknowledge(&batch);
            sent += batch.spans.len();
        }
        let made: usize =
            batcher.entries.iter().map(|entry| generate::trace(3, entry.number).spans.len()).sum();
        let acked: u32 = batcher.entries.iter().map(|entry| entry.acked.count_ones()).sum();
        assert_eq!((sent, usize::try_from(acked).unwrap()), (made, made));
    }

    #[test]
    fn a_request_has_the_form_of_the_contract() {
        let numbers = TraceNumbers::default();
        let mut batcher = Batcher::new(3, 0.0, &numbers, FLOOR);
        let batch = batcher.next_batch(500, NOW).unwrap();
        let body: serde_json::Value = serde_json::from_slice(&batch.body).unwrap();
        let spans = body["spans"].as_array().unwrap();
        assert_eq!(spans.len(), 500);
        let root = &generate::trace(3, 0).spans[0];
        assert_eq!(spans[0]["trace_id"], generate::trace_id(3, 0).to_string());
        assert_eq!(spans[0]["span_id"], root.span_id.to_string());
        assert!(spans[0].get("parent_span_id").is_none());
        assert_eq!(spans[0]["service"], "checkout");
        assert_eq!(spans[0]["operation"], root.operation);
        assert_eq!(spans[1]["parent_span_id"], root.span_id.to_string());
        assert!(spans.iter().all(|span| span["end_time"].as_i64().unwrap() <= NOW.0));
        let altered: serde_json::Value = serde_json::from_slice(&batcher.altered_body(&batch)).unwrap();
        assert_eq!(altered["spans"][0]["span_id"], spans[0]["span_id"]);
        assert_ne!(altered["spans"][0]["operation"], spans[0]["operation"]);
        assert_ne!(altered["spans"][0]["status"], spans[0]["status"]);
    }
}
