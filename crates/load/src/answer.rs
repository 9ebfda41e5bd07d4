//! The server's answers as the contract writes them; unknown fields are ignored.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `GET /traces`.
#[derive(Clone, Debug, Deserialize)]
pub struct TraceList {
    pub traces: Vec<Summary>,
    pub total: u64,
}

/// Ids and words stay text: how they are written is a part of the contract.
#[derive(Clone, Debug, Deserialize)]
pub struct Summary {
    pub trace_id: String,
    pub root_service: String,
    pub root_operation: String,
    pub span_count: u64,
    pub duration_ms: i64,
    pub start_time: i64,
    pub status: String,
}

/// `GET /traces/{trace_id}`.
#[derive(Clone, Debug, Deserialize)]
pub struct Detail {
    pub trace_id: String,
    pub spans: Vec<DetailSpan>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct DetailSpan {
    pub trace_id: String,
    pub span_id: String,
    /// Absent and `null` are the same.
    pub parent_span_id: Option<String>,
    pub service: String,
    pub operation: String,
    pub start_time: i64,
    pub end_time: i64,
    pub status: String,
    /// Absent, `null` and empty are the same.
    pub tags: Option<BTreeMap<String, String>>,
}

/// Every 4xx and 5xx.
#[derive(Debug, Deserialize)]
pub struct Failure {
    pub error: String,
}
