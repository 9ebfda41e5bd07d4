//! Segments that are on the disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use platform::disk::Disk;
use segment::{Generations, OpenError as SegmentError, Segment};
use span::TraceId;

use crate::ask::row_root;
use crate::directory::SLOTS_MAX;
use crate::error::OpenError;
use crate::fault::Fault;
use crate::store::Store;
use crate::upkeep::DAMAGED_SUFFIX;
use crate::view::Unit;

/// A file that has the name of a segment.
pub(super) struct Found {
    pub(super) name: String,
    pub(super) generations: Generations,
}

/// The segments that count. What was merged into another and not yet removed is removed now.
pub(super) fn find(disk: &dyn Disk, names: &[String]) -> Result<Vec<Found>, OpenError> {
    let of_name = |name: &String| segment::generations_of(name).map(|found| (name.clone(), found));
    let mut all: Vec<Found> =
        names.iter().filter_map(of_name).map(|(name, generations)| Found { name, generations }).collect();
    // The widest first of those that begin together, so that one pass finds what lies inside another.
    all.sort_by_key(|found| (found.generations.first, std::cmp::Reverse(found.generations.last)));
    let mut kept: Vec<Found> = Vec::new();
    for found in all {
        if kept.last().is_some_and(|last| found.generations.last <= last.generations.last) {
            disk.remove(&found.name)?;
        } else {
            kept.push(found);
        }
    }
    Ok(kept)
}

impl Store {
    /// Opens the segments, builds the directory from their ids, and finds out which traces are in pieces.
    pub(super) fn load_segments(&mut self, found: Vec<Found>) -> Result<(), OpenError> {
        let mut units = Vec::new();
        for (found, slot) in found.into_iter().zip(1..=SLOTS_MAX) {
            units.extend(self.load_segment(&found, slot)?);
        }
        self.upkeep.get_mut().last_slot = u16::try_from(units.len()).expect("there are fewer than slots");
        self.views.change(|view| crate::view::View { units: units.clone(), ..view.clone() });
        loop {
            match self.mark_shared(&units) {
                Ok(()) => return Ok(()),
                Err(fault) => {
                    self.set_aside(&fault);
                    units.retain(|unit| !Arc::ptr_eq(unit, &fault.unit));
                }
            }
        }
    }

    fn load_segment(&self, found: &Found, slot: u16) -> Result<Option<Arc<Unit>>, OpenError> {
        let bytes = self.disk.open(&found.name)?;
        let opened = Segment::open(Arc::new(bytes)).and_then(|segment| {
            let hashes = self.row_hashes(&segment)?;
            Ok((segment, hashes))
        });
        match opened {
            Ok((segment, hashes)) => {
                self.directory.insert(slot, &hashes);
                Ok(Some(Arc::new(Unit::new(slot, segment))))
            }
            Err(error @ SegmentError::UnknownVersion { .. }) => {
                Err(OpenError::Foreign { file: found.name.clone(), reason: error.to_string() })
            }
            Err(error) => {
                self.trouble.found_damage(&found.name, &error);
                self.disk.rename(&found.name, &format!("{}{DAMAGED_SUFFIX}", found.name))?;
                Ok(None)
            }
        }
    }

    /// Marks what follows from the pieces of each trace: that there are several, and which roots are none.
    fn mark_shared(&self, units: &[Arc<Unit>]) -> Result<(), Fault> {
        for trace in self.traces_in_pieces(units)?.values() {
            self.mark_pieces(units, trace)?;
        }
        Ok(())
    }

    /// Traces of several rows, as (unit, row), the oldest first.
    fn traces_in_pieces(&self, units: &[Arc<Unit>]) -> Result<BTreeMap<TraceId, Vec<(usize, u32)>>, Fault> {
        let mut traces: BTreeMap<TraceId, Vec<(usize, u32)>> = BTreeMap::new();
        let index_of = |slot: u16| units.iter().position(|unit| unit.slot == slot);
        for places in self.directory.repeated_keys() {
            for place in places {
                let Some(number) = index_of(place.slot) else { continue };
                let id = units[number].segment.trace_id(place.row).map_err(Fault::of(&units[number]))?;
                traces.entry(id).or_default().push((number, place.row));
            }
        }
        for rows in traces.values_mut() {
            rows.sort_unstable();
        }
        Ok(traces)
    }

    fn mark_pieces(&self, units: &[Arc<Unit>], rows: &[(usize, u32)]) -> Result<(), Fault> {
        let mut smallest: Option<hot::RootOrder> = None;
        let mut rooted: Vec<(usize, u32, hot::RootOrder)> = Vec::new();
        for &(number, row) in rows {
            let unit = &units[number];
            if rows.len() > 1 {
                unit.shared.set(row);
            }
            if unit.segment.memory(row).map_err(Fault::of(unit))?.begins {
                (smallest, rooted) = (None, Vec::new());
            }
            smallest = crate::ask::smaller(smallest, row_root(unit, row).map_err(Fault::of(unit))?);
            if row < unit.segment.facts().rooted {
                let root = unit.segment.root(row).map_err(Fault::of(unit))?;
                rooted.push((number, row, (root.start, root.span_id)));
            }
        }
        for (number, row, _) in rooted.into_iter().filter(|&(_, _, root)| Some(root) != smallest) {
            units[number].shadow(row);
        }
        Ok(())
    }
}
