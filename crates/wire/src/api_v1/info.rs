//! The answer of `info`: the server's version and settings, and what is in its store.

use ::serde::Serialize;
use ::span::Timestamp;

use super::answer_head::AnswerHead;
use super::times::{duration, some_nanos};
use crate::json::to_bytes;

/// The answer of `info`.
#[derive(Serialize)]
pub struct Info<'a> {
    #[serde(flatten)]
    pub head: AnswerHead<'a>,
    pub version: &'a str,
    pub features: &'a [&'a str],
    #[serde(rename = "window_ns", serialize_with = "duration")]
    pub window: u64,
    #[serde(rename = "effective_window_ns", serialize_with = "duration")]
    pub effective_window: u64,
    pub limited_by: &'a str,
    #[serde(rename = "oldest_ns", serialize_with = "some_nanos")]
    pub oldest: Option<Timestamp>,
    #[serde(rename = "newest_ns", serialize_with = "some_nanos")]
    pub newest: Option<Timestamp>,
    /// Traces with a root.
    pub traces: u64,
    pub rootless_traces: u64,
    pub spans: u64,
    pub stale_spans: u64,
    pub repeated_spans: u64,
    pub refused_batches: u64,
    /// Files that were found damaged since the start, and quarantined.
    pub damaged_files: u64,
    pub memory_bytes: u64,
    pub memory_bytes_max: u64,
    pub disk_bytes: u64,
    pub disk_bytes_max: u64,
    pub points_max: usize,
    pub spans_max: usize,
    pub services: &'a [String],
}

impl Info<'_> {
    pub fn write(&self) -> Vec<u8> {
        to_bytes(self)
    }
}
