//! Emitter, verifier and benchmark: a black-box client of the contract.
//!
//! It does not use the server's codec. It writes requests and reads answers with its own code, because otherwise a
//! mistake in the codec would be on both sides, and nobody would see it.

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
