//! Where the records of some traces are.
//!
//! Each record names the one before it in its trace. Walked one trace after the other, every step would wait for
//! memory; walked side by side, the steps of all traces wait together.

use hot::Position;
use record::Record;

use super::rows::{Row, Rows};

#[derive(Default)]
pub(super) struct Chains {
    /// Trace by trace, in the order in which the records came.
    positions: Vec<Position>,
    /// Behind the positions of each trace.
    ends: Vec<usize>,
    walks: Vec<Walk>,
}

/// How far one trace is.
struct Walk {
    /// In the group.
    row: usize,
    /// The next record.
    at: Position,
    /// Where it is to be noted, plus one.
    place: usize,
}

impl Chains {
    /// Finds all records of a group of traces, and brings them near.
    pub(super) fn walk(&mut self, rows: &Rows<'_>, group: &[Row]) {
        self.find(rows, group);
        let touched = self.records(rows, group).flatten().fold(0, |sum, record| sum ^ record.touch());
        std::hint::black_box(touched);
    }

    fn find(&mut self, rows: &Rows<'_>, group: &[Row]) {
        self.ends.clear();
        self.walks.clear();
        let mut end = 0;
        for (number, &row) in group.iter().enumerate() {
            let trace = rows.trace(row);
            end += usize::try_from(trace.span_count()).expect("they are in memory");
            self.ends.push(end);
            self.walks.push(Walk { row: number, at: trace.newest(), place: end });
        }
        self.positions.clear();
        self.positions.resize(end, Position::MAX);
        while !self.walks.is_empty() {
            let positions = &mut self.positions;
            self.walks.retain_mut(|walk| {
                walk.place -= 1;
                positions[walk.place] = walk.at;
                let previous = rows.shard(group[walk.row]).previous(walk.at);
                previous.inspect(|&previous| walk.at = previous).is_some()
            });
        }
    }

    /// The records of each trace of the group.
    pub(super) fn records<'a>(
        &'a self,
        rows: &'a Rows<'_>,
        group: &'a [Row],
    ) -> impl Iterator<Item = impl Iterator<Item = Record<'a>> + use<'a>> + use<'a> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        group.iter().zip(starts.zip(&self.ends)).map(|(&row, (start, &end))| {
            let shard = rows.shard(row);
            self.positions[start..end].iter().map(move |&at| shard.record(at))
        })
    }
}
