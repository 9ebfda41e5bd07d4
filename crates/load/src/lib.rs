//! Emitter, verifier and benchmark: a black-box client of the contract.
//!
//! It shares with the server only what a span is. It writes requests and reads answers with its own code, so that a
//! mistake in the server's codec cannot hide itself.

mod answer;
mod bench;
mod client;
mod emit;
mod error;
mod findings;
mod generate;
mod latency;
mod ledger;
mod options;
mod oracle;
mod random;
mod retry;
mod services;
mod verify;

pub use bench::{BenchArgs, bench};
pub use client::TargetUrl;
pub use emit::{EmitArgs, emit};
pub use error::{LoadError, Verdict};
pub use ledger::LedgerError;
pub use options::{CheckArgs, Details, TargetArgs, WindowMinutes};
pub use verify::{VerifyArgs, verify};
