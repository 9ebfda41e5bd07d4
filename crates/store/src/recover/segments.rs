//! Opens the segments on the disk and builds the directory from their trace ids.

use std::cmp::Reverse;
use std::sync::Arc;
use sync::thread;

use platform::disk::FileEntry;
use segment::{Generations, OpenError as SegmentError, Segment};
use sync::Mutex;
use sync::atomic::AtomicUsize;

use super::folder::Folder;
use super::piece_marks::{Meetings, mark_gone_roots, mark_groups};
use crate::directory::{DirectoryBuilder, SEGMENTS_MAX};
use crate::error::OpenError;
use crate::log::generation_of;
use crate::parts::Parts;
use crate::view::{DamagedSegment, LiveSegment};

/// A segment that is not replaced by another one.
pub(super) struct Found {
    pub(super) generations: Generations,
    segment: Segment,
}

/// Finds the segments that are not replaced by another one. Segments that were merged but not removed are removed
/// now.
pub(super) fn find(folder: &mut Folder) -> Result<Vec<Found>, OpenError> {
    let mut all = folder.segments();
    // Among segments that begin together, the widest comes first. Then one pass finds all segments inside others.
    all.sort_by_key(|(_, generations)| (generations.first, Reverse(generations.last)));
    let logs: Vec<u64> = folder.logs().into_iter().map(|(_, number)| generation_of(number)).collect();
    let mut kept: Vec<Found> = Vec::new();
    for (at, (FileEntry { name, .. }, generations)) in all.iter().enumerate() {
        if kept.last().is_some_and(|last| generations.last <= last.generations.last) {
            folder.remove(name);
            continue;
        }
        let replaces_segment = all.get(at + 1).is_some_and(|(_, next)| next.last <= generations.last);
        let replaces_log = logs.iter().any(|log| (generations.first..=generations.last).contains(log));
        let Some(bytes) = folder.open(name)? else { continue };
        let opened = Segment::open(Arc::new(bytes)).and_then(|segment| {
            // The files that it was made from are about to be removed, so all of it is verified before.
            if replaces_segment || replaces_log {
                segment.verify()?;
            }
            Ok(segment)
        });
        match opened {
            Ok(segment) if segment.meta().generations == *generations => {
                kept.push(Found { generations: *generations, segment });
            }
            Ok(_) => folder.leave_alone(name, &"it is a segment that had another name"),
            Err(error @ SegmentError::UnknownVersion { .. }) => {
                return Err(OpenError::Foreign { file: name.clone(), reason: Box::new(error) });
            }
            Err(error) => folder.quarantine(name, &error),
        }
    }
    Ok(kept)
}

/// Opens the segments, builds the directory, and marks the split traces. Returns the last number that a segment got.
pub(super) fn load_segments(parts: &Parts, found: Vec<Found>) -> Result<u16, OpenError> {
    let last_number = u16::try_from(found.len()).ok().filter(|&count| count <= SEGMENTS_MAX);
    let last_number =
        last_number.ok_or(OpenError::TooManySegments { found: found.len(), max: SEGMENTS_MAX })?;
    let rows: u64 = found.iter().map(|found| u64::from(found.segment.meta().traces)).sum();
    let builder = DirectoryBuilder::for_rows(usize::try_from(rows).unwrap_or(usize::MAX));
    let waiting = Mutex::new(found.into_iter().zip(1..=SEGMENTS_MAX));
    let gathered = on_all_cores(parts, || gather_waiting(parts, &waiting, &builder));
    let segments: Result<Vec<_>, OpenError> = gathered.into_iter().collect();
    let segments: Vec<_> = segments?.into_iter().flatten().collect();
    let meetings = on_all_cores(parts, || {
        let mut meetings = Meetings::new();
        while builder.fill_next(parts.catalog.directory(), |group| meetings.push(group)) {}
        meetings
    });
    let meetings: Meetings = meetings.into_iter().flatten().collect();
    parts.catalog.views().change(|view| Some(view.with_segments(&[], segments)));
    // Marks that follow from what was lost go when the segment that has lost it is quarantined.
    while let Err(damaged) = parts.catalog.settled(|| mark_pieces(parts, &meetings)) {
        parts.quarantine.take_out(&damaged);
    }
    parts.quarantine.finish();
    Ok(last_number)
}

fn mark_pieces(parts: &Parts, meetings: &Meetings) -> Result<(), DamagedSegment> {
    let (view, next) = (parts.catalog.views().current(), AtomicUsize::new(0));
    on_all_cores(parts, || mark_groups(&view, meetings, &next)).into_iter().collect::<Result<(), _>>()?;
    mark_gone_roots(&view)
}

/// Hashing and inserting trace ids, and marking the pieces of split traces, are the long work of a start, so they run
/// on all cores.
fn on_all_cores<T: Send>(parts: &Parts, task: impl Fn() -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..parts.settings.cores.max(1)).map(|_| scope.spawn(&task)).collect();
        threads.into_iter().map(|thread| thread.join().expect("a panic ends the process")).collect()
    })
}

/// Gathers the rows of segments until none is left.
fn gather_waiting(
    parts: &Parts,
    waiting: &Mutex<impl Iterator<Item = (Found, u16)>>,
    builder: &DirectoryBuilder,
) -> Result<Vec<Arc<LiveSegment>>, OpenError> {
    let mut segments = Vec::new();
    loop {
        let next = waiting.lock().next();
        let Some((found, number)) = next else { return Ok(segments) };
        let segment = found.segment.in_terms(parts.catalog.terms());
        match parts.catalog.settled(|| parts.catalog.row_hashes(&segment)) {
            Ok(hashes) => {
                builder.gather(number, &hashes);
                segments.push(Arc::new(LiveSegment::new(number, segment)));
            }
            Err(error) => {
                let name = segment::file_name(found.generations);
                // If it cannot be renamed, the next start finds it again.
                let kept = parts.damaged.keep(&name, segment.meta().bytes);
                match kept {
                    Ok(()) => parts.health.found_damage(&name, &error),
                    Err(_) => parts.health.found_unusable(&name, &error),
                }
            }
        }
    }
}
