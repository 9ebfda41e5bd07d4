//! A segment of a view: its file, and the state of its rows, which changes although the file never does.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use sync::atomic::{AtomicI64, Ordering};

use platform::disk::lost_pages;
use segment::{Damaged, Segment};
use span::{SpanId, Timestamp};
use sync::Mutex;

use super::failed_rows::FailedRows;
use super::marks::{Bitmap, BitmapCopy, SupersededRoots, SupersededRows};
use super::span_ids::SpanIds;

/// Limit: the span ids of larger rows are kept once they were read. Otherwise each batch of a growing trace of a
/// million spans would read all of them again.
const READ_SPANS_MAX: u32 = 64;
/// Limit: how many such rows of a segment are kept.
const KEPT_ROWS_MAX: usize = 16;

pub(crate) struct LiveSegment {
    number: u16,
    file: Segment,
    /// The rows of split traces.
    split: Bitmap,
    superseded: SupersededRoots,
    /// No row can be evicted before the cutoff reaches this.
    keeps_until: AtomicI64,
    span_ids: Mutex<HashMap<u32, Arc<SpanIds>>>,
    /// Read when the first question needs them.
    failed_rows: Mutex<Option<Arc<FailedRows>>>,
}

impl LiveSegment {
    pub(crate) fn new(number: u16, file: Segment) -> Self {
        let rows = file.meta().traces;
        Self {
            number,
            file,
            split: Bitmap::new(rows),
            superseded: SupersededRoots::default(),
            keeps_until: AtomicI64::new(i64::MIN),
            span_ids: Mutex::default(),
            failed_rows: Mutex::default(),
        }
    }

    /// Returns its number in the directory.
    pub(crate) fn number(&self) -> u16 {
        self.number
    }

    pub(crate) fn file(&self) -> &Segment {
        &self.file
    }

    pub(crate) fn file_name(&self) -> String {
        segment::file_name(self.file.meta().generations)
    }

    /// Returns the memory beside the file's, without the span ids that are kept for a while.
    pub(crate) fn index_bytes(&self) -> usize {
        size_of::<Self>() + self.split.bytes() + FailedRows::bytes_of(&self.file)
    }

    /// Whether the trace has, or had, pieces elsewhere.
    pub(crate) fn is_split(&self, row: u32) -> bool {
        self.split.get(row)
    }

    pub(crate) fn mark_split(&self, row: u32) {
        self.split.set(row);
    }

    /// Returns a copy of the split rows.
    pub(crate) fn split_rows(&self) -> BitmapCopy {
        self.split.copy()
    }

    /// Returns the rows that became split after `before` was copied.
    pub(crate) fn split_since(&self, before: &BitmapCopy) -> impl Iterator<Item = u32> {
        self.split.since(before)
    }

    /// Marks the root as superseded: another piece of the trace has a smaller one.
    pub(crate) fn supersede_root(&self, row: u32) {
        self.superseded.set(row, self.file.meta().traces);
    }

    /// Removes that mark: no other piece of the trace has a smaller root any more.
    pub(crate) fn restore_root(&self, row: u32) {
        self.superseded.clear(row);
    }

    /// Returns the rows whose root is superseded now. The copy only counts a reference.
    pub(crate) fn superseded_rows(&self) -> SupersededRows {
        self.superseded.copy()
    }

    /// Returns what is known of the spans of the row, or `None` if it has no span with one of these ids, which are
    /// sorted. The id alone is a few bits in one place of the file; all the rest is elsewhere.
    pub(crate) fn span_ids_if_any(
        &self,
        row: u32,
        wanted: &[SpanId],
    ) -> Result<Option<Arc<SpanIds>>, Damaged> {
        if self.file.span_count(row)? > READ_SPANS_MAX {
            return self.kept_span_ids(row).map(Some);
        }
        let read = |file: &Segment| {
            let mut has_any = false;
            file.for_each_span_id(row, |id| has_any |= wanted.binary_search(&id).is_ok())?;
            if has_any { SpanIds::read(file, row).map(Some) } else { Ok(None) }
        };
        Ok(self.read_lasting(read)?.map(Arc::new))
    }

    /// Returns what is known of the spans of a large row.
    fn kept_span_ids(&self, row: u32) -> Result<Arc<SpanIds>, Damaged> {
        if let Some(known) = self.span_ids.lock().get(&row) {
            return Ok(Arc::clone(known));
        }
        let read = Arc::new(self.read_lasting(|file| SpanIds::read(file, row))?);
        let mut kept = self.span_ids.lock();
        if kept.len() >= KEPT_ROWS_MAX {
            kept.clear();
        }
        kept.insert(row, Arc::clone(&read));
        Ok(read)
    }

    /// Returns the rows with a root that have a span that failed, inside the window or not.
    pub(crate) fn failed_rows(&self) -> Result<Arc<FailedRows>, Damaged> {
        if let Some(known) = &*self.failed_rows.lock() {
            return Ok(Arc::clone(known));
        }
        // Two questions may read them at once, because no lock is held while a file is read.
        let read = Arc::new(self.read_lasting(FailedRows::read)?);
        Ok(Arc::clone(self.failed_rows.lock().get_or_insert(read)))
    }

    /// Reads what is kept for later questions. If pages of files were lost meanwhile, it is no good unless all of this file
    /// is as it was written.
    fn read_lasting<T>(&self, read: impl FnOnce(&Segment) -> Result<T, Damaged>) -> Result<T, Damaged> {
        let before = lost_pages();
        let value = read(&self.file)?;
        if lost_pages() != before {
            self.file.verify_checksums()?;
        }
        Ok(value)
    }

    /// Whether it is time to try to evict the segment.
    pub(crate) fn may_leave(&self, cutoff: Timestamp) -> bool {
        self.file.meta().start_max < cutoff && self.keeps_until.load(Ordering::Relaxed) < cutoff.0
    }

    /// Sets the cutoff before which nothing of the segment can be evicted.
    pub(crate) fn keep_until(&self, until: Timestamp) {
        self.keeps_until.store(until.0, Ordering::Relaxed);
    }
}

impl fmt::Debug for LiveSegment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LiveSegment").field("file", &self.file_name()).finish_non_exhaustive()
    }
}
