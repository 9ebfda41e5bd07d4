//! The data of a trace that a shard has without reading the spans.

use hashbrown::HashTable;
use record::Record;
use span::{Reporter, SpanId, Timestamp, TraceId};
use sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::arena::{Arena, Position};
use crate::stored;

/// Limit: up to this many spans, a duplicate is found by walking through the trace. A larger trace has a set, so that
/// a trace of a million spans takes linear time.
pub(crate) const WALKED_SPANS_MAX: u64 = 24;

/// The order of spans without a parent: the smallest is the root. If both sides of a call have one start and id, the
/// caller's is the root.
pub type RootOrder = (Timestamp, SpanId, Reporter);

/// A record of a large trace.
#[derive(Clone, Copy)]
pub(crate) struct KnownSpan {
    /// The hash of span id and reporter. It is kept because the reporter of a record is found by its operation, which
    /// is slow.
    hash: u64,
    position: Position,
}

/// What older generations have of a trace when a piece of it begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Before {
    /// Older generations do not have the id.
    Nothing,
    /// Older generations have pieces of the same trace.
    Pieces,
    /// Older generations have the id, but their trace is over: a new trace begins.
    Over,
}

/// A mark that a younger piece makes on an older one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// The trace has several pieces.
    Split,
    /// The trace has several pieces, and a younger one has a smaller root.
    Superseded,
}

/// The spans of one trace that arrived during one generation.
pub struct Trace {
    pub(crate) id: TraceId,
    /// The newest record; each record has the position of the one before it.
    pub(crate) newest: Position,
    /// The smallest span without a parent, or `NONE`.
    pub(crate) root: Position,
    pub(crate) root_start: Timestamp,
    pub(crate) spans: u64,
    pub(crate) has_error: bool,
    pub(crate) begins: bool,
    /// Also set while the generation is frozen, by a thread that holds the shard of the open generation.
    pub(crate) is_split: AtomicBool,
    pub(crate) is_superseded: AtomicBool,
    pub(crate) earliest: Timestamp,
    pub(crate) latest: Timestamp,
    /// A filter with one bit for each span id. It rules out most ids that did not arrive.
    pub(crate) seen: u64,
    /// The records by span id and reporter, for a large trace.
    pub(crate) known: Option<Box<HashTable<KnownSpan>>>,
    /// The row of the trace in the segment that the generation becomes.
    pub(crate) row: AtomicU32,
}

impl Trace {
    pub(crate) fn new(id: TraceId, before: Before) -> Self {
        Self {
            id,
            newest: Position::NONE,
            root: Position::NONE,
            root_start: Timestamp::MIN,
            spans: 0,
            has_error: false,
            begins: before == Before::Over,
            is_split: AtomicBool::new(before != Before::Nothing),
            is_superseded: AtomicBool::new(false),
            earliest: Timestamp::MAX,
            latest: Timestamp::MIN,
            seen: 0,
            known: None,
            row: AtomicU32::new(u32::MAX),
        }
    }

    pub fn id(&self) -> TraceId {
        self.id
    }

    /// Whether a trace begins here although older generations have its id: their spans belong to a trace that was
    /// over.
    pub fn begins(&self) -> bool {
        self.begins
    }

    /// Whether other generations have, or had, pieces of the trace.
    pub fn is_split(&self) -> bool {
        self.is_split.load(Ordering::Relaxed)
    }

    /// Whether the trace has a root that is not listed, because another generation has a smaller one.
    pub fn is_superseded(&self) -> bool {
        self.is_superseded.load(Ordering::Relaxed)
    }

    /// Returns how many spans arrived.
    pub fn span_count(&self) -> u64 {
        self.spans
    }

    /// Returns the record that arrived last.
    pub fn newest(&self) -> Position {
        self.newest
    }

    /// Returns the start of the latest span.
    pub fn latest(&self) -> Timestamp {
        self.latest
    }

    /// Returns the start of this piece's root, if it has one.
    pub fn root_start(&self) -> Option<Timestamp> {
        self.has_root().then_some(self.root_start)
    }

    pub fn has_root(&self) -> bool {
        self.root != Position::NONE
    }

    /// Returns its row in the segment that the generation becomes; later marks need it.
    pub fn row(&self) -> u32 {
        self.row.load(Ordering::Relaxed)
    }

    pub fn set_row(&self, row: u32) {
        self.row.store(row, Ordering::Relaxed);
    }

    pub(crate) fn set_bytes(&self) -> usize {
        self.known.as_ref().map_or(0, |set| set.allocation_size() + size_of::<HashTable<KnownSpan>>())
    }

    /// Whether the trace may have a span with this id.
    #[inline]
    pub(crate) fn may_have(&self, span_id: SpanId) -> bool {
        self.seen & bit_of(span_id) != 0
    }

    /// Returns the records that may be those of the span: of a large trace the ones with this hash, else the ones with
    /// this id.
    pub(crate) fn candidates<'a>(
        &'a self,
        arena: &'a Arena,
        span_id: SpanId,
        hash: u64,
    ) -> impl Iterator<Item = Record<'a>> {
        let set = self.known.as_deref();
        let newest = if set.is_none() { self.newest } else { Position::NONE };
        let walked = stored::chain(arena, newest).map(|(_, record)| record);
        let found = set.into_iter().flat_map(move |set| set.iter_hash(hash));
        let found = found.filter(move |known| known.hash == hash);
        let found = found.filter_map(|known| stored::read(arena, known.position)).map(|(record, _)| record);
        walked.chain(found).filter(move |record| record.span_id() == span_id)
    }

    /// Adds the newest record to the filter and, if the trace is large, to its set. The set is made when the trace
    /// becomes large.
    pub(crate) fn remember(&mut self, arena: &Arena, span_id: SpanId, hash: impl Fn(&Record<'_>) -> u64) {
        self.seen |= bit_of(span_id);
        if self.spans <= WALKED_SPANS_MAX {
            // Most traces end here, without a read of what was just written, which the processor has to wait for.
            return;
        }
        let of = |(position, record): (Position, Record<'_>)| KnownSpan { hash: hash(&record), position };
        let mut records = stored::chain(arena, self.newest).map(of);
        if let Some(set) = &mut self.known {
            let newest = records.next().expect("it was just stored");
            set.insert_unique(newest.hash, newest, |known| known.hash);
        } else {
            let mut set = HashTable::new();
            for known in records {
                set.insert_unique(known.hash, known, |known| known.hash);
            }
            self.known = Some(Box::new(set));
        }
    }
}

/// Returns the bit of a span id in the filter. Ids are random or counted up: either way their last bits differ. If
/// they do not, the filter helps little, and the walk or the set decides.
fn bit_of(span_id: SpanId) -> u64 {
    let [.., last] = span_id.to_bytes();
    1 << (last % 64)
}
