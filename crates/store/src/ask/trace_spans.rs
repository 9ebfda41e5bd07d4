//! The spans of one trace, copied out.

use std::ops::Range;
use std::sync::Arc;

use bumpalo::Bump;
use hot::{Generation, Position, Slot};
use record::{Reader, Record, put_origin, take_origin, write_span};
use segment::Damaged;
use span::{Origin, Span, Timestamp, TraceId};

use crate::view::Unit;

/// Limit: records copied while the shard is locked once, so that a reader of a trace of a million spans
/// holds no writer up.
const RECORDS_A_LOCK_MAX: usize = 2048;

/// Spans of one trace by (start, span id). Owns its bytes: no lock is held.
pub struct TraceSpans {
    id: TraceId,
    bytes: Vec<u8>,
    /// Where the records begin in `bytes`, in the order of the answer.
    offsets: Vec<usize>,
    origins: Vec<Arc<[u8]>>,
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

    /// Calls `each` with the spans of a range of places in the order.
    pub fn for_each(&self, range: Range<usize>, mut each: impl FnMut(Span<'_>)) {
        let origins_arena = Bump::new();
        let origins: Vec<Origin<'_>> = self
            .origins
            .iter()
            .map(|bytes| take_origin(&mut Reader::new(bytes), &origins_arena).expect("it was written here"))
            .collect();
        let mut arena = Bump::new();
        for &offset in &self.offsets[range] {
            arena.reset();
            let span = self.record(offset).decode(self.id, &arena, |number| origins.get(number as usize));
            each(span.expect("the records were written here"));
        }
    }

    fn record(&self, offset: usize) -> Record<'_> {
        Record::at_front_of(&self.bytes[offset..])
    }

    pub(super) fn new(id: TraceId) -> Self {
        Self { id, bytes: Vec::new(), offsets: Vec::new(), origins: Vec::new() }
    }

    /// Adds what a hot generation has before `end`. The records do not change and later ones come before the
    /// one that is the newest now, so the walk sees one state although the lock is released on the way.
    pub(super) fn add_hot(
        &mut self,
        generation: &Generation,
        shard: usize,
        (slot, end): (Slot, Position),
        cutoff: Timestamp,
    ) {
        let base = u32::try_from(self.origins.len()).expect("less than 2^32 origins");
        let mut next = generation.read(shard).records(slot, end).next().map(|(position, _)| position);
        let first = self.offsets.len();
        while let Some(from) = next.take() {
            let shard = generation.read(shard);
            for (steps, (position, record)) in shard.records_from(from).enumerate() {
                if steps == RECORDS_A_LOCK_MAX {
                    next = Some(position);
                    break;
                }
                if record.start() >= cutoff {
                    self.offsets.push(self.bytes.len());
                    record.write_with_origin(&mut self.bytes, base + record.origin().unwrap_or_default());
                }
            }
        }
        // Order: after the walk, so that every number that a record has is known.
        if self.offsets[first..].iter().any(|&offset| self.record(offset).origin().is_some()) {
            self.origins.extend(generation.origins());
        }
    }

    /// Adds a row of a segment.
    pub(super) fn add_row(&mut self, unit: &Unit, row: u32, cutoff: Timestamp) -> Result<(), Damaged> {
        let arena = Bump::new();
        let mut last: Option<&Origin<'_>> = None;
        for span in unit.segment.spans(row, &arena)?.iter().filter(|span| span.start >= cutoff) {
            if let Some(origin) = span.origin
                && !last.is_some_and(|last| std::ptr::eq(last, origin))
            {
                let mut bytes = Vec::new();
                put_origin(&mut bytes, origin);
                self.origins.push(bytes.into());
                last = Some(origin);
            }
            let number = u32::try_from(self.origins.len()).expect("less than 2^32 origins");
            self.offsets.push(self.bytes.len());
            write_span(&mut self.bytes, span, span.origin.map(|_| number - 1));
        }
        Ok(())
    }

    /// Puts the spans in order.
    pub(super) fn finish(mut self) -> Option<Self> {
        let key = |offset: usize| {
            let record = self.record(offset);
            (record.start(), record.span_id(), offset)
        };
        let mut keyed: Vec<_> = self.offsets.iter().map(|&offset| key(offset)).collect();
        keyed.sort_unstable();
        self.offsets = keyed.into_iter().map(|(_, _, offset)| offset).collect();
        (!self.is_empty()).then_some(self)
    }
}
