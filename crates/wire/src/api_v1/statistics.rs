//! Numbers over all traces that are meant.

use ::serde::Serialize;
use ::span::Timestamp;

use super::head::{Head, body, nanos};

#[derive(Serialize)]
pub struct Statistics<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    /// Traces of the range, by how they ended.
    pub all: u64,
    pub ok: u64,
    pub error: u64,
    /// Of those that are meant.
    pub traces: u64,
    pub errors: u64,
    pub spans: u64,
    #[serde(rename = "avg_ns")]
    pub average: u64,
    #[serde(rename = "p50_ns")]
    pub p50: u64,
    #[serde(rename = "p95_ns")]
    pub p95: u64,
    #[serde(rename = "p99_ns")]
    pub p99: u64,
    pub approximate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<Series<'a>>,
}

#[derive(Serialize)]
pub struct Series<'a> {
    #[serde(rename = "base_ns", serialize_with = "nanos")]
    pub base: Timestamp,
    #[serde(rename = "step_ns")]
    pub step: u64,
    pub traces: &'a [u64],
    pub errors: &'a [u64],
}

impl Statistics<'_> {
    pub fn write(&self) -> Vec<u8> {
        body(self)
    }
}
