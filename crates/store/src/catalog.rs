//! Finds spans: the current view, the directory of its segments, and the hash that both use.

use hot::{Hash, Position, Router};
use platform::disk::lost_pages;
use segment::{Damaged, Segment, Terms};
use span::TraceId;
use sync::atomic::{AtomicU64, Ordering};

use crate::directory::Directory;
use crate::view::{LeftOut, PieceFinder, View, Views};

pub(crate) struct Catalog {
    router: Router,
    directory: Directory,
    views: Views,
    /// The terms in which the blocks of all segments are verified.
    terms: Terms,
    /// How many pages were lost when the present term began, or before.
    lost_pages: AtomicU64,
}

impl Catalog {
    pub(crate) fn new(router: Router, first: View) -> Self {
        Self {
            router,
            directory: Directory::new(),
            views: Views::new(first),
            terms: Terms::default(),
            lost_pages: AtomicU64::new(0),
        }
    }

    pub(crate) fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Returns what `read` returns, which reads segments. If pages of files were lost meanwhile, it may have taken zeros
    /// for what was written; then it is called again, and finds the checksums of such files wrong. Each file loses its
    /// pages once, so this ends.
    pub(crate) fn settled<T>(&self, mut read: impl FnMut() -> T) -> T {
        loop {
            let before = self.lost_pages();
            let value = read();
            if self.lost_pages() == before {
                return value;
            }
        }
    }

    /// Returns how many pages of files were lost. Blocks that were verified before that are verified again.
    pub(crate) fn lost_pages(&self) -> u64 {
        let lost = lost_pages();
        if self.lost_pages.load(Ordering::Acquire) != lost {
            // Order: the term first. A thread that finds the number does not look for more.
            self.terms.advance();
            self.lost_pages.fetch_max(lost, Ordering::AcqRel);
        }
        lost
    }

    pub(crate) fn router(&self) -> &Router {
        &self.router
    }

    pub(crate) fn directory(&self) -> &Directory {
        &self.directory
    }

    pub(crate) fn views(&self) -> &Views {
        &self.views
    }

    /// Returns a finder of the pieces of a trace in a view. The trace's shard of the open generation counts up to
    /// `end`.
    pub(crate) fn finder<'a>(
        &'a self,
        view: &'a View,
        left_out: &'a LeftOut,
        id: TraceId,
        end: Position,
    ) -> PieceFinder<'a> {
        let hash = self.router.hash(id);
        let shard = self.router.shard(hash);
        PieceFinder { view, directory: &self.directory, left_out, id, hash, shard, end }
    }

    /// Returns the hashes of a segment's trace ids, in the order of its rows.
    pub(crate) fn row_hashes(&self, segment: &Segment) -> Result<Vec<Hash>, Damaged> {
        let rows = segment.meta().traces;
        let mut hashes = Vec::with_capacity(rows as usize);
        segment.for_each_trace_id(0..rows, |_, id| hashes.push(self.router.hash(id)))?;
        Ok(hashes)
    }
}
