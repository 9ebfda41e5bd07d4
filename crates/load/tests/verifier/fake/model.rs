//! The spans of the fake server, in plain maps that are easy to check by eye.

use std::cell::OnceCell;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

#[derive(Default)]
pub(crate) struct Model {
    pub(crate) traces: BTreeMap<String, StoredTrace>,
    /// Checksums of the bodies that came before.
    pub(crate) bodies: BTreeSet<u32>,
    /// What starts before this is outside the window.
    cutoff: i64,
    /// The sorted summaries; computed again after a change.
    sorted: OnceCell<Vec<Value>>,
}

#[derive(Default)]
pub(crate) struct StoredTrace {
    /// Spans by id; the first copy stays.
    pub(crate) spans: BTreeMap<String, Value>,
    /// Duplicates, which came later.
    pub(crate) repeats: Vec<Value>,
}

impl Model {
    pub(crate) fn store_all(&mut self, spans: Vec<Value>) {
        self.sorted.take();
        for span in spans {
            let trace = self.traces.entry(text(&span, "trace_id").to_lowercase()).or_default();
            let span_id = text(&span, "span_id").to_lowercase();
            match trace.spans.entry(span_id) {
                Entry::Vacant(place) => drop(place.insert(span)),
                Entry::Occupied(_) => trace.repeats.push(span),
            }
        }
    }

    pub(crate) fn move_cutoff(&mut self, cutoff: i64) {
        self.sorted.take();
        self.cutoff = cutoff;
    }

    /// All summaries inside the window, in the order of the list.
    pub(crate) fn summaries(&self) -> Vec<Value> {
        self.sorted.get_or_init(|| self.sort()).clone()
    }

    fn sort(&self) -> Vec<Value> {
        let mut summaries: Vec<Value> =
            self.traces.iter().filter_map(|(id, trace)| trace.summary(id)).collect();
        summaries.retain(|summary| number(summary, "start_time") >= self.cutoff);
        summaries.sort_by_key(|summary| {
            (std::cmp::Reverse(number(summary, "start_time")), text(summary, "trace_id").to_owned())
        });
        summaries
    }

    /// The spans of a trace inside the window, in the order of the detail.
    pub(crate) fn spans(&self, trace_id: &str) -> Option<Vec<Value>> {
        let trace = self.traces.get(trace_id)?;
        if trace.root().is_some_and(|root| number(root, "start_time") < self.cutoff) {
            return None;
        }
        let mut spans: Vec<Value> = trace.spans.values().cloned().collect();
        spans.retain(|span| number(span, "start_time") >= self.cutoff);
        spans.sort_by_key(|span| (number(span, "start_time"), text(span, "span_id").to_owned()));
        (!spans.is_empty()).then_some(spans)
    }
}

impl StoredTrace {
    pub(crate) fn root(&self) -> Option<&Value> {
        self.spans.values().find(|span| span.get("parent_span_id").is_none_or(Value::is_null))
    }

    fn summary(&self, trace_id: &str) -> Option<Value> {
        self.root().map(|root| self.summary_with(trace_id, root))
    }

    /// The summary, with any span as the root.
    pub(crate) fn summary_with(&self, trace_id: &str, root: &Value) -> Value {
        let has_error = self.spans.values().any(|span| span["status"] == "error");
        json!({
            "trace_id": trace_id,
            "root_service": root["service"],
            "root_operation": root["operation"],
            "span_count": self.spans.len(),
            "duration_ms": (number(root, "end_time") - number(root, "start_time")) / 1_000_000,
            "start_time": root["start_time"],
            "status": if has_error { "error" } else { "ok" },
        })
    }
}

pub(crate) fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object[field].as_str().unwrap()
}

pub(crate) fn number(object: &Value, field: &str) -> i64 {
    object[field].as_i64().unwrap()
}
