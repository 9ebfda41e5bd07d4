//! Describes a segment.

use std::fmt;

use bumpalo::Bump;
use segment::Segment;

use super::error::InspectError;
use super::write_span::write_span;

pub(super) fn describe(
    segment: &Segment,
    spans: usize,
    out: &mut dyn fmt::Write,
) -> Result<(), InspectError> {
    let meta = segment.meta();
    segment.verify()?;
    writeln!(out, "segment of generations {} to {}", meta.generations.first, meta.generations.last)?;
    writeln!(out, "{} spans of {} traces, {} of them with their root", meta.spans, meta.traces, meta.rooted)?;
    writeln!(out, "starts from {} to {}", meta.start_min, meta.start_max)?;
    writeln!(
        out,
        "{} bytes, {:.2} a span; every checksum is right\n",
        meta.bytes,
        per(meta.bytes, meta.spans)
    )?;
    writeln!(out, "{:<44} {:<10} {:>10} {:>12} {:>8}", "column", "encoding", "values", "bytes", "a span")?;
    for column in segment.columns() {
        let a_span = per(column.bytes, meta.spans);
        // The name of a column has the key of an attribute, which came from a sender.
        let name = column.name.escape_debug().to_string();
        let (encoding, count, bytes) = (column.encoding, column.count, column.bytes);
        writeln!(out, "{name:<44} {encoding:<10} {count:>10} {bytes:>12} {a_span:>8.3}")?;
    }
    let mut left = spans;
    for row in 0..meta.traces {
        if left == 0 {
            break;
        }
        let arena = Bump::new();
        for span in segment.spans(row, &arena)?.iter().take(left) {
            write_span(out, span)?;
            left -= 1;
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a quotient for people")]
fn per(bytes: u64, spans: u64) -> f64 {
    bytes as f64 / spans.max(1) as f64
}
