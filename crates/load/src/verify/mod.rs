//! The command `verify`: requests everything that the ledger knows from the server, and compares.

mod args;
mod details;
mod ranges;
mod rules;
mod session;
mod walk;

use std::io::Write;
use std::sync::Arc;

use platform::Clock;

pub use args::VerifyArgs;
pub(crate) use session::await_health;

use crate::client::Client;
use crate::error::{LoadError, Verdict};
use crate::findings::Findings;
use crate::ledger::{self, Ledger};
use crate::options::{CheckArgs, TargetArgs};
use crate::oracle::{ForeignTraces, Oracle};
use session::Session;

/// Compares the ledger in a file with what the server answers.
pub async fn verify(
    args: &VerifyArgs,
    clock: &Arc<dyn Clock>,
    out: &mut (dyn Write + Send),
) -> Result<Verdict, LoadError> {
    let ledger = ledger::read(&args.ledger)?;
    await_health(&Client::new(&args.target.target_url)).await?;
    verify_ledger(ledger, &args.target, &args.check, clock, out).await
}

/// Compares a ledger with what the server answers; prints a summary line and the first differences.
pub(crate) async fn verify_ledger(
    ledger: Ledger,
    target: &TargetArgs,
    check: &CheckArgs,
    clock: &Arc<dyn Clock>,
    out: &mut (dyn Write + Send),
) -> Result<Verdict, LoadError> {
    let foreign_traces = if check.allow_others { ForeignTraces::Allowed } else { ForeignTraces::Unexpected };
    let oracle = Oracle::new(ledger, foreign_traces);
    let session = Session::new(target, Arc::clone(clock)).await?;
    let mut findings = Findings::default();

    rules::check(&session, &oracle, &mut findings).await?;
    walk::check(&session, &oracle, &mut findings).await?;
    ranges::check(&session, &oracle, &mut findings).await?;
    details::check(&session, &oracle, check.details, &mut findings).await?;

    findings.print(out)?;
    Ok(findings.verdict())
}
