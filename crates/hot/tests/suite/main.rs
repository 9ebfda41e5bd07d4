//! Tests of a generation through its public functions: against a model, with readers beside writers, and with large
//! traces.
#![expect(clippy::unwrap_used, reason = "all of this crate is a test")]

mod large_trace;
mod memory;
mod model;
mod records;
mod schedule;
mod threads;
