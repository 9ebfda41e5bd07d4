//! What was acknowledged, in sixteen bytes a trace: the spans themselves come out of the seed again.

mod file;

use span::Timestamp;

pub use file::{LedgerError, read, write};

use crate::generate::{self, TRACE_SPANS_MAX, Trace};

/// Places of spans in a trace, one bit each.
pub type SpanMask = u8;

/// One trace that was sent, wholly or in part.
/// Invariant: no span is both acknowledged and uncertain, and no bit stands for a span the trace has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When the root starts.
    pub start: Timestamp,
    /// Which trace of the run this is.
    pub number: u32,
    /// Spans that were answered 202 at least once.
    pub acked: SpanMask,
    /// Spans that may or may not have arrived: the connection broke or the answer never came.
    pub uncertain: SpanMask,
}

const _: () = assert!(size_of::<Entry>() == 16, "millions of entries are kept");

impl Entry {
    pub const fn new(start: Timestamp, number: u32) -> Self {
        Self {
            start,
            number,
            acked: 0,
            uncertain: 0,
        }
    }

    /// An answer of 202 settles what was uncertain before.
    pub const fn acknowledge(&mut self, place: u8) {
        self.acked |= 1 << place;
        self.uncertain &= !(1 << place);
    }

    pub const fn doubt(&mut self, place: u8) {
        self.uncertain |= (1 << place) & !self.acked;
    }

    pub const fn is_acked(self, place: usize) -> bool {
        self.acked & (1 << place) != 0
    }

    pub const fn is_uncertain(self, place: usize) -> bool {
        self.uncertain & (1 << place) != 0
    }
}

/// What one run of the emitter knows.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Ledger {
    pub seed: u64,
    pub entries: Vec<Entry>,
}

impl Ledger {
    pub fn trace(&self, entry: Entry) -> Trace {
        generate::trace(self.seed, entry.number)
    }

    pub fn acked_spans(&self) -> u64 {
        self.entries
            .iter()
            .map(|entry| u64::from(entry.acked.count_ones()))
            .sum()
    }
}

const _: () = assert!(
    TRACE_SPANS_MAX < SpanMask::BITS as usize,
    "a bit beyond the spans is a sign of damage"
);
