//! The data of a trace that a shard has without reading the spans.

use hashbrown::HashTable;
use record::Record;
use span::{Side, SpanId, Timestamp, TraceId};
use sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::arena::{Arena, Position};
use crate::stored;

/// Limit: up to this many spans, a duplicate is found by walking through the trace. A larger trace has a set, so that
/// a trace of a million spans takes linear time.
pub(crate) const WALKED_SPANS_MAX: u64 = 24;

/// The order of spans without a parent: the smallest is the root. If both sides of a call have one start and id, the
/// client's is the root.
pub type RootOrder = (Timestamp, SpanId, Side);

pub(crate) fn root_order(record: &Record<'_>) -> RootOrder {
    (record.start(), record.span_id(), record.side())
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
    /// The records by span id, for a large trace.
    pub(crate) by_span_id: Option<Box<HashTable<Position>>>,
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
            by_span_id: None,
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
        self.by_span_id.as_ref().map_or(0, |set| set.allocation_size() + size_of::<HashTable<Position>>())
    }

    /// Whether the trace may have a span with this id.
    #[inline]
    pub(crate) fn may_have(&self, span_id: SpanId) -> bool {
        self.seen & bit_of(span_id) != 0
    }

    /// Returns the records with this id.
    pub(crate) fn with_id<'a>(
        &'a self,
        arena: &'a Arena,
        span_id: SpanId,
        hash: impl Fn(SpanId) -> u64,
    ) -> impl Iterator<Item = Record<'a>> {
        let set = self.by_span_id.as_deref();
        let newest = if set.is_none() { self.newest } else { Position::NONE };
        let walked = stored::chain(arena, newest).map(|(_, record)| record);
        let found = set.into_iter().flat_map(move |set| set.iter_hash(hash(span_id)));
        let found = found.filter_map(|&at| stored::read(arena, at)).map(|(record, _)| record);
        walked.chain(found).filter(move |record| record.span_id() == span_id)
    }

    /// Adds the newest record to the filter and, if the trace is large, to its set. The set is made when the trace
    /// becomes large.
    pub(crate) fn remember(
        &mut self,
        arena: &Arena,
        position: Position,
        span_id: SpanId,
        hash: impl Fn(SpanId) -> u64,
    ) {
        self.seen |= bit_of(span_id);
        let rehash = |&at: &Position| stored::read(arena, at).map_or(0, |(record, _)| hash(record.span_id()));
        if let Some(set) = &mut self.by_span_id {
            set.insert_unique(rehash(&position), position, rehash);
        } else if self.spans > WALKED_SPANS_MAX {
            let mut set = HashTable::new();
            for (position, record) in stored::chain(arena, self.newest) {
                set.insert_unique(hash(record.span_id()), position, rehash);
            }
            self.by_span_id = Some(Box::new(set));
        }
    }
}

/// Returns the bit of a span id in the filter. Ids are random or counted up: either way their last bits differ. If
/// they do not, the filter helps little, and the walk or the set decides.
fn bit_of(span_id: SpanId) -> u64 {
    let [.., last] = span_id.to_bytes();
    1 << (last % 64)
}
