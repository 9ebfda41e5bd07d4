//! The result of a rewrite of neighbouring segments.

use std::sync::Arc;

use hot::Hash;
use segment::Generations;

use super::output_row::{InputRow, OutputRow};
use crate::view::{BitmapCopy, LiveSegment};

pub(crate) struct Rewritten {
    /// `None` if no row is left.
    bytes: Option<Vec<u8>>,
    generations: Generations,
    /// The hash of each row's trace id.
    hashes: Vec<Hash>,
    /// For each row of each input, its row in the output; `None` for rows that are not in the output.
    moves: Vec<Vec<Option<Move>>>,
    /// Rows whose root is superseded by the evicted root in their carryover.
    superseded: Vec<u32>,
    split: Vec<u32>,
    /// The rows of each input that were split when it was read.
    split_before: Vec<BitmapCopy>,
    spans_dropped: u64,
}

#[derive(Clone, Copy)]
struct Move {
    row: u32,
    /// Whether the root of the output's row is the root of this row.
    is_root: bool,
}

impl Rewritten {
    /// Makes an output without rows. `hashes` are those of the trace ids of all rows that follow.
    pub(super) fn new(inputs: &[Arc<LiveSegment>], hashes: Vec<Hash>) -> Self {
        let first = inputs.first().expect("there is an input").file().meta();
        let last = inputs.last().expect("there is an input").file().meta();
        Self {
            bytes: None,
            generations: Generations { first: first.generations.first, last: last.generations.last },
            hashes,
            moves: inputs.iter().map(|input| vec![None; input.file().meta().traces as usize]).collect(),
            superseded: Vec::new(),
            split: Vec::new(),
            split_before: Vec::new(),
            spans_dropped: inputs.iter().map(|input| input.file().meta().spans).sum(),
        }
    }

    /// Adds a row that was written with this many spans.
    pub(super) fn add(&mut self, output: &OutputRow, row: u32, spans: usize) {
        self.spans_dropped -= spans as u64;
        for &from in &output.from {
            let InputRow { input, row: input_row } = from;
            let is_root = output.root_from == Some(from);
            self.moves[input][input_row as usize] = Some(Move { row, is_root });
        }
        if output.is_split {
            self.split.push(row);
        }
        if output.root.is_some() && output.carryover.gone_root.is_some() {
            self.superseded.push(row);
        }
    }

    /// Sets the rows of each input that were split when it was read.
    pub(super) fn with_split_before(self, split_before: Vec<BitmapCopy>) -> Self {
        Self { split_before, ..self }
    }

    pub(super) fn finish(&mut self, bytes: Vec<u8>) {
        self.bytes = Some(bytes);
    }

    /// Returns the bytes of the segment, or `None` if no row is left.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        self.bytes.as_deref()
    }

    pub(crate) fn generations(&self) -> Generations {
        self.generations
    }

    pub(crate) fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    pub(crate) fn rows(&self) -> usize {
        self.hashes.len()
    }

    pub(crate) fn spans_dropped(&self) -> u64 {
        self.spans_dropped
    }

    /// Copies the marks of the inputs to the output. The caller holds every shard of the open generation.
    pub(crate) fn carry_marks(&self, inputs: &[Arc<LiveSegment>], output: &LiveSegment) {
        for &row in &self.split {
            output.mark_split(row);
        }
        for &row in &self.superseded {
            output.supersede_root(row);
        }
        for ((input, moves), split_before) in inputs.iter().zip(&self.moves).zip(&self.split_before) {
            let split_since = input.split_since(split_before);
            for to in split_since.filter_map(|row| moves[row as usize]) {
                output.mark_split(to.row);
            }
            let superseded = input.superseded_rows();
            let rows = superseded.ones().take_while(|&row| (row as usize) < moves.len());
            for to in rows.filter_map(|row| moves[row as usize]).filter(|to| to.is_root) {
                output.supersede_root(to.row);
            }
        }
    }
}
