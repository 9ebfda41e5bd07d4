//! The parts that the rooms of the store share, and how the rooms are put together.
//!
//! Every room gets only the parts that it needs. All of them together are seen only here, and while a store is opened.

use std::sync::Arc;

use hot::{Generation, Router};
use platform::disk::{Disk, FileEntry};
use span::Timestamp;
use sync::Mutex;

use crate::catalog::Catalog;
use crate::change_feed::ChangeFeed;
use crate::disk_space::DiskSpace;
use crate::health::HealthState;
use crate::ingest::{Ingest, Inserter};
use crate::ledger::Counters;
use crate::log::SpanLog;
use crate::maintenance::{
    Evictor, Freezer, Maintainer, Merger, Publisher, Reserve, SealedLogs, Sealer, SegmentFiles, SpaceEvictor,
    SpaceGate,
};
use crate::quarantine::{DamagedFiles, Quarantine};
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
    pub(crate) damaged: Arc<DamagedFiles>,
    pub(crate) space: Arc<Space>,
    pub(crate) disk_space: Arc<DiskSpace>,
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
        let log = Arc::new(SpanLog::new(&health, &signal));
        let disk_space = Arc::new(DiskSpace::new(&settings, medium, &catalog, &log));
        let damaged = Arc::new(DamagedFiles::new(&disk, &disk_space));
        let changes = Arc::<ChangeFeed>::default();
        Self {
            settings,
            window: Arc::new(Window::new(settings.window, settings.ahead)),
            counters: Arc::default(),
            quarantine: Arc::new(Quarantine::new(&catalog, &damaged, &health, &signal, &changes)),
            space: Arc::new(Space::new(&settings, medium, &catalog)),
            disk_space,
            damaged,
            changes,
            disk,
            catalog,
            health,
            signal,
            log,
        }
    }

    /// Makes the maintainer. `last_number` is the last number that a segment has, and `reserve` the reserve that was
    /// found on the disk.
    pub(crate) fn maintainer(&self, last_number: u16, reserve: Option<&FileEntry>) -> Maintainer {
        let Self { settings, disk, catalog, window, log, counters, health, disk_space, .. } = self;
        let files = SegmentFiles::new(disk, disk_space);
        let publisher = Publisher::new(catalog, health, files, last_number);
        let freezer = Freezer::new(settings, catalog, window, log, disk_space);
        let logs = SealedLogs::new(log, health, disk_space, &self.damaged);
        let space_evictor = SpaceEvictor {
            catalog: Arc::clone(catalog),
            window: Arc::clone(window),
            counters: Arc::clone(counters),
            quarantine: Arc::clone(&self.quarantine),
            space: Arc::clone(&self.space),
            disk_space: Arc::clone(disk_space),
            log: Arc::clone(log),
            signal: Arc::clone(&self.signal),
        };
        Maintainer {
            sealer: Sealer::new(catalog, health, freezer, publisher, logs),
            merger: Merger::new(settings, catalog, counters, &self.quarantine, disk_space),
            reserve: Reserve::new(disk, disk_space, reserve),
            catalog: Arc::clone(catalog),
            term_began: Timestamp::MIN,
            log: Arc::clone(log),
            window: Arc::clone(window),
            health: Arc::clone(health),
            disk_space: Arc::clone(disk_space),
            evictor: Evictor::new(settings, catalog, window, counters, &self.quarantine),
            space_evictor,
            quarantine: Arc::clone(&self.quarantine),
            changes: Arc::clone(&self.changes),
            signal: Arc::clone(&self.signal),
        }
    }

    pub(crate) fn inserter(&self) -> Inserter {
        Inserter::new(&self.disk_space, &self.catalog, &self.quarantine, &self.signal, &self.changes)
    }

    pub(crate) fn ingest(&self, maintainer: &Arc<Mutex<Maintainer>>) -> Ingest {
        let gate = SpaceGate::new(&self.space, &self.disk_space, &self.signal, maintainer);
        Ingest::new(&self.window, &self.log, &self.counters, self.inserter(), gate)
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader::new(&self.catalog, &self.window, &self.quarantine)
    }

    pub(crate) fn status_reader(&self) -> StatusReader {
        StatusReader::new(&self.settings, &self.catalog, &self.space, &self.disk_space, &self.health)
    }
}
