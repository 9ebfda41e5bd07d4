//! What the handlers of API v1 share beyond the state of the server.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};
use span::Timestamp;
use store::{Now, Selection, Statistics, Store};
use wire::api_v1::AnswerHead;

use super::service_numbers::{Numbering, ServiceNames};
use crate::app_state::AppState;
use crate::recent_totals::RecentTotals;
use crate::scans::SharedScans;

pub(super) struct ApiV1State {
    pub(super) app: Arc<AppState>,
    /// Differs for each process: a client sees by it that its cursor and its numbers of services are void.
    pub(super) epoch: String,
    services: Mutex<ServiceNames>,
    pub(super) recent_totals: RecentTotals,
    /// Statistics, by the selection and the number of buckets.
    pub(super) statistics: SharedScans<(Selection, usize), Arc<(Now, Statistics)>>,
}

impl ApiV1State {
    pub(super) fn new(app: &Arc<AppState>) -> Self {
        let epoch = format!("{:016x}", RandomState::new().hash_one(std::process::id()));
        Self {
            app: Arc::clone(app),
            epoch,
            services: Mutex::default(),
            recent_totals: RecentTotals::default(),
            statistics: SharedScans::new(&app.scans),
        }
    }

    /// Gives the services of an answer their numbers. It holds a lock, so the answer is written afterwards.
    pub(super) fn numbering(&self, store: &Store, now: Now) -> Numbering<MutexGuard<'_, ServiceNames>> {
        Numbering { names: self.services.lock(), now: now.time(), cutoff: store.cutoff(now) }
    }

    /// The services that were in an answer since `cutoff`.
    pub(super) fn services_since(&self, cutoff: Timestamp) -> Vec<String> {
        self.services.lock().since(cutoff)
    }

    /// The head of an answer that does without so many damaged segments.
    pub(super) fn head(&self, now: Now, segments_left_out: usize) -> AnswerHead<'_> {
        AnswerHead { epoch: &self.epoch, now: now.time(), segments_left_out }
    }
}
