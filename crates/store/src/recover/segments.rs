//! Segments that are on the disk.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::thread;

use hot::RootOrder;
use parking_lot::Mutex;
use platform::disk::Disk;
use segment::{Generations, OpenError as SegmentError, Segment};
use span::TraceId;

use super::DamagedFile;
use crate::ask::{root_order, row_root, smaller};
use crate::directory::{Load, Place, SLOTS_MAX};
use crate::error::OpenError;
use crate::fault::Fault;
use crate::store::Store;
use crate::upkeep::generation_of;
use crate::view::{Unit, View};

/// A segment that counts.
pub(super) struct Found {
    pub(super) name: String,
    pub(super) generations: Generations,
    segment: Segment,
}

/// The segments that count. What was merged into another and not yet removed is removed now.
pub(super) fn find(
    disk: &dyn Disk,
    names: &[String],
    damaged: &mut Vec<DamagedFile>,
) -> Result<Vec<Found>, OpenError> {
    let of_name = |name: &String| segment::generations_of(name).map(|found| (name.clone(), found));
    let mut all: Vec<(String, Generations)> = names.iter().filter_map(of_name).collect();
    // The widest first of those that begin together, so that one pass finds what lies inside another.
    all.sort_by_key(|(_, generations)| (generations.first, Reverse(generations.last)));
    let logs: Vec<u64> = names.iter().filter_map(|name| wal::number_of(name)).map(generation_of).collect();
    let mut kept: Vec<Found> = Vec::new();
    for (at, (name, generations)) in all.iter().enumerate() {
        if kept.last().is_some_and(|last| generations.last <= last.generations.last) {
            disk.remove(name)?;
            continue;
        }
        let replaces_segment = all.get(at + 1).is_some_and(|(_, next)| next.last <= generations.last);
        let replaces_log = logs.iter().any(|log| (generations.first..=generations.last).contains(log));
        let opened = Segment::open(Arc::new(disk.open(name)?)).and_then(|segment| {
            // What it was made of is about to go: all of it is read once before.
            if replaces_segment || replaces_log {
                segment.verify()?;
            }
            Ok(segment)
        });
        match opened {
            Ok(segment) => kept.push(Found { name: name.clone(), generations: *generations, segment }),
            Err(error @ SegmentError::UnknownVersion { .. }) => {
                return Err(OpenError::Foreign { file: name.clone(), reason: error.to_string() });
            }
            Err(error) => damaged.push(DamagedFile::set_aside(disk, name, &error)?),
        }
    }
    Ok(kept)
}

/// Rows that may be of the same trace.
type Meetings = Vec<(Place, Place)>;

impl Store {
    /// Opens the segments, builds the directory from their ids, and finds out which traces are in pieces.
    pub(super) fn load_segments(&mut self, found: Vec<Found>) -> Result<(), OpenError> {
        self.upkeep.get_mut().last_slot = u16::try_from(found.len()).unwrap_or(SLOTS_MAX).min(SLOTS_MAX);
        let rows: u64 = found.iter().map(|found| u64::from(found.segment.meta().traces)).sum();
        let load = Load::for_rows(usize::try_from(rows).unwrap_or(usize::MAX));
        let waiting = Mutex::new(found.into_iter().zip(1..=SLOTS_MAX));
        let units: Result<Vec<_>, OpenError> =
            self.on_all_cores(|| self.gather_waiting(&waiting, &load)).into_iter().collect();
        let units: Vec<_> = units?.into_iter().flatten().collect();
        let meetings = self.on_all_cores(|| {
            let mut meetings = Meetings::new();
            while self.directory.fill_next(&load, |one, other| meetings.push((one, other))) {}
            meetings
        });
        let meetings = meetings.concat();
        self.views.change(|view| view.with_units(&[], units));
        while let Err(fault) = self.mark_all(&meetings) {
            self.set_aside(&fault);
        }
        Ok(())
    }

    /// Hashing ids and entering them is all that a start does of any size: every processor takes part.
    fn on_all_cores<T: Send>(&self, task: impl Fn() -> T + Sync) -> Vec<T> {
        thread::scope(|scope| {
            let workers: Vec<_> = (0..self.settings.cores.max(1)).map(|_| scope.spawn(&task)).collect();
            workers.into_iter().map(|worker| worker.join().expect("a panic ends the process")).collect()
        })
    }

    /// Gathers the rows of segments until none waits.
    fn gather_waiting(
        &self,
        waiting: &Mutex<impl Iterator<Item = (Found, u16)>>,
        load: &Load,
    ) -> Result<Vec<Arc<Unit>>, OpenError> {
        let mut units = Vec::new();
        loop {
            let next = waiting.lock().next();
            let Some((found, slot)) = next else { return Ok(units) };
            match self.row_hashes(&found.segment) {
                Ok(hashes) => {
                    load.gather(slot, &hashes);
                    units.push(Arc::new(Unit::new(slot, found.segment)));
                }
                Err(error) => {
                    let file = DamagedFile::set_aside(&*self.disk, &found.name, &error)?;
                    self.trouble.found_damage(&file.name, &file.reason);
                }
            }
        }
    }

    /// Marks what follows from the pieces of each trace: that there are several, and which roots are none.
    fn mark_all(&self, meetings: &Meetings) -> Result<(), Fault> {
        let view = self.views.current();
        let mut traces: BTreeMap<TraceId, BTreeSet<Row>> = BTreeMap::new();
        for (one, other) in meetings {
            let (Some(one), Some(other)) = (row_at(&view, *one)?, row_at(&view, *other)?) else { continue };
            if one.0 == other.0 {
                traces.entry(one.0).or_default().extend([one.1, other.1]);
            }
        }
        for (number, unit) in view.units.iter().enumerate() {
            for row in unit.segment.rows_with_gone_root().map_err(Fault::of(unit))? {
                let id = unit.segment.trace_id(row).map_err(Fault::of(unit))?;
                traces.entry(id).or_default().insert((number, row));
            }
        }
        traces.values().try_for_each(|rows| mark_pieces(&view, rows))
    }
}

/// A row of a unit, by its number in the view: the oldest first.
type Row = (usize, u32);

fn row_at(view: &View, place: Place) -> Result<Option<(TraceId, Row)>, Fault> {
    let Some(number) = view.units.iter().position(|unit| unit.slot == place.slot) else { return Ok(None) };
    let unit = &view.units[number];
    let id = unit.segment.trace_id(place.row).map_err(Fault::of(unit))?;
    Ok(Some((id, (number, place.row))))
}

fn mark_pieces(view: &View, rows: &BTreeSet<Row>) -> Result<(), Fault> {
    let mut smallest: Option<RootOrder> = None;
    let mut rooted: Vec<(Row, RootOrder)> = Vec::new();
    for &(number, row) in rows {
        let unit = &view.units[number];
        if rows.len() > 1 {
            unit.split.set(row);
        }
        if unit.segment.carryover(row).map_err(Fault::of(unit))?.begins {
            (smallest, rooted) = (None, Vec::new());
        }
        smallest = smaller(smallest, row_root(unit, row).map_err(Fault::of(unit))?);
        if row < unit.segment.meta().rooted {
            let root = unit.segment.root(row).map_err(Fault::of(unit))?;
            rooted.push(((number, row), root_order(&root)));
        }
    }
    for ((number, row), _) in rooted.into_iter().filter(|&(_, root)| Some(root) != smallest) {
        view.units[number].supersede(row);
    }
    Ok(())
}
