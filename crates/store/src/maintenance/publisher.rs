//! Publishes new segments: on the disk, in the directory and in the view.

use std::io;
use std::sync::Arc;

use hot::Hash;
use segment::{Generations, OpenError, Segment};

use super::rewrite::Rewritten;
use super::segment_files::SegmentFiles;
use crate::catalog::Catalog;
use crate::directory::SEGMENTS_MAX;
use crate::health::HealthState;
use crate::view::{LiveSegment, View};

/// Why a segment could not be published.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PublishError {
    #[error("{0}")]
    Disk(#[from] io::Error),
    #[error("the file was written, but cannot be read back: {0}")]
    Open(#[from] OpenError),
    #[error("there are {SEGMENTS_MAX} segments already, and there can be no more")]
    TooMany,
}

impl PublishError {
    /// Returns what the disk said, if it was the disk.
    pub(super) fn disk_error(&self) -> Option<&io::Error> {
        if let Self::Disk(error) = self { Some(error) } else { None }
    }
}

pub(crate) struct Publisher {
    catalog: Arc<Catalog>,
    health: Arc<HealthState>,
    files: SegmentFiles,
    /// The last number that a segment got.
    last_number: u16,
}

impl Publisher {
    pub(crate) fn new(
        catalog: &Arc<Catalog>,
        health: &Arc<HealthState>,
        files: SegmentFiles,
        last_number: u16,
    ) -> Self {
        Self { catalog: Arc::clone(catalog), health: Arc::clone(health), files, last_number }
    }

    pub(super) fn files(&mut self) -> &mut SegmentFiles {
        &mut self.files
    }

    /// Writes a segment and enters its rows into the directory; `hashes` are those of their trace ids. No reader sees
    /// the segment before it is in the view.
    pub(super) fn publish(
        &mut self,
        generations: Generations,
        bytes: &[u8],
        hashes: &[Hash],
    ) -> Result<Arc<LiveSegment>, PublishError> {
        let view = self.catalog.views().current();
        let number = self.free_number(&view).ok_or(PublishError::TooMany)?;
        let name = segment::file_name(generations);
        // Order: leftover files are removed before a new one is written. If one stayed beside a segment of other
        // neighbours, a start would count its spans twice.
        self.files.remove_leftovers(&name)?;
        let file = match self.write(&name, bytes) {
            Ok(file) => file,
            Err(error) => {
                // The file may have its final name already, if only the sync after the rename failed.
                if !view.segments().iter().any(|segment| segment.file_name() == name) {
                    self.files.leave_over(name);
                }
                return Err(error);
            }
        };
        let segment = Arc::new(LiveSegment::new(number, file));
        self.catalog.directory().insert(number, hashes);
        self.health.segments_work();
        Ok(segment)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<Segment, PublishError> {
        let segment = Segment::open(Arc::new(self.files.write(name, bytes)?))?;
        Ok(segment.in_terms(self.catalog.terms()))
    }

    /// Returns a number that no segment has whose rows are still in the directory.
    fn free_number(&mut self, view: &View) -> Option<u16> {
        let (views, directory) = (self.catalog.views(), self.catalog.directory());
        let is_free = |number: &u16| {
            view.segment(*number).is_none()
                && !views.is_past_segment(*number)
                && !directory.has_removed(*number)
        };
        let numbers = || (self.last_number + 1..=SEGMENTS_MAX).chain(1..=self.last_number);
        let number = numbers().find(is_free).or_else(|| {
            directory.sweep();
            numbers().find(is_free)
        })?;
        self.last_number = number;
        Some(number)
    }

    /// Replaces segments in the view by the one that they were rewritten as, and removes their files. Returns false
    /// if nothing was replaced: the segment cannot be written now, or one of the inputs was quarantined after it was
    /// read.
    pub(super) fn replace(&mut self, inputs: &[Arc<LiveSegment>], rewritten: &Rewritten) -> bool {
        let published = rewritten
            .bytes()
            .map(|bytes| self.publish(rewritten.generations(), bytes, rewritten.hashes()))
            .transpose();
        let output = match published {
            Ok(output) => output,
            Err(error) => {
                self.health.segment_failed(&error, error.disk_error());
                return false;
            }
        };
        let has_replaced = self.catalog.views().change(|view| {
            if !inputs.iter().all(|input| view.contains(input)) {
                return None;
            }
            if let Some(output) = &output {
                // Marks that were made since the inputs were read are copied to the output. No mark is made while
                // this runs.
                rewritten.carry_marks(inputs, output);
            }
            Some(view.with_segments(inputs, output.clone()))
        });
        if !has_replaced {
            self.discard(output);
            return false;
        }
        let kept = output.map(|output| output.file_name());
        let names = inputs.iter().map(|input| input.file_name());
        self.files.remove(names.filter(|name| Some(name) != kept.as_ref()));
        true
    }

    /// Takes back a segment that was published but is in no view.
    pub(super) fn discard(&mut self, output: Option<Arc<LiveSegment>>) {
        let Some(output) = output else { return };
        self.catalog.directory().remove([(output.number(), output.file().meta().traces)].into_iter());
        self.files.remove([output.file_name()].into_iter());
    }
}
