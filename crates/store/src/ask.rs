//! Ask the store.

use hot::{Listing, TraceSpans};
use span::{TimeRange, Timestamp, TraceId};

use crate::store::Store;

impl Store {
    /// The latest `limit` traces whose root starts in `range`, and how many there are in all.
    pub fn list(&self, range: TimeRange, limit: usize, now: Timestamp) -> Listing {
        self.hot.list(range, limit, || self.window.cutoff(now))
    }

    /// The spans of a trace, or nothing where it is not inside the window.
    pub fn trace(&self, id: TraceId, now: Timestamp) -> Option<TraceSpans> {
        self.hot.trace(id, || self.window.cutoff(now))
    }
}
