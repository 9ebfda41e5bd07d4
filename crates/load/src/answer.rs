//! The server's answers as the contract writes them; unknown fields are ignored.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `GET /traces`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TraceList {
    pub(crate) traces: Vec<Summary>,
    pub(crate) total: u64,
}

/// Ids and words stay text: how they are written is a part of the contract.
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
    /// Absent and `null` are the same.
    pub(crate) parent_span_id: Option<String>,
    pub(crate) service: String,
    pub(crate) operation: String,
    pub(crate) start_time: i64,
    pub(crate) end_time: i64,
    pub(crate) status: String,
    /// Absent, `null` and empty are the same.
    pub(crate) tags: Option<BTreeMap<String, String>>,
}

/// Every 4xx and 5xx.
#[derive(Debug, Deserialize)]
pub(crate) struct Failure {
    pub(crate) error: String,
}
