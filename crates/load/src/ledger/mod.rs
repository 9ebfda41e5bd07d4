//! The ledger of a run: which spans were acknowledged, in 16 bytes for each trace. It does not store the spans,
//! because they can be generated again from the seed.

mod file;

use span::Timestamp;

pub use file::LedgerError;
pub(crate) use file::{read, write};

use crate::generate::{self, TRACE_SPANS_MAX, Trace};

/// A set of spans of one trace, one bit for each.
pub(crate) type SpanMask = u8;

/// One trace that was sent, at least in part.
/// Invariant: no span is both acknowledged and uncertain, and no bit stands beyond the spans of the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// When the root starts.
    pub(crate) start: Timestamp,
    /// Which trace of the run this is.
    pub(crate) number: u32,
    /// Spans whose request was answered 202 at least once.
    pub(crate) acked: SpanMask,
    /// Spans that may have been stored: the connection broke, or no answer came.
    pub(crate) uncertain: SpanMask,
}

const _: () = assert!(size_of::<Entry>() == 16, "millions of entries are kept");

impl Entry {
    pub(crate) const fn new(start: Timestamp, number: u32) -> Self {
        Self { start, number, acked: 0, uncertain: 0 }
    }

    /// Marks a span as acknowledged. It is then no longer uncertain.
    pub(crate) const fn acknowledge(&mut self, index: u8) {
        self.acked |= 1 << index;
        self.uncertain &= !(1 << index);
    }

    pub(crate) const fn doubt(&mut self, index: u8) {
        self.uncertain |= (1 << index) & !self.acked;
    }

    pub(crate) const fn is_acked(self, index: usize) -> bool {
        self.acked & (1 << index) != 0
    }

    pub(crate) const fn is_uncertain(self, index: usize) -> bool {
        self.uncertain & (1 << index) != 0
    }
}

/// All that one run of `emit` knows about what it sent.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Ledger {
    pub(crate) seed: u64,
    pub(crate) entries: Vec<Entry>,
}

impl Ledger {
    pub(crate) fn trace(&self, entry: Entry) -> Trace {
        generate::trace(self.seed, entry.number)
    }
}

const _: () = assert!(
    TRACE_SPANS_MAX < SpanMask::BITS as usize,
    "a mask must have a bit that no span uses, which shows damage if it is set"
);
