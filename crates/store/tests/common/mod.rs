//! Helpers of the tests: settings with a small window, and the comparison of a store with the model.

use std::sync::Arc;
use std::time::Duration;

use platform::disk::Disk;
use span::{TimeRange, Timestamp, TraceId};
use store::{Accepted, Durability, ListLimit, Overload, Settings, Store};
use testkit::model::ModelSummary;
use testkit::{Model, OwnedSpan, with_borrowed};

pub(crate) const START: Timestamp = Timestamp(1_790_000_000_000_000_000);
pub(crate) const SECOND: i64 = 1_000_000_000;
pub(crate) const WINDOW: i64 = 60 * SECOND;
/// More traces than any scenario has.
const LISTED_MAX: usize = 100_000;

/// Returns settings with a window of a minute, ten seconds ahead of the clock, and merges of two segments.
pub(crate) fn settings(durability: Durability) -> Settings {
    Settings {
        window: Duration::from_nanos(WINDOW.unsigned_abs()),
        ahead: Duration::from_secs(10),
        durability,
        cores: 1,
        merged_segments: 2,
        ..Settings::default()
    }
}

pub(crate) fn open(settings: &Settings, disk: &(impl Disk + Clone), now: Timestamp) -> Store {
    Store::open(*settings, Arc::new(disk.clone()), now).expect("the disk can be read")
}

pub(crate) fn accept(store: &Store, batch: &[OwnedSpan], now: Timestamp) -> Result<Accepted, Overload> {
    // Batches here are smaller than a frame of the log, so they are refused as a whole or not at all.
    with_borrowed(batch, |spans| store.accept(spans, now)).map_err(|refused| refused.overload)
}

/// Returns the first answer that differs from the model's: the list, its total, or a trace that the model has ever
/// had.
pub(crate) fn difference(store: &Store, model: &Model, now: Timestamp) -> Option<String> {
    let cutoff = store.stats(now).cutoff;
    let listing = store.snapshot(now).list(TimeRange::ALL, LISTED_MAX);
    let found: Vec<ModelSummary> = listing.summaries().map(ModelSummary::from).collect();
    let expected = model.list(TimeRange::ALL, cutoff);
    if listing.total != expected.len() {
        return Some(format!("the total is {} and not {}", listing.total, expected.len()));
    }
    if found != expected {
        let pair = found.iter().zip(&expected).find(|(found, expected)| found != expected);
        return Some(format!("the list, of {} and {}: {pair:#?}", found.len(), expected.len()));
    }
    let limit = ListLimit { traces: LISTED_MAX, bytes: usize::MAX, memory: None };
    let rootless = store.snapshot(now).rootless_within(TimeRange::ALL.into(), limit).ok()?;
    let found: Vec<ModelSummary> = rootless.summaries().map(ModelSummary::from).collect();
    let expected = model.rootless(TimeRange::ALL, cutoff);
    if found != expected {
        return Some(format!("the rootless traces: {found:#?} and not {expected:#?}"));
    }
    model.trace_ids().find_map(|id| {
        let (found, expected) = (trace(store, id, now), model.trace(id, cutoff));
        let in_brief = |spans: &Option<Vec<OwnedSpan>>| spans.as_ref().map(|spans| brief(spans));
        (found != expected)
            .then(|| format!("trace {id}: {:?} and not {:?}", in_brief(&found), in_brief(&expected)))
    })
}

fn trace(store: &Store, id: TraceId, now: Timestamp) -> Option<Vec<OwnedSpan>> {
    store.trace(id, now).ok().map(|trace| {
        let mut spans = Vec::new();
        trace.for_each(0..trace.len(), |span| spans.push(OwnedSpan::from(span)));
        spans
    })
}

/// Returns the number of each span, and its start in seconds from the first moment.
#[expect(clippy::cast_precision_loss, reason = "for people")]
fn brief(spans: &[OwnedSpan]) -> Vec<(u8, f64)> {
    let start = |span: &OwnedSpan| (span.start.0 - START.0) as f64 / SECOND as f64;
    spans.iter().map(|span| (span.span_id.to_bytes()[0], start(span))).collect()
}
