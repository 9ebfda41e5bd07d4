//! How a command ends: it passes, it fails, or it could not do its work.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use thiserror::Error;

use crate::client::TargetUrl;
use crate::ledger::LedgerError;

/// What a command found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Pass,
    Fail,
}

impl Verdict {
    /// Returns `Pass` if both verdicts are `Pass`.
    pub(crate) const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Pass, Self::Pass) => Self::Pass,
            (Self::Fail, _) | (_, Self::Fail) => Self::Fail,
        }
    }
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::SUCCESS,
            Verdict::Fail => Self::FAILURE,
        }
    }
}

/// Why a command could not do its work. It says nothing about whether the server's answers are right.
#[derive(Debug, Error)]
pub enum LoadError {
    #[error("no server is ready at {target} ({reason}); start one there, or give another --target-url")]
    Unreachable { target: TargetUrl, reason: String },
    #[error("the server at {target} failed the request for {path}: {reason}; see the server's log")]
    Lost { target: TargetUrl, path: String, reason: String },
    #[error("{} did not start as a server: {reason}", program.display())]
    Program { program: PathBuf, reason: String },
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("cannot print the result: {0}")]
    Output(#[from] io::Error),
}

impl LoadError {
    /// The exit code of the process: 2, because 1 means that the server failed a check.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(2)
    }
}
