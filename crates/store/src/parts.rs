//! The parts that the rooms of the store share, and how the rooms are put together.
//!
//! Every room gets only the parts that it needs. All of them together are seen only here, and while a store is opened.

use std::sync::Arc;

use hot::{Generation, Router};
use platform::disk::Disk;
use span::Timestamp;
use sync::Mutex;

use crate::catalog::Catalog;
use crate::change_feed::ChangeFeed;
use crate::health::HealthState;
use crate::ingest::{Ingest, Inserter};
use crate::ledger::Counters;
use crate::log::SpanLog;
use crate::maintenance::{
    Evictor, Freezer, Maintainer, MemoryGate, Merger, Publisher, SealedLogs, Sealer, SegmentFiles,
    SpaceEvictor,
};
use crate::quarantine::Quarantine;
use crate::read::{Reader, StatusReader};
use crate::settings::{Medium, Settings};
use crate::signal::Signal;
use crate::space::Space;
use crate::view::View;
use crate::window::Window;

pub(crate) struct Parts {
    pub(crate) settings: Settings,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) window: Arc<Window>,
    pub(crate) log: Arc<SpanLog>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) health: Arc<HealthState>,
    pub(crate) signal: Arc<Signal>,
    pub(crate) quarantine: Arc<Quarantine>,
    pub(crate) space: Arc<Space>,
    pub(crate) changes: Arc<ChangeFeed>,
}

impl Parts {
    /// Makes the parts of a store without spans. Its open generation has the number `generation`.
    pub(crate) fn new(
        settings: Settings,
        disk: Arc<dyn Disk>,
        medium: Medium,
        generation: u64,
        now: Timestamp,
    ) -> Self {
        let router = Router::new(settings.cores);
        // The spans of the log may have been checked against any cutoff.
        let open = Arc::new(Generation::new(generation, &router, now, Timestamp::MIN));
        let catalog = Arc::new(Catalog::new(router, View::new(open)));
        let health = Arc::new(HealthState::default());
        let signal = Arc::new(Signal::default());
        let log = Arc::new(SpanLog::new(Arc::clone(&health)));
        let changes = Arc::<ChangeFeed>::default();
        Self {
            settings,
            window: Arc::new(Window::new(settings.window, settings.ahead)),
            counters: Arc::default(),
            quarantine: Arc::new(Quarantine::new(&catalog, &disk, &health, &signal, &changes)),
            space: Arc::new(Space::new(&settings, medium, &catalog, &log)),
            changes,
            disk,
            catalog,
            health,
            signal,
            log,
        }
    }

    /// Makes the maintainer. `last_number` is the last number that a segment has.
    pub(crate) fn maintainer(&self, last_number: u16) -> Maintainer {
        let Self { settings, disk, catalog, window, log, counters, health, .. } = self;
        let files = SegmentFiles::new(disk);
        let publisher = Publisher::new(catalog, health, files, last_number);
        let freezer = Freezer::new(settings, catalog, window, log);
        let space_evictor = SpaceEvictor {
            catalog: Arc::clone(catalog),
            window: Arc::clone(window),
            counters: Arc::clone(counters),
            quarantine: Arc::clone(&self.quarantine),
            space: Arc::clone(&self.space),
            signal: Arc::clone(&self.signal),
        };
        Maintainer {
            sealer: Sealer::new(catalog, health, freezer, publisher, SealedLogs::new(log, health)),
            merger: Merger::new(settings, catalog, counters, &self.quarantine),
            evictor: Evictor::new(settings, catalog, window, counters, &self.quarantine),
            space_evictor,
            quarantine: Arc::clone(&self.quarantine),
            changes: Arc::clone(&self.changes),
            signal: Arc::clone(&self.signal),
        }
    }

    pub(crate) fn inserter(&self) -> Inserter {
        Inserter::new(&self.settings, &self.catalog, &self.quarantine, &self.signal, &self.changes)
    }

    pub(crate) fn ingest(&self, maintainer: &Arc<Mutex<Maintainer>>) -> Ingest {
        let gate = MemoryGate::new(&self.space, &self.signal, maintainer);
        Ingest::new(&self.window, &self.log, &self.counters, self.inserter(), gate)
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader::new(&self.catalog, &self.window, &self.quarantine)
    }

    pub(crate) fn status_reader(&self) -> StatusReader {
        StatusReader::new(&self.settings, &self.catalog, &self.space, &self.health)
    }
}
