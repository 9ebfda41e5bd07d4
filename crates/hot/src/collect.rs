//! The spans of one trace, copied out.

use span::{Attribute, Span, Timestamp, TraceId};

use crate::arena::Position;
use crate::record::Record;
use crate::shard::Shard;
use crate::slab::Slot;
use crate::trace::records_from;

/// Limit: records copied while the shard is locked once, so that a reader of a trace of a million spans
/// holds no writer up.
const RECORDS_A_LOCK_MAX: usize = 2048;

/// Spans of one trace by (start, span id). Owns its bytes: no lock is held.
pub struct TraceSpans {
    id: TraceId,
    bytes: Vec<u8>,
    /// Where the records begin in `bytes`, in the order of the answer.
    offsets: Vec<usize>,
}

impl TraceSpans {
    pub fn trace_id(&self) -> TraceId {
        self.id
    }

    pub fn len(&self) -> usize {
        self.offsets.len()
    }

    pub fn is_empty(&self) -> bool {
        self.offsets.is_empty()
    }

    fn record(&self, offset: usize) -> Record<'_> {
        Record::at_front_of(&self.bytes[offset..])
    }

    /// Calls `each` with the spans of a range of places in the order.
    pub fn for_each(&self, range: std::ops::Range<usize>, mut each: impl FnMut(Span<'_>)) {
        let mut attributes: Vec<Attribute<'_>> = Vec::new();
        for &offset in &self.offsets[range] {
            each(self.record(offset).decode(self.id, &mut attributes));
        }
    }
}

/// A walk through a trace from the record that was its newest when the walk began. The records do not
/// change and later ones come before that record, so the walk sees one state although the lock is
/// released on the way.
pub(crate) struct Walk {
    spans: TraceSpans,
    next: Position,
}

impl Walk {
    /// Begins a walk if the trace at `slot` is inside the window.
    pub(crate) fn begin(shard: &Shard, slot: Slot, cutoff: Timestamp) -> Option<Self> {
        let trace = shard.traces.get(slot)?;
        if trace.has_left(cutoff) || trace.is_over(cutoff) {
            return None;
        }
        let spans = TraceSpans { id: trace.id, bytes: Vec::new(), offsets: Vec::new() };
        Some(Self { spans, next: trace.newest })
    }

    /// Copies the next records. False when there are no more.
    pub(crate) fn step(&mut self, shard: &Shard, cutoff: Timestamp) -> bool {
        for (steps, (position, record)) in records_from(&shard.arena, self.next).enumerate() {
            if steps == RECORDS_A_LOCK_MAX {
                self.next = position;
                return true;
            }
            if record.start() >= cutoff {
                self.spans.offsets.push(self.spans.bytes.len());
                self.spans.bytes.extend_from_slice(record.bytes());
            }
        }
        false
    }

    /// Puts the spans in order, leaving out what the window has passed by `cutoff`.
    pub(crate) fn finish(self, cutoff: Timestamp) -> Option<TraceSpans> {
        let mut spans = self.spans;
        let mut keyed: Vec<_> = spans
            .offsets
            .iter()
            .map(|&offset| (spans.record(offset), offset))
            .map(|(record, offset)| (record.start(), record.span_id(), offset))
            .filter(|&(start, _, _)| start >= cutoff)
            .collect();
        keyed.sort_unstable();
        spans.offsets = keyed.into_iter().map(|(_, _, offset)| offset).collect();
        (!spans.is_empty()).then_some(spans)
    }
}
