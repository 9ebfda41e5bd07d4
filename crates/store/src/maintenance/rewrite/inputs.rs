//! Reads the inputs of a rewrite, decides what each trace keeps, and writes the output.
//!
//! A trace keeps its carryover: an evicted root, as long as a piece of the trace may still be inside the window, and
//! the fact that older pieces with the same id belong to another trace.

use std::sync::Arc;

use bumpalo::Bump;
use hashbrown::HashMap;
use hot::{Position, RootKey, RootOrder};
use segment::{Carryover, Damaged, Generations, Segment, SpanReader, Writer};
use span::{Reporter, Span, Timestamp, TraceId};

use super::output_row::{InputRow, OutputRow, Pieces};
use super::rewritten::Rewritten;
use crate::catalog::Catalog;
use crate::view::{
    BitmapCopy, DamagedSegment, LeftOut, LiveSegment, View, evicted_root, has_span_since, smaller_root,
};

/// Limit: the arena with what was read of the inputs is freed when it is this large.
const ARENA_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The inputs, and what decides which of their spans are kept.
struct Inputs<'a> {
    catalog: &'a Catalog,
    view: &'a View,
    segments: &'a [Arc<LiveSegment>],
    /// The split rows of each input. They are copied because writers go on marking rows, and each row is looked at
    /// several times.
    split: &'a [BitmapCopy],
    /// Spans that start before this are dropped.
    cutoff: Timestamp,
}

/// Writes `segments`, which are neighbours in the view, as one segment, without the spans that start before `cutoff`.
pub(crate) fn rewrite(
    catalog: &Catalog,
    segments: &[Arc<LiveSegment>],
    cutoff: Timestamp,
) -> Result<Rewritten, DamagedSegment> {
    catalog.settled(|| rewrite_once(catalog, segments, cutoff))
}

fn rewrite_once(
    catalog: &Catalog,
    segments: &[Arc<LiveSegment>],
    cutoff: Timestamp,
) -> Result<Rewritten, DamagedSegment> {
    let view = catalog.views().current();
    let split: Vec<BitmapCopy> = segments.iter().map(|segment| segment.split_rows()).collect();
    let inputs = Inputs { catalog, view: &view, segments, split: &split, cutoff };
    inputs.verify_kept()?;
    let mut rows = inputs.output_rows()?;
    rows.sort_unstable_by_key(|row| {
        let rooted = row.root.map(|(start, ..)| RootKey::new(start, row.id));
        (rooted.is_none(), rooted, row.id)
    });
    let hashes = rows.iter().map(|row| catalog.router().hash(row.id)).collect();
    let mut rewritten = Rewritten::new(segments, hashes);
    inputs.write(&rows, &mut rewritten)?;
    Ok(rewritten.with_split_before(split))
}

impl Inputs<'_> {
    /// Reads from one input; the error names its segment.
    fn read<T>(
        &self,
        input: usize,
        read: impl FnOnce(&Segment) -> Result<T, Damaged>,
    ) -> Result<T, DamagedSegment> {
        let segment = &self.segments[input];
        read(segment.file()).map_err(DamagedSegment::named(segment))
    }

    /// Verifies the inputs whose spans are kept. Blocks that were read before may have changed on the disk since, and a
    /// rewrite would give them a valid checksum.
    fn verify_kept(&self) -> Result<(), DamagedSegment> {
        let kept = |input: &usize| self.segments[*input].file().meta().start_max >= self.cutoff;
        (0..self.segments.len())
            .filter(kept)
            .try_for_each(|input| self.read(input, Segment::verify_checksums))
    }

    fn output_rows(&self) -> Result<Vec<OutputRow>, DamagedSegment> {
        let mut outputs = Vec::new();
        // Only the rows of split traces are grouped by id. Nearly all traces have one row and need no lookup.
        let mut split: HashMap<TraceId, Vec<InputRow>> = HashMap::new();
        for (input, (segment, is_split)) in self.segments.iter().zip(self.split).enumerate() {
            let meta = segment.file().meta();
            for row in (0..meta.traces).filter(|&row| is_split.get(row)) {
                let id = self.read(input, |file| file.trace_id(row))?;
                split.entry(id).or_default().push(InputRow { input, row });
            }
            // All spans of this input are dropped, and a trace without other pieces leaves no carryover.
            let rows = if meta.start_max < self.cutoff { 0..0 } else { 0..meta.traces };
            for row in rows.filter(|&row| !is_split.get(row)) {
                let id = self.read(input, |file| file.trace_id(row))?;
                outputs.extend(self.output_row(id, vec![InputRow { input, row }], Pieces::OnlyHere)?);
            }
        }
        for (id, rows) in split {
            outputs.extend(self.output_row(id, rows, Pieces::Elsewhere)?);
        }
        Ok(outputs)
    }

    /// Returns the output's row for a trace, or `None` if nothing of it has to be kept.
    fn output_row(
        &self,
        id: TraceId,
        mut from: Vec<InputRow>,
        pieces: Pieces,
    ) -> Result<Option<OutputRow>, DamagedSegment> {
        let mut begins = false;
        for at in (0..from.len()).rev() {
            if self.read(from[at].input, |file| file.carryover(from[at].row))?.begins {
                begins = true;
                // The older rows belong to an earlier trace with the same id.
                from.drain(..at);
                break;
            }
        }
        let mut output = OutputRow {
            id,
            from,
            carryover: Carryover::default(),
            root: None,
            root_from: None,
            // A split trace stays marked, even if it has only this piece now. A piece that begins from here on finds
            // the mark and does not make it again, so the rewrite would not notice the new piece if it dropped the
            // mark.
            is_split: pieces == Pieces::Elsewhere,
        };
        let mut known_root = None;
        let mut has_spans = false;
        for &row in &output.from {
            has_spans |= self.keeps_spans(row)?;
            let own_root = self.own_root(row, pieces)?;
            let evicted_root = self.read(row.input, |file| evicted_root(file, row.row))?;
            known_root = smaller_root(known_root, smaller_root(evicted_root, own_root));
            if let Some(root) = self.kept_root(row, own_root)?
                && output.root.is_none_or(|known| root < known)
            {
                (output.root, output.root_from) = (Some(root), Some(row));
            }
        }
        let outside = match pieces {
            Pieces::OnlyHere => None,
            Pieces::Elsewhere => self.latest_outside(id)?,
        };
        // A root that expires takes its whole trace out of the window. It is kept as long as other spans of the trace
        // may be inside, because the trace must stay out of all answers. Afterwards the whole trace is forgotten.
        let goes_on = has_spans || outside.is_some_and(|latest| latest >= self.cutoff);
        let gone_root = known_root.filter(|&root| goes_on && output.root != Some(root));
        let gone_root = gone_root.map(|(start, id, _)| (start, id));
        // That the trace begins here matters only while there are other pieces, which may be an earlier trace's.
        output.carryover = Carryover { begins: begins && goes_on && outside.is_some(), gone_root };
        // Without spans here and without other pieces, nothing will ever ask for the carryover.
        let carries_something = output.carryover != Carryover::default() && outside.is_some();
        Ok((has_spans || carries_something).then_some(output))
    }

    /// Returns the latest start in the pieces outside of the inputs, if there are any. Pieces of earlier traces with
    /// the same id count, too: as long as they exist, the carryover has to tell them apart.
    fn latest_outside(&self, id: TraceId) -> Result<Option<Timestamp>, DamagedSegment> {
        let nothing = LeftOut::default();
        let pieces = self.catalog.finder(self.view, &nothing, id, Position::MAX).find_all()?;
        pieces.latest_outside(self.segments)
    }

    /// Returns the smallest root among the spans of the row. The roots of different pieces may differ in nothing but
    /// their reporter; without other pieces it is not needed, and not read.
    fn own_root(
        &self,
        InputRow { input, row }: InputRow,
        pieces: Pieces,
    ) -> Result<Option<RootOrder>, DamagedSegment> {
        self.read(input, |file| {
            if row >= file.meta().rooted {
                return Ok(None);
            }
            let root = file.root(row)?;
            let reporter = match pieces {
                Pieces::OnlyHere => Reporter::default(),
                Pieces::Elsewhere => file.root_reporter(row)?,
            };
            Ok(Some((root.start, root.span_id, reporter)))
        })
    }

    fn keeps_spans(&self, InputRow { input, row }: InputRow) -> Result<bool, DamagedSegment> {
        self.read(input, |file| has_span_since(file, row, self.cutoff))
    }

    /// Returns the smallest root among the spans that are kept. It is `own_root`, unless that is dropped.
    fn kept_root(
        &self,
        InputRow { input, row }: InputRow,
        own_root: Option<RootOrder>,
    ) -> Result<Option<RootOrder>, DamagedSegment> {
        if own_root.is_none_or(|(start, ..)| start >= self.cutoff) {
            return Ok(own_root);
        }
        self.read(input, |file| {
            let arena = Bump::new();
            let stays = |span: &&Span<'_>| span.is_root() && span.start >= self.cutoff;
            Ok(file.spans(row, &arena)?.iter().find(stays).map(Span::order))
        })
    }

    fn write(&self, rows: &[OutputRow], rewritten: &mut Rewritten) -> Result<(), DamagedSegment> {
        if rows.is_empty() {
            return Ok(());
        }
        let Generations { first, last } = rewritten.generations();
        let mut writer = Writer::new(Generations { first, last });
        // No row was added yet, so this is the number of all spans of the inputs.
        let spans = usize::try_from(rewritten.spans_dropped()).expect("they fit into a segment");
        writer.reserve(rows.len(), spans);
        let mut numbered = rows.iter().zip(0u32..).peekable();
        while numbered.peek().is_some() {
            // The readers keep decompressed blocks in the arena, so they are made anew with it.
            let arena = Bump::new();
            let mut readers: Vec<SpanReader<'_>> =
                self.segments.iter().map(|segment| segment.file().reader(&arena)).collect();
            let has_room = |_: &_| arena.allocated_bytes() < ARENA_BYTES_MAX;
            while let Some((row, number)) = numbered.next_if(has_room) {
                let spans = self.spans(row, &mut readers, &arena)?;
                writer.push(row.id, row.carryover, spans);
                rewritten.add(row, number, spans.len());
            }
        }
        rewritten.finish(writer.finish());
        Ok(())
    }

    /// Returns the kept spans of all input rows, in the order of a trace.
    fn spans<'b>(
        &self,
        output: &OutputRow,
        readers: &mut [SpanReader<'b>],
        arena: &'b Bump,
    ) -> Result<&'b [Span<'b>], DamagedSegment> {
        let mut spans = bumpalo::collections::Vec::new_in(arena);
        for &InputRow { input, row } in &output.from {
            let of_row = readers[input].spans(row).map_err(DamagedSegment::named(&self.segments[input]))?;
            spans.extend(of_row.iter().filter(|span| span.start >= self.cutoff).copied());
        }
        spans.sort_by(Span::compare);
        Ok(spans.into_bump_slice())
    }
}
