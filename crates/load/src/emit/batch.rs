//! Fills requests with the spans of successive traces, so that requests are full and traces get split.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use span::Timestamp;

use super::encode::{Edition, PlacedSpan, encode_batch};
use crate::generate::{self, Trace};
use crate::ledger::Entry;

/// Hands out the numbers of traces to all workers of a run, each once.
#[derive(Debug, Default)]
pub(crate) struct TraceNumbers(AtomicU32);

impl TraceNumbers {
    /// The next number, or none after four thousand million traces: a ledger cannot count further.
    fn take(&self) -> Option<u32> {
        let step = |number: u32| number.checked_add(1);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).ok()
    }

    /// How many have been handed out.
    pub(crate) fn taken(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The traces of one worker on their way into requests.
pub(crate) struct Batcher<'a> {
    seed: u64,
    shuffle_probability: f64,
    numbers: &'a TraceNumbers,
    /// No trace starts before this.
    floor: Timestamp,
    /// Limit: what one request takes and one trace more.
    open: VecDeque<OpenTrace>,
    has_tags: bool,
    pub(crate) entries: Vec<Entry>,
}

struct OpenTrace {
    entry: usize,
    trace: Trace,
    /// How many places of the send order are in a request already.
    batched: usize,
}

/// One request's spans and what they are called in the ledger.
pub(crate) struct Batch {
    pub(crate) body: Bytes,
    pub(crate) places: Vec<Place>,
}

/// A span of the ledger: which entry, and which span of its trace.
#[derive(Clone, Copy)]
pub(crate) struct Place {
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

    /// Leaves the tags of every span away. What is sent then is not what a ledger leads back to.
    pub(crate) const fn without_tags(mut self) -> Self {
        self.has_tags = false;
        self
    }

    /// A full request, made of traces that have just ended; none when the numbers have run out.
    pub(crate) fn next_batch(&mut self, spans_max: usize, now: Timestamp) -> Option<Batch> {
        let mut waiting: usize = self.open.iter().map(OpenTrace::waiting).sum();
        while waiting < spans_max {
            let Some(number) = self.numbers.take() else { break };
            waiting += self.open_trace(number, now);
        }
        self.take_batch(spans_max)
    }

    /// What is left over when no more traces are wanted.
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
        let mut places = Vec::with_capacity(spans_max);
        let mut placed = Vec::with_capacity(spans_max);
        for open in &self.open {
            let room = spans_max - places.len();
            for &span in open.trace.send_order[open.batched..].iter().take(room) {
                places.push(Place { entry: open.entry, span });
                placed.push(PlacedSpan {
                    trace_id: open.trace.trace_id,
                    root_start: self.entries[open.entry].start,
                    span: &open.trace.spans[usize::from(span)],
                    edition: Edition::First,
                });
            }
        }
        if places.is_empty() {
            return None;
        }
        let body = encode_batch(&placed);
        self.advance(places.len());
        Some(Batch { body, places })
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

    /// The same spans once more with other content, which the server has to leave aside.
    pub(crate) fn altered_body(&self, batch: &Batch) -> Bytes {
        let of_place = |place: &Place| {
            let entry = self.entries[place.entry];
            (generate::trace(self.seed, entry.number), entry.start, usize::from(place.span))
        };
        let regenerated: Vec<_> = batch.places.iter().map(of_place).collect();
        let placed = regenerated.iter().map(|(trace, root_start, span)| PlacedSpan {
            trace_id: trace.trace_id,
            root_start: *root_start,
            span: &trace.spans[*span],
            edition: Edition::Altered,
        });
        encode_batch(&placed.collect::<Vec<_>>())
    }

    pub(crate) fn acknowledge(&mut self, batch: &Batch) {
        for place in &batch.places {
            self.entries[place.entry].acknowledge(place.span);
        }
    }

    pub(crate) fn doubt(&mut self, batch: &Batch) {
        for place in &batch.places {
            self.entries[place.entry].doubt(place.span);
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
            assert_eq!(batch.places.len(), 7);
            batcher.acknowledge(&batch);
            sent += 7;
        }
        while let Some(batch) = batcher.last_batch(7) {
            batcher.acknowledge(&batch);
            sent += batch.places.len();
        }
        let made: usize =
            batcher.entries.iter().map(|entry| generate::trace(3, entry.number).spans.len()).sum();
        let acked: u32 = batcher.entries.iter().map(|entry| entry.acked.count_ones()).sum();
        assert_eq!((sent, usize::try_from(acked).unwrap()), (made, made));
    }

    #[test]
    fn a_request_reads_back_as_the_contract_wants_it() {
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
