//! What was acknowledged, in sixteen bytes a trace: the spans themselves come out of the seed again.

mod file;

use span::Timestamp;

pub use file::LedgerError;
pub(crate) use file::{read, write};

use crate::generate::{self, TRACE_SPANS_MAX, Trace};

/// Places of spans in a trace, one bit each.
pub(crate) type SpanMask = u8;

/// One trace that was sent, wholly or in part.
/// Invariant: no span is both acknowledged and uncertain, and no bit stands for a span the trace has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// When the root starts.
    pub(crate) start: Timestamp,
    /// Which trace of the run this is.
    pub(crate) number: u32,
    /// Spans that were answered 202 at least once.
    pub(crate) acked: SpanMask,
    /// Spans that may or may not have arrived: the connection broke or the answer never came.
    pub(crate) uncertain: SpanMask,
}

const _: () = assert!(size_of::<Entry>() == 16, "millions of entries are kept");

impl Entry {
    pub(crate) const fn new(start: Timestamp, number: u32) -> Self {
        Self { start, number, acked: 0, uncertain: 0 }
    }

    /// An answer of 202 settles what was uncertain before.
    pub(crate) const fn acknowledge(&mut self, place: u8) {
        self.acked |= 1 << place;
        self.uncertain &= !(1 << place);
    }

    pub(crate) const fn doubt(&mut self, place: u8) {
        self.uncertain |= (1 << place) & !self.acked;
    }

    pub(crate) const fn is_acked(self, place: usize) -> bool {
        self.acked & (1 << place) != 0
    }

    pub(crate) const fn is_uncertain(self, place: usize) -> bool {
        self.uncertain & (1 << place) != 0
    }
}

/// What one run of the emitter knows.
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

const _: () =
    assert!(TRACE_SPANS_MAX < SpanMask::BITS as usize, "a bit beyond the spans is a sign of damage");
