//! The answer of `stats`: figures about all traces that the request selects.

use ::serde::Serialize;
use ::span::Timestamp;

use super::answer_head::AnswerHead;
use super::times::{duration, nanos};
use crate::json::to_bytes;

/// Figures about the selected traces.
#[derive(Serialize)]
pub struct Statistics<'a> {
    #[serde(flatten)]
    pub head: AnswerHead<'a>,
    /// How many traces there are in the range, whether they failed or not.
    pub all: u64,
    pub ok: u64,
    pub error: u64,
    /// How many traces the request selects. The members below are about these only.
    pub traces: u64,
    pub errors: u64,
    pub spans: u64,
    #[serde(rename = "avg_ns", serialize_with = "duration")]
    pub average: u64,
    #[serde(rename = "p50_ns", serialize_with = "duration")]
    pub p50: u64,
    #[serde(rename = "p95_ns", serialize_with = "duration")]
    pub p95: u64,
    #[serde(rename = "p99_ns", serialize_with = "duration")]
    pub p99: u64,
    pub approximate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<Series<'a>>,
}

/// Numbers of traces and of failed traces over time. Each bucket is `step` nanoseconds long; the first begins at
/// `base`.
#[derive(Serialize)]
pub struct Series<'a> {
    #[serde(rename = "base_ns", serialize_with = "nanos")]
    pub base: Timestamp,
    #[serde(rename = "step_ns", serialize_with = "duration")]
    pub step: u64,
    pub traces: &'a [u64],
    pub errors: &'a [u64],
}

impl Statistics<'_> {
    pub fn write(&self) -> Vec<u8> {
        to_bytes(self)
    }
}
