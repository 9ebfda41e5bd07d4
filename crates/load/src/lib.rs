//! Emitter, verifier and benchmark: a black-box client of the contract.
//!
//! It shares only the vocabulary with the server: requests are written and answers are read by code of its
//! own, so that a mistake of the server's cannot cancel itself out.

mod answer;
mod bench;
mod client;
mod dice;
mod emit;
mod error;
mod findings;
mod generate;
mod latency;
mod ledger;
mod options;
mod oracle;
mod retry;
mod scene;
mod verify;

pub use bench::{BenchArgs, bench};
pub use client::TargetUrl;
pub use emit::{EmitArgs, emit};
pub use error::{LoadError, Verdict};
pub use ledger::LedgerError;
pub use options::{CheckArgs, Details, TargetArgs, WindowMinutes};
pub use verify::{VerifyArgs, verify};
