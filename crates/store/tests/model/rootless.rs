//! Rootless traces: their list, and how many there are.

use span::{Status, TimeRange};
use store::{ListLimit, Listing, Outcome, Selection};
use testkit::model::ModelSummary;

use super::Pair;

impl Pair {
    /// Returns all rootless traces.
    pub(super) fn rootless(&self) -> Listing {
        self.latest_rootless(TimeRange::ALL.into(), usize::MAX)
    }

    fn latest_rootless(&self, selection: Selection, traces: usize) -> Listing {
        let limit = ListLimit { traces, bytes: usize::MAX, memory: None };
        self.store.snapshot(self.now).rootless_within(selection, limit).expect("there is no permit")
    }

    pub(super) fn check_rootless(&self, selection: Selection, limit: usize) {
        let is_meant = |summary: &ModelSummary| match selection.outcome {
            Outcome::Any => true,
            Outcome::Ok => summary.status != Status::Error,
            Outcome::Error => summary.status == Status::Error,
        };
        let expected: Vec<ModelSummary> =
            self.model.rootless(selection.range, self.cutoff()).into_iter().filter(is_meant).collect();
        let listing = self.latest_rootless(selection, limit);
        let found: Vec<ModelSummary> = listing.summaries().map(ModelSummary::from).collect();
        assert_eq!(listing.total, expected.len(), "rootless traces of {selection:?}");
        assert_eq!(found, expected[..limit.min(expected.len())], "rootless traces of {selection:?}");
        let counted = self.store.snapshot(self.now).count_rootless(selection);
        assert_eq!(counted, expected.len(), "the number of rootless traces of {selection:?}");
    }
}
