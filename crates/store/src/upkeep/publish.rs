//! A new segment takes its place, on the disk and in the directory.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hot::Hash;
use segment::{Damaged, Generations, OpenError, Segment};

use super::Upkeep;
use super::rewrite::Rewritten;
use crate::directory::SLOTS_MAX;
use crate::store::Store;
use crate::view::{Unit, View};

const DRAFT_SUFFIX: &str = ".draft";

/// Why a segment could not be published.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PublishError {
    #[error("a segment cannot be written: {0}")]
    Disk(#[from] io::Error),
    #[error("a segment that was just written cannot be read: {0}")]
    Open(#[from] OpenError),
    #[error("a segment that was just written is damaged: {0}")]
    Damaged(#[from] Damaged),
    #[error("there are {SLOTS_MAX} segments already")]
    TooMany,
}

/// A file that was not finished when the process ended.
pub(crate) fn is_draft(name: &str) -> bool {
    name.ends_with(DRAFT_SUFFIX)
}

impl Store {
    /// Writes a segment and enters its rows, of which these are the hashes, into the directory. Nobody sees it
    /// before it is in the view.
    pub(super) fn publish(
        &self,
        upkeep: &mut Upkeep,
        generations: Generations,
        bytes: &[u8],
        hashes: &[Hash],
    ) -> Result<Arc<Unit>, PublishError> {
        let view = self.views.current();
        let slot = self.free_slot(upkeep, &view).ok_or(PublishError::TooMany)?;
        let name = segment::file_name(generations);
        // Order: before anything new. Beside what comes of other neighbours, a start would count its spans twice.
        self.remove_leftovers(upkeep, &name)?;
        let segment = match self.write_segment(&name, bytes) {
            Ok(segment) => segment,
            Err(error) => {
                // It may have its name already, and only what comes after that has failed.
                if !view.units.iter().any(|unit| unit.file_name() == name) {
                    upkeep.leftovers.push(name);
                }
                return Err(error);
            }
        };
        let unit = Arc::new(Unit::new(slot, segment));
        self.directory.insert(slot, hashes);
        self.trouble.segments_are_well();
        Ok(unit)
    }

    /// Removes what an earlier call could not remove, all but `except`, which is about to be replaced.
    pub(super) fn remove_leftovers(&self, upkeep: &mut Upkeep, except: &str) -> io::Result<()> {
        upkeep.leftovers.retain(|name| name != except);
        while let Some(name) = upkeep.leftovers.last() {
            upkeep.has_unsynced_removals = true;
            match self.disk.remove(name) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => drop(upkeep.leftovers.pop()),
            }
        }
        Ok(())
    }

    fn write_segment(&self, name: &str, bytes: &[u8]) -> Result<Segment, PublishError> {
        self.write_file(name, bytes)?;
        Ok(Segment::open(Arc::new(self.disk.open(name)?))?)
    }

    /// Whoever sees the name sees all of the file, after a power cut too.
    fn write_file(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let draft = format!("{name}{DRAFT_SUFFIX}");
        let written = self.write_draft(&draft, bytes).and_then(|()| self.disk.rename(&draft, name));
        if written.is_err() {
            // What is left of it takes room that is needed; the next start removes it if this cannot.
            drop(self.disk.remove(&draft));
        }
        written?;
        self.disk.sync_folder()
    }

    fn write_draft(&self, draft: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = match self.disk.create(draft) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.disk.remove(draft)?;
                self.disk.create(draft)?
            }
            created => created?,
        };
        file.append(bytes)?;
        // Order: the bytes before the name, or a power cut could leave the name on an empty file.
        file.sync()
    }

    /// A slot that no segment has whose rows are still in the directory.
    fn free_slot(&self, upkeep: &mut Upkeep, view: &View) -> Option<u16> {
        let is_free = |slot: &u16| {
            view.unit(*slot).is_none() && !self.views.is_past(*slot) && !self.directory.is_forgotten(*slot)
        };
        let slots = || (upkeep.last_slot + 1..=SLOTS_MAX).chain(1..=upkeep.last_slot);
        let slot = slots().find(is_free).or_else(|| {
            self.directory.sweep();
            slots().find(is_free)
        })?;
        upkeep.last_slot = slot;
        Some(slot)
    }

    /// The hash of each row's trace id.
    pub(crate) fn row_hashes(&self, segment: &Segment) -> Result<Vec<Hash>, Damaged> {
        let rows = segment.meta().traces;
        let mut hashes = Vec::with_capacity(rows as usize);
        segment.for_each_trace_id(0..rows, |_, id| hashes.push(self.router.hash(id)))?;
        Ok(hashes)
    }

    /// Puts what was rewritten in the place of what it was made of, and removes the files of that. False where it
    /// cannot be written now. What left on the way is added to `counter`.
    pub(super) fn put_in_place(
        &self,
        upkeep: &mut Upkeep,
        inputs: &[Arc<Unit>],
        rewritten: &Rewritten,
        counter: &AtomicU64,
    ) -> bool {
        let published = rewritten
            .bytes
            .as_ref()
            .map(|bytes| self.publish(upkeep, rewritten.generations, bytes, &rewritten.hashes));
        let output = match published.transpose() {
            Ok(output) => output,
            Err(error) => {
                self.trouble.segment_failed(&error);
                return false;
            }
        };
        self.views.change(|view| {
            // Every shard is held: what was marked meanwhile is carried over, and nothing is marked now.
            if let Some(output) = &output {
                rewritten.carry_marks(inputs, output);
            }
            view.with_units(inputs, output.clone())
        });
        self.remove_files(upkeep, inputs, output.as_deref());
        counter.fetch_add(rewritten.spans_dropped, Ordering::Relaxed);
        true
    }

    /// Removes the files of units that are no longer in the view. The one under the name of `output` is its.
    fn remove_files(&self, upkeep: &mut Upkeep, units: &[Arc<Unit>], output: Option<&Unit>) {
        let kept = output.map(Unit::file_name);
        for name in units.iter().map(|unit| unit.file_name()).filter(|name| Some(name) != kept.as_ref()) {
            upkeep.has_unsynced_removals = true;
            if let Err(error) = self.disk.remove(&name) {
                tracing::warn!(%error, name, "a file that nobody needs cannot be removed");
                upkeep.leftovers.push(name);
            }
        }
        if let Err(error) = self.sync_removals(upkeep) {
            tracing::warn!(%error, "removed files could come back with a power cut");
        }
    }
}
