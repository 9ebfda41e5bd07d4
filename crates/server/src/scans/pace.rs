//! How fast a scan goes, and whether it goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// How long a scan works at once while batches come.
const WORK: Duration = Duration::from_micros(500);
/// How long it then leaves the cores to the batches. A thread of low priority would not do: it could lose its core while
/// it holds a shard, and the batches for that shard would wait until it gets one back.
const REST: Duration = Duration::from_millis(1);

/// Counts the batches that were taken, so that scans see whether they have to rest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Batches(Arc<AtomicU64>);

impl Batches {
    pub(crate) fn note(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// What a scan asks from time to time, while it holds no lock.
#[derive(Clone, Debug)]
pub(crate) struct Pace(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The one who waits for the scan has gone.
    is_cancelled: AtomicBool,
    batches: Batches,
    /// The end of the last rest, and how many batches there were then.
    rested: Mutex<(Instant, u64)>,
}

impl Pace {
    pub(super) fn new(batches: &Batches) -> Self {
        let rested = Mutex::new((Instant::now(), batches.0.load(Ordering::Relaxed)));
        Self(Arc::new(Inner { is_cancelled: AtomicBool::new(false), batches: batches.clone(), rested }))
    }

    pub(super) fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Relaxed)
    }

    /// Rests if it is time to. Returns false if the scan is to end.
    pub(crate) fn goes_on(&self) -> bool {
        if self.is_cancelled() {
            return false;
        }
        let mut rested = self.0.rested.lock();
        let (at, before) = *rested;
        if at.elapsed() >= WORK {
            let batches = self.0.batches.0.load(Ordering::Relaxed);
            if batches != before {
                thread::sleep(REST);
            }
            *rested = (Instant::now(), batches);
        }
        true
    }
}
