//! Takes snapshots.

use std::sync::Arc;

use budget::Permit;
use span::{Timestamp, TraceId};

use super::no_trace::NoTrace;
use super::snapshot::Snapshot;
use super::trace_snapshot::trace_now;
use super::trace_spans::TraceSpans;
use crate::catalog::Catalog;
use crate::clock::Now;
use crate::quarantine::Quarantine;
use crate::window::Window;

/// Takes snapshots. It takes no lock that maintenance holds during I/O, and a snapshot holds no lock.
pub(crate) struct Reader {
    catalog: Arc<Catalog>,
    window: Arc<Window>,
    quarantine: Arc<Quarantine>,
}

impl Reader {
    pub(crate) fn new(catalog: &Arc<Catalog>, window: &Arc<Window>, quarantine: &Arc<Quarantine>) -> Self {
        Self { catalog: Arc::clone(catalog), window: Arc::clone(window), quarantine: Arc::clone(quarantine) }
    }

    pub(crate) fn snapshot(&self, now: Now) -> Snapshot {
        Snapshot::take(&self.catalog, &self.window, &self.quarantine, now)
    }

    /// Returns the spans of one trace. Cheaper than taking a snapshot of the whole store. `memory` grows with the copy.
    pub(crate) fn trace(
        &self,
        id: TraceId,
        now: Now,
        memory: Option<&Permit>,
    ) -> Result<TraceSpans, NoTrace> {
        trace_now(&self.catalog, &self.window, &self.quarantine, (id, memory), now)
    }

    /// Returns the range in which the stored spans inside the window start. The range may be wider, because it comes
    /// from whole files and generations, which may have spans outside of the window, too.
    pub(crate) fn bounds(&self, now: Now) -> Option<(Timestamp, Timestamp)> {
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
