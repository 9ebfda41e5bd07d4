//! Writes a span in one line. Its texts come from senders, so they are escaped: a terminal obeys control characters.

use std::fmt;

use span::Span;

pub(super) fn write_span(out: &mut dyn fmt::Write, span: &Span<'_>) -> fmt::Result {
    write!(out, "  {} {} ", span.trace_id, span.span_id)?;
    match span.parent_span_id {
        Some(parent) => write!(out, "below {parent} ")?,
        None => out.write_str("root ")?,
    }
    let (start, duration) = (span.start, span.duration());
    write!(out, "{start} +{duration} ns {:?} {:?} {:?}", span.status, span.service, span.name)?;
    for attribute in span.attributes {
        write!(out, " {}={:?}", attribute.key.escape_debug(), attribute.value)?;
    }
    writeln!(out)
}
