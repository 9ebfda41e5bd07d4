//! How a command ends: it passes, it fails, or it could not do its work at all.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use thiserror::Error;

use crate::client::TargetUrl;
use crate::ledger::LedgerError;

/// The work was done, and this is what came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Pass,
    Fail,
}

impl Verdict {
    /// Both have to pass.
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

/// The work could not be done; nothing is said about the server's answers.
#[derive(Debug, Error)]
pub enum LoadError {
    #[error("no server is ready at {target} ({reason}); start one there, or give another --target-url")]
    Unreachable { target: TargetUrl, reason: String },
    #[error("the server at {target} stopped answering: GET {path}: {reason}")]
    Lost { target: TargetUrl, path: String, reason: String },
    #[error("{} does not serve: {reason}", program.display())]
    Program { program: PathBuf, reason: String },
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("cannot print the result: {0}")]
    Output(#[from] io::Error),
}

impl LoadError {
    /// What the process exits with: 1 is kept for a server that was found wanting.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(2)
    }
}
