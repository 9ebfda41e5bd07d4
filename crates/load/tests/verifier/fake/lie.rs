//! The lies of the fake server: each changes one answer in one way, and `None` is the truth.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each match is about a few lies and lets the others pass"
)]

use serde_json::{Value, json};

use super::model::{Model, StoredTrace, number, text};
use super::rules::{PageParameters, is_uuid};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lie {
    None,
    // About the list.
    DropsATrace,
    InventsATrace,
    ListsRootless,
    Summary(&'static str),
    UpperCaseIds,
    CountsRepeats,
    OldestFirst,
    TiesTheOtherWay,
    ListsTwice,
    TotalTooLarge,
    TotalTooSmall,
    TotalOfThePage,
    AfterExclusive,
    BeforeInclusive,
    IgnoresAfter,
    IgnoresBefore,
    ShortPages,
    DefaultLimitOfTen,
    // About a detail.
    HidesATrace,
    Span(&'static str),
    LosesASpan,
    InventsASpan,
    RepeatsASpan,
    LastRepeatWins,
    ChangesATag,
    AddsATag,
    LosesTags,
    LosesTheParent,
    GivesTheRootAParent,
    SpansBackwards,
    WrongTraceIdOfDetail,
    // About the rules.
    UnknownIsEmpty,
    BadIdIsUnknown,
    UpperCaseIsRefused,
    BadParametersAccepted,
    BadBatchAccepted,
    StoresHalfABatch,
    SilentRefusal,
    PlacelessRefusal,
    HealthIsOdd,
}

impl Lie {
    pub(crate) fn health(self) -> &'static str {
        if self == Self::HealthIsOdd { "fine" } else { "ok" }
    }

    pub(crate) fn refusal(self, error: &str) -> (u16, Value) {
        match self {
            Self::BadBatchAccepted => (202, json!({ "status": "ok" })),
            Self::SilentRefusal => (400, json!({})),
            Self::PlacelessRefusal => (400, json!({ "error": "something is wrong" })),
            _ => (400, json!({ "error": error })),
        }
    }

    pub(crate) fn bad_parameters(self, error: &str) -> (u16, Value) {
        match self {
            Self::BadParametersAccepted => (200, json!({ "traces": [], "total": 0 })),
            _ => (400, json!({ "error": error })),
        }
    }

    /// Reads an id in any allowed form; returns it as answers write it.
    pub(crate) fn read_id(self, id: &str) -> Option<String> {
        if self == Self::UpperCaseIsRefused && id.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let mut id = id.to_lowercase();
        if id.len() == 32 {
            for place in [8, 13, 18, 23] {
                id.insert(place, '-');
            }
        }
        is_uuid(&id).then_some(id)
    }

    pub(crate) fn bad_id(self) -> (u16, Value) {
        let status = if self == Self::BadIdIsUnknown { 404 } else { 400 };
        (status, json!({ "error": "not a UUID" }))
    }

    pub(crate) fn list(self, model: &Model, parameters: PageParameters) -> Value {
        let mut summaries = model.summaries();
        self.spoil_summaries(model, &mut summaries);
        let PageParameters { mut limit, after, before } = parameters;
        summaries.retain(|summary| {
            let start = number(summary, "start_time");
            let is_after = if self == Self::AfterExclusive { start > after } else { start >= after };
            let is_before = if self == Self::BeforeInclusive { start <= before } else { start < before };
            (is_after || self == Self::IgnoresAfter) && (is_before || self == Self::IgnoresBefore)
        });
        let mut total = summaries.len();
        match self {
            Self::TotalTooLarge => total += 1,
            Self::TotalTooSmall => total = total.saturating_sub(1),
            Self::TotalOfThePage => total = total.min(limit),
            Self::ShortPages => limit = limit.min(100),
            Self::DefaultLimitOfTen if limit == 20 => limit = 10,
            _ => {}
        }
        summaries.truncate(limit);
        json!({ "traces": summaries, "total": total })
    }

    fn spoil_summaries(self, model: &Model, summaries: &mut Vec<Value>) {
        if summaries.is_empty() {
            return;
        }
        let victim = summaries.len() / 2;
        match self {
            Self::DropsATrace => drop(summaries.remove(victim)),
            Self::InventsATrace => {
                let mut invented = summaries[victim].clone();
                invented["trace_id"] = json!("00000000-0000-4000-8000-000000000000");
                summaries.insert(victim, invented);
            }
            Self::ListsTwice => summaries.insert(victim, summaries[victim].clone()),
            Self::ListsRootless => {
                let rootless = model.traces.iter().find(|(_, trace)| trace.root().is_none());
                let (id, trace) = rootless.expect("some root was refused");
                let stand_in = trace.spans.values().next().unwrap();
                summaries.push(trace.summary_with(id, stand_in));
                summaries.sort_by_key(|summary| std::cmp::Reverse(number(summary, "start_time")));
            }
            Self::Summary(field) => change(&mut summaries[victim], field),
            Self::UpperCaseIds => {
                for summary in summaries {
                    summary["trace_id"] = json!(text(summary, "trace_id").to_uppercase());
                }
            }
            Self::CountsRepeats => {
                for summary in summaries {
                    let repeats = model.traces[text(summary, "trace_id")].repeats.len();
                    summary["span_count"] =
                        json!(number(summary, "span_count") + i64::try_from(repeats).unwrap());
                }
            }
            Self::OldestFirst => summaries.reverse(),
            Self::TiesTheOtherWay => {
                summaries.reverse();
                summaries.sort_by_key(|summary| std::cmp::Reverse(number(summary, "start_time")));
            }
            _ => {}
        }
    }

    pub(crate) fn detail(self, model: &Model, trace_id: &str) -> (u16, Value) {
        let is_complex = |trace: &StoredTrace| trace.root().is_some() && trace.spans.len() >= 3;
        let victim = model.traces.iter().find(|(_, trace)| is_complex(trace));
        let is_victim = || victim.is_some_and(|(id, _)| id == trace_id);
        let Some(mut spans) = model.spans(trace_id) else {
            if self == Self::UnknownIsEmpty {
                return (200, json!({ "trace_id": trace_id, "spans": [] }));
            }
            return (404, json!({ "error": "no such trace" }));
        };
        let mut answer_id = json!(trace_id);
        match self {
            Self::LastRepeatWins => {
                for span in &mut spans {
                    let later = model.traces[trace_id].repeats.iter();
                    if let Some(later) = later.rev().find(|later| later["span_id"] == span["span_id"]) {
                        *span = later.clone();
                    }
                }
            }
            Self::HidesATrace if is_victim() => return (404, json!({ "error": "no such trace" })),
            Self::WrongTraceIdOfDetail => answer_id = json!("00000000-0000-4000-8000-000000000000"),
            _ if is_victim() => self.spoil_spans(&mut spans),
            _ => {}
        }
        (200, json!({ "trace_id": answer_id, "spans": spans }))
    }

    fn spoil_spans(self, spans: &mut Vec<Value>) {
        let last = spans.len() - 1;
        let root = spans.iter().position(|span| span.get("parent_span_id").is_none()).unwrap();
        let child = (0..=last).find(|&place| place != root).unwrap();
        match self {
            Self::Span(field) => change(&mut spans[last], field),
            Self::LosesASpan => drop(spans.remove(last)),
            Self::InventsASpan => {
                let mut invented = spans[last].clone();
                invented["span_id"] = json!("ffffffff-ffff-4fff-bfff-ffffffffffff");
                spans.push(invented);
            }
            Self::RepeatsASpan => spans.push(spans[last].clone()),
            Self::ChangesATag => {
                let tags = spans[root]["tags"].as_object_mut().unwrap();
                *tags.values_mut().next().unwrap() = json!("another value");
            }
            Self::AddsATag => spans[root]["tags"]["new"] = json!("tag"),
            Self::LosesTags => spans[root]["tags"] = json!({}),
            Self::LosesTheParent => spans[child]["parent_span_id"] = Value::Null,
            Self::GivesTheRootAParent => spans[root]["parent_span_id"] = spans[child]["span_id"].clone(),
            Self::SpansBackwards => spans.reverse(),
            _ => {}
        }
    }
}

/// Replaces a field by another value of its type.
fn change(object: &mut Value, field: &str) {
    object[field] = match &object[field] {
        Value::Number(number) => json!(number.as_i64().unwrap() + 1),
        Value::String(word) if word == "ok" => json!("error"),
        Value::String(word) if word == "error" => json!("ok"),
        Value::String(word) if is_uuid(word) => json!("00000000-0000-4000-8000-000000000000"),
        other => json!(format!("not {other}")),
    };
}
