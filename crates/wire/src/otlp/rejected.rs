//! Counts the rejected spans of a request by reason.

use std::fmt;

/// Why a span is rejected.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reason {
    /// The trace id does not have 16 bytes, or all of them are zero.
    TraceId,
    /// The span id does not have 8 bytes, or all of them are zero.
    SpanId,
    /// The parent's id is neither empty nor 8 bytes.
    ParentSpanId,
    /// A value is nested deeper than [`VALUE_DEPTH_MAX`](span::limits::VALUE_DEPTH_MAX).
    ValueTooDeep,
    /// A field in JSON has a value of a wrong type or form.
    FieldValue,
}

impl Reason {
    pub const ALL: [Self; 5] =
        [Self::TraceId, Self::SpanId, Self::ParentSpanId, Self::ValueTooDeep, Self::FieldValue];

    /// Returns the name of the reason in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TraceId => "trace_id",
            Self::SpanId => "span_id",
            Self::ParentSpanId => "parent_span_id",
            Self::ValueTooDeep => "value_too_deep",
            Self::FieldValue => "field_value",
        }
    }

    const fn rule(self) -> &'static str {
        match self {
            Self::TraceId => "trace_id must be 16 bytes and not all zero",
            Self::SpanId => "span_id must be 8 bytes and not all zero",
            Self::ParentSpanId => "parent_span_id must be empty or 8 bytes",
            Self::ValueTooDeep => "a value is nested deeper than 32 levels",
            Self::FieldValue => "a field has a value of the wrong type or form",
        }
    }
}

const _: () = assert!(span::limits::VALUE_DEPTH_MAX == 32, "the text above names the limit");

/// How many spans were rejected, by reason.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Rejected {
    trace_id: u64,
    span_id: u64,
    parent_span_id: u64,
    value_too_deep: u64,
    field_value: u64,
}

impl Rejected {
    pub const fn count(&self, reason: Reason) -> u64 {
        match reason {
            Reason::TraceId => self.trace_id,
            Reason::SpanId => self.span_id,
            Reason::ParentSpanId => self.parent_span_id,
            Reason::ValueTooDeep => self.value_too_deep,
            Reason::FieldValue => self.field_value,
        }
    }

    pub fn total(&self) -> u64 {
        Reason::ALL.iter().map(|&reason| self.count(reason)).sum()
    }

    pub(super) const fn add(&mut self, reason: Reason, spans: u64) {
        let count = match reason {
            Reason::TraceId => &mut self.trace_id,
            Reason::SpanId => &mut self.span_id,
            Reason::ParentSpanId => &mut self.parent_span_id,
            Reason::ValueTooDeep => &mut self.value_too_deep,
            Reason::FieldValue => &mut self.field_value,
        };
        *count += spans;
    }
}

/// Displays the message for the sender, such as `2 spans: span_id must be 8 bytes and not all zero`.
impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for reason in Reason::ALL.into_iter().filter(|&reason| self.count(reason) > 0) {
            let count = self.count(reason);
            let spans = if count == 1 { "span" } else { "spans" };
            write!(f, "{separator}{count} {spans}: {}", reason.rule())?;
            separator = "; ";
        }
        Ok(())
    }
}
