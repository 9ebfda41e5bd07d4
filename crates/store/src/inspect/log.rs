//! Describes a log file.

use std::fmt;

use bumpalo::Bump;
use record::{Batch, read_resource_scopes};
use wal::{End, Entry, LogReader};

use super::error::InspectError;
use super::write_span::write_span;
use crate::log::generation_of;

pub(super) fn describe(
    mut reader: LogReader<'_>,
    spans: usize,
    out: &mut dyn fmt::Write,
) -> Result<(), InspectError> {
    match reader.number() {
        Some(number) => {
            writeln!(out, "log file {number}, of generation {}", generation_of(number))?;
        }
        None => writeln!(out, "a log file that ends within its header")?,
    }
    writeln!(out, "{:>10} {:>8} {:>10} {:>6} {:>20}", "offset", "sequence", "bytes", "spans", "cutoff")?;
    let (mut total, mut left) = (0, spans);
    for entry in reader.by_ref() {
        match entry {
            Entry::Damage { offset, bytes } => writeln!(out, "{offset:>10} {bytes} damaged bytes")?,
            Entry::Frame { offset, sequence, payload } => match Batch::parse(payload) {
                Err(error) => writeln!(out, "{offset:>10} {sequence:>8} {:>10} {error}", payload.len())?,
                Ok(batch) => {
                    let (bytes, count, cutoff) = (payload.len(), batch.len(), batch.start.cutoff);
                    writeln!(out, "{offset:>10} {sequence:>8} {bytes:>10} {count:>6} {cutoff:>20}")?;
                    total += count;
                    left -= write_batch(&batch, left, out)?;
                }
            },
        }
    }
    writeln!(out, "{total} spans")?;
    match reader.end() {
        End::Clean => writeln!(out, "it ends with a whole frame")?,
        End::Torn { offset, bytes } => {
            writeln!(out, "the end is torn: the {bytes} bytes from offset {offset} are not a whole frame")?;
        }
    }
    Ok(())
}

/// Returns how many spans were written.
fn write_batch(batch: &Batch<'_>, limit: usize, out: &mut dyn fmt::Write) -> Result<usize, fmt::Error> {
    let arena = Bump::new();
    let resource_scopes = match read_resource_scopes(batch.resource_scopes.iter().copied(), &arena) {
        Ok(resource_scopes) => resource_scopes,
        Err(error) => {
            writeln!(out, "  {error}")?;
            return Ok(0);
        }
    };
    let mut written = 0;
    let spans = batch.runs().iter().flat_map(|run| run.records().map(|record| (run.trace_id, record)));
    for (trace_id, record) in spans.take(limit) {
        let operation = batch.operations[record.operation() as usize].named(resource_scopes);
        match operation.and_then(|operation| record.decode(trace_id, &arena, &operation)) {
            Ok(span) => write_span(out, &span)?,
            Err(error) => writeln!(out, "  {error}")?,
        }
        written += 1;
    }
    Ok(written)
}
