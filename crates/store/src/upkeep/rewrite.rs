//! Segments are written anew as one: merged, or without what has left.
//!
//! What a trace has to remember goes with it: a root that has left, as long as a piece of the trace may still
//! be inside the window; and that older pieces of the same id are not its own.

use std::sync::Arc;

use bumpalo::Bump;
use hashbrown::HashMap;
use hot::{Hash, Position, RootKey, RootOrder};
use segment::{Carryover, Generations, SpanReader, Writer};
use span::{Span, Timestamp, TraceId};

use crate::ask::{Pieces, Wanted, root_order, row_root, smaller};
use crate::fault::Fault;
use crate::store::Store;
use crate::view::{BitmapCopy, Unit, View};

/// Limit: what has been read of the inputs is forgotten when it takes so much memory.
const ARENA_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Of a row of an input: it is not in the output.
const DROPPED: u32 = u32::MAX;

/// What comes of some neighbouring segments.
pub(super) struct Rewritten {
    /// Nothing where no row is left.
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) generations: Generations,
    pub(super) rows: usize,
    /// Of the id of each row of the output.
    pub(super) hashes: Vec<Hash>,
    /// For each input, where each of its rows went.
    moves: Vec<Vec<Move>>,
    /// Rows of which the root is superseded by the one that they remember.
    superseded: Vec<u32>,
    split: Vec<u32>,
    /// Which rows of each input were shared when it was read.
    split_before: Vec<BitmapCopy>,
    pub(super) spans_dropped: u64,
}

#[derive(Clone, Copy)]
struct Move {
    row: u32,
    /// The root of the output's row is this one's.
    is_root: bool,
}

/// The rows of one trace, the oldest first, as (input, row).
type Rows = Vec<(usize, u32)>;

/// Whether other segments or generations may have pieces of a trace.
#[derive(Clone, Copy)]
enum Reach {
    Alone,
    Split,
}

/// A row of the output before it is written.
struct Draft {
    id: TraceId,
    rows: Rows,
    carryover: Carryover,
    /// The smallest span without a parent that stays.
    root: Option<RootOrder>,
    root_from: Option<(usize, u32)>,
    is_split: bool,
}

/// The inputs, and what they are judged by.
struct Inputs<'a> {
    store: &'a Store,
    view: &'a View,
    units: &'a [Arc<Unit>],
    /// Which rows of each are shared. Writers go on to mark rows: one that is looked at twice must be the same.
    split: &'a [BitmapCopy],
    /// What starts before it goes.
    cutoff: Timestamp,
}

impl Store {
    /// Writes `units`, neighbours in the view, as one segment, without what starts before `cutoff`.
    pub(super) fn rewrite(&self, units: &[Arc<Unit>], cutoff: Timestamp) -> Result<Rewritten, Fault> {
        let view = self.views.current();
        let split_before: Vec<BitmapCopy> = units.iter().map(|unit| unit.split.now()).collect();
        let inputs = Inputs { store: self, view: &view, units, split: &split_before, cutoff };
        let mut drafts = inputs.drafts()?;
        drafts.sort_unstable_by_key(|draft| {
            let rooted = draft.root.map(|(start, ..)| RootKey::new(start, draft.id));
            (rooted.is_none(), rooted, draft.id)
        });
        let rewritten = inputs.write(&drafts)?;
        Ok(Rewritten { split_before, ..rewritten })
    }
}

impl Inputs<'_> {
    fn drafts(&self) -> Result<Vec<Draft>, Fault> {
        let mut drafts = Vec::new();
        let mut split: HashMap<TraceId, Rows> = HashMap::new();
        for (input, (unit, is_split)) in self.units.iter().zip(self.split).enumerate() {
            let meta = unit.segment.meta();
            let all_left = meta.start_max < self.cutoff;
            for row in (0..meta.traces).filter(|&row| is_split.get(row)) {
                let id = unit.segment.trace_id(row).map_err(Fault::of(unit))?;
                split.entry(id).or_default().push((input, row));
            }
            // Of a trace that has no other piece nothing remains when its spans have left.
            let single = (0..if all_left { 0 } else { meta.traces }).filter(|&row| !is_split.get(row));
            for row in single {
                let id = unit.segment.trace_id(row).map_err(Fault::of(unit))?;
                drafts.extend(self.draft(id, vec![(input, row)], Reach::Alone)?);
            }
        }
        for (id, rows) in split {
            drafts.extend(self.draft(id, rows, Reach::Split)?);
        }
        Ok(drafts)
    }

    /// The output's row for a trace, if there is to be one.
    fn draft(&self, id: TraceId, mut rows: Rows, reach: Reach) -> Result<Option<Draft>, Fault> {
        let mut begins = false;
        for at in (0..rows.len()).rev() {
            if self.carryover(rows[at])?.begins {
                begins = true;
                rows.drain(..at);
                break;
            }
        }
        // Once split, always split: a piece that begins from here on marks what is marked already, and nobody
        // would see that it did.
        let is_split = matches!(reach, Reach::Split);
        let mut draft =
            Draft { id, rows, carryover: Carryover::default(), root: None, root_from: None, is_split };
        let mut remembered = None;
        let mut has_spans = false;
        for &place in &draft.rows {
            has_spans |= self.keeps_spans(place)?;
            remembered = smaller(remembered, self.root(place)?);
            if let Some(root) = self.kept_root(place)?
                && draft.root.is_none_or(|known| root < known)
            {
                (draft.root, draft.root_from) = (Some(root), Some(place));
            }
        }
        let outside = match reach {
            Reach::Alone => None,
            Reach::Split => self.outside(&draft)?,
        };
        let goes_on = has_spans || outside.is_some_and(|latest| latest >= self.cutoff);
        let gone_root = remembered.filter(|&root| goes_on && draft.root != Some(root));
        let gone_root = gone_root.map(|(start, id, _)| (start, id));
        draft.carryover = Carryover { begins: begins && goes_on && outside.is_some(), gone_root };
        let says_something = draft.carryover != Carryover::default();
        Ok((has_spans || (says_something && outside.is_some())).then_some(draft))
    }

    /// The latest start of the pieces that are not among the inputs, where there are any.
    fn outside(&self, draft: &Draft) -> Result<Option<Timestamp>, Fault> {
        let hash = self.store.router.hash(draft.id);
        let shard = self.store.router.shard(hash);
        let wanted = Wanted { id: draft.id, hash, shard, end: Position::MAX };
        let pieces = Pieces::find_all(self.view, &self.store.directory, wanted)?;
        pieces.latest_outside(self.units)
    }

    fn carryover(&self, (input, row): (usize, u32)) -> Result<Carryover, Fault> {
        let unit = &self.units[input];
        unit.segment.carryover(row).map_err(Fault::of(unit))
    }

    fn root(&self, (input, row): (usize, u32)) -> Result<Option<RootOrder>, Fault> {
        let unit = &self.units[input];
        row_root(unit, row).map_err(Fault::of(unit))
    }

    fn keeps_spans(&self, (input, row): (usize, u32)) -> Result<bool, Fault> {
        let unit = &self.units[input];
        if unit.segment.meta().start_min >= self.cutoff {
            return Ok(unit.segment.span_count(row).map_err(Fault::of(unit))? > 0);
        }
        let mut keeps = false;
        let each = |start: Timestamp, _| keeps |= start >= self.cutoff;
        unit.segment.for_each_start(row, each).map_err(Fault::of(unit))?;
        Ok(keeps)
    }

    /// The smallest span without a parent that stays. The row's own root is that, unless it has left.
    fn kept_root(&self, (input, row): (usize, u32)) -> Result<Option<RootOrder>, Fault> {
        let unit = &self.units[input];
        if row >= unit.segment.meta().rooted {
            return Ok(None);
        }
        let root = unit.segment.root(row).map_err(Fault::of(unit))?;
        if root.start >= self.cutoff {
            return Ok(Some(root_order(&root)));
        }
        let arena = Bump::new();
        let spans = unit.segment.spans(row, &arena).map_err(Fault::of(unit))?;
        let stays = |span: &&Span<'_>| span.is_root() && span.start >= self.cutoff;
        Ok(spans.iter().find(stays).map(Span::order))
    }

    fn write(&self, drafts: &[Draft]) -> Result<Rewritten, Fault> {
        let generations = Generations {
            first: self.units[0].segment.meta().generations.first,
            last: self.units[self.units.len() - 1].segment.meta().generations.last,
        };
        let dropped = Move { row: DROPPED, is_root: false };
        let moves = self.units.iter().map(|unit| vec![dropped; unit.segment.meta().traces as usize]);
        let before: u64 = self.units.iter().map(|unit| unit.segment.meta().spans).sum();
        let mut rewritten = Rewritten {
            bytes: None,
            generations,
            rows: drafts.len(),
            hashes: drafts.iter().map(|draft| self.store.router.hash(draft.id)).collect(),
            moves: moves.collect(),
            superseded: Vec::new(),
            split: Vec::new(),
            split_before: Vec::new(),
            spans_dropped: before,
        };
        if drafts.is_empty() {
            return Ok(rewritten);
        }
        let mut writer = Writer::new(generations);
        writer.reserve(drafts.len(), usize::try_from(before).expect("they fit into a segment"));
        let mut numbered = drafts.iter().zip(0u32..).peekable();
        while numbered.peek().is_some() {
            let arena = Bump::new();
            let mut readers: Vec<SpanReader<'_>> =
                self.units.iter().map(|unit| unit.segment.reader(&arena)).collect();
            while let Some((draft, number)) = numbered.next_if(|_| arena.allocated_bytes() < ARENA_BYTES_MAX)
            {
                let spans = self.spans(draft, &mut readers, &arena)?;
                rewritten.spans_dropped -= spans.len() as u64;
                writer.push(draft.id, draft.carryover, spans);
                rewritten.note(draft, number);
            }
        }
        rewritten.bytes = Some(writer.finish());
        Ok(rewritten)
    }

    /// What stays of all pieces, in the order of a trace.
    fn spans<'b>(
        &self,
        draft: &Draft,
        readers: &mut [SpanReader<'b>],
        arena: &'b Bump,
    ) -> Result<&'b [Span<'b>], Fault> {
        let mut spans = bumpalo::collections::Vec::new_in(arena);
        for &(input, row) in &draft.rows {
            let of_row = readers[input].spans(row).map_err(Fault::of(&self.units[input]))?;
            spans.extend(of_row.iter().filter(|span| span.start >= self.cutoff).copied());
        }
        spans.sort_by_key(Span::order);
        Ok(spans.into_bump_slice())
    }
}

impl Rewritten {
    fn note(&mut self, draft: &Draft, number: u32) {
        for &(input, row) in &draft.rows {
            let is_root = draft.root_from == Some((input, row));
            self.moves[input][row as usize] = Move { row: number, is_root };
        }
        if draft.is_split {
            self.split.push(number);
        }
        if draft.root.is_some() && draft.carryover.gone_root.is_some() {
            self.superseded.push(number);
        }
    }

    /// Marks the rows of the output as those of the inputs are. Every shard of the open generation is held.
    pub(super) fn carry_marks(&self, inputs: &[Arc<Unit>], output: &Unit) {
        for &row in &self.split {
            output.split.set(row);
        }
        for &row in &self.superseded {
            output.supersede(row);
        }
        for ((unit, moves), split_before) in inputs.iter().zip(&self.moves).zip(&self.split_before) {
            let split_since = unit.split.since(split_before).map(|row| moves[row as usize].row);
            for row in split_since.filter(|&row| row != DROPPED) {
                output.split.set(row);
            }
            let superseded = unit.superseded.now();
            for row in superseded.ones().take_while(|&row| (row as usize) < moves.len()) {
                let to = moves[row as usize];
                if to.row != DROPPED && to.is_root {
                    output.supersede(to.row);
                }
            }
        }
    }
}
