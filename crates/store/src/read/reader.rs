//! Takes snapshots.

use std::sync::Arc;

use span::{Timestamp, TraceId};

use super::snapshot::Snapshot;
use super::trace_snapshot::trace_now;
use super::trace_spans::TraceSpans;
use crate::catalog::Catalog;
use crate::quarantine::Quarantine;
use crate::window::Window;

/// A question takes no lock that maintenance holds during I/O, and holds none itself.
pub(crate) struct Reader {
    catalog: Arc<Catalog>,
    window: Arc<Window>,
    quarantine: Arc<Quarantine>,
}

impl Reader {
    pub(crate) fn new(catalog: &Arc<Catalog>, window: &Arc<Window>, quarantine: &Arc<Quarantine>) -> Self {
        Self { catalog: Arc::clone(catalog), window: Arc::clone(window), quarantine: Arc::clone(quarantine) }
    }

    pub(crate) fn snapshot(&self, now: Timestamp) -> Snapshot {
        Snapshot::take(&self.catalog, &self.window, &self.quarantine, now)
    }

    /// The spans of one trace: cheaper than by a snapshot of the whole store.
    pub(crate) fn trace(&self, id: TraceId, now: Timestamp) -> Option<TraceSpans> {
        trace_now(&self.catalog, &self.window, &self.quarantine, (id, now))
    }

    /// From when to when spans start that are held and inside the window, as far as files and generations say: a span
    /// outside of the window may share a file with one that is inside.
    pub(crate) fn bounds(&self, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let view = self.catalog.views().current();
        let hot = view.generations().map(|generation| generation.start_range());
        let segments = view.segments().iter().map(|segment| segment.file().meta());
        let all = hot.chain(segments.map(|meta| (meta.start_min, meta.start_max)));
        let cutoff = self.window.cutoff(now);
        let inside = all.filter(|&(oldest, newest)| oldest <= newest && newest >= cutoff);
        inside
            .reduce(|(oldest, newest), (from, to)| (oldest.min(from), newest.max(to)))
            .map(|(oldest, newest)| (oldest.max(cutoff), newest))
    }
}
