//! Finds spans: the current view, the directory of its segments, and the hash that both use.

use hot::{Hash, Position, Router};
use segment::{Damaged, Segment};
use span::TraceId;

use crate::directory::Directory;
use crate::view::{LeftOut, PieceFinder, View, Views};

pub(crate) struct Catalog {
    router: Router,
    directory: Directory,
    views: Views,
}

impl Catalog {
    pub(crate) fn new(router: Router, first: View) -> Self {
        Self { router, directory: Directory::new(), views: Views::new(first) }
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
