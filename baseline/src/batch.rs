//! What all stores on disk share: they group a batch by trace, number the names, and count the roots of each second, so
//! that a total is exact without a scan.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rustc_hash::FxBuildHasher;
use span::{Span, Status, TraceId};

use crate::contract::{Row, StoredSpan};

pub(crate) const SECOND_NANOS: i64 = 1_000_000_000;

/// The spans of a batch, sorted by trace and then by start.
pub(crate) fn by_trace(batch: &[Span<'static>]) -> Vec<Span<'static>> {
    let mut spans = batch.to_vec();
    spans.sort_unstable_by_key(|span| (span.trace_id, span.start, !span.is_root()));
    spans
}

/// Numbers for pairs of service and operation.
#[derive(Default)]
pub(crate) struct Names {
    numbers: HashMap<String, HashMap<String, u16, FxBuildHasher>, FxBuildHasher>,
    pairs: Vec<(String, String)>,
    /// How many of them are saved.
    saved: usize,
}

impl Names {
    pub(crate) fn number(&mut self, service: &str, name: &str) -> u16 {
        if let Some(number) = self.numbers.get(service).and_then(|names| names.get(name)) {
            return *number;
        }
        self.add(service, name)
    }

    fn add(&mut self, service: &str, name: &str) -> u16 {
        let number = u16::try_from(self.pairs.len()).expect("a small shop");
        self.pairs.push((service.to_owned(), name.to_owned()));
        self.numbers.entry(service.to_owned()).or_default().insert(name.to_owned(), number);
        number
    }

    pub(crate) fn pair(&self, number: u16) -> (String, String) {
        self.pairs[usize::from(number)].clone()
    }

    /// Adds a name that `unsaved` returned; names have to come in their order.
    pub(crate) fn restore(&mut self, text: &str) {
        let (service, name) = text.split_once('\n').expect("two lines");
        self.add(service, name);
        self.saved += 1;
    }

    /// The number and text of each new name, which the store has to save with the batch.
    pub(crate) fn unsaved(&mut self) -> Vec<(usize, String)> {
        let from = std::mem::replace(&mut self.saved, self.pairs.len());
        let new = self.pairs.iter().enumerate().skip(from);
        new.map(|(number, (service, name))| (number, format!("{service}\n{name}"))).collect()
    }
}

/// How many roots start in each second.
#[derive(Default)]
pub(crate) struct Counts {
    seconds: BTreeMap<i64, u32>,
    changed: BTreeSet<i64>,
}

impl Counts {
    pub(crate) fn add_root(&mut self, start: i64) {
        let second = start.div_euclid(SECOND_NANOS);
        *self.seconds.entry(second).or_default() += 1;
        self.changed.insert(second);
    }

    pub(crate) fn restore(&mut self, second: i64, roots: u32) {
        self.seconds.insert(second, roots);
    }

    /// The seconds whose counts have changed, which the store has to save with the batch.
    pub(crate) fn unsaved(&mut self) -> Vec<(i64, u32)> {
        let changed = std::mem::take(&mut self.changed);
        changed.into_iter().map(|second| (second, self.seconds[&second])).collect()
    }

    /// How many roots start after the second of `cutoff`, and when that second ends. Roots within the second have to be
    /// counted one by one.
    pub(crate) fn after(&self, cutoff: i64) -> (usize, i64) {
        let next = cutoff.div_euclid(SECOND_NANOS) + 1;
        (self.seconds.range(next..).map(|(_, roots)| *roots as usize).sum(), next * SECOND_NANOS)
    }

    /// Removes and returns the seconds that end at `cutoff` or before.
    pub(crate) fn expire(&mut self, cutoff: i64) -> Vec<i64> {
        let kept = self.seconds.split_off(&cutoff.div_euclid(SECOND_NANOS));
        std::mem::replace(&mut self.seconds, kept).into_keys().collect()
    }
}

/// Makes the row of a list from the spans of its trace.
pub(crate) fn summarize(trace_id: TraceId, spans: &[StoredSpan], names: &Names) -> Row {
    let roots = spans.iter().filter(|span| span.parent_span_id.is_none());
    let root = roots.min_by_key(|span| (span.start, span.span_id)).expect("a listed trace has a root");
    let (service, name) = names.pair(root.name);
    let error = spans.iter().find(|span| span.status == Status::Error);
    let status = error.map_or(Status::Ok, |span| span.status);
    let (start, duration) = (root.start, root.duration);
    Row { trace_id, service, name, spans: spans.len(), start, duration, status }
}
