//! The answers of the contract, read from JSON; unknown fields are ignored.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `GET /traces`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TraceList {
    pub(crate) traces: Vec<Summary>,
    pub(crate) total: u64,
}

/// One trace of the list. Ids and statuses stay text, because the contract says how they are written.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Summary {
    pub(crate) trace_id: String,
    pub(crate) root_service: String,
    pub(crate) root_operation: String,
    pub(crate) span_count: u64,
    pub(crate) duration_ms: i64,
    pub(crate) start_time: i64,
    pub(crate) status: String,
}

/// `GET /traces/{trace_id}`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Detail {
    pub(crate) trace_id: String,
    pub(crate) spans: Vec<DetailSpan>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct DetailSpan {
    pub(crate) trace_id: String,
    pub(crate) span_id: String,
    /// Absent means `null`.
    pub(crate) parent_span_id: Option<String>,
    pub(crate) service: String,
    pub(crate) operation: String,
    pub(crate) start_time: i64,
    pub(crate) end_time: i64,
    pub(crate) status: String,
    /// Absent means empty, and so does `null`.
    pub(crate) tags: Option<BTreeMap<String, String>>,
}

/// The body of every 4xx and 5xx.
#[derive(Debug, Deserialize)]
pub(crate) struct Failure {
    pub(crate) error: String,
}
