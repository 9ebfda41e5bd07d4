//! Reads the parameters of the contract's questions.

use std::ops::RangeInclusive;

use span::{TimeRange, Timestamp, TraceId};

use super::quoted::Quoted;
use super::rejection::Rejection;

/// Limit: how many traces the contract lets a client ask for at once.
pub const LIMIT_MAX: usize = 1000;
/// How many traces a client gets that does not say how many.
pub const LIMIT_DEFAULT: usize = 20;

/// What is asked of the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ListParameters {
    pub limit: usize,
    /// The range in which the root of a trace has to start.
    pub range: TimeRange,
}

/// Reads the parameters of `GET /traces` from decoded pairs. Unknown ones are ignored.
///
/// # Errors
/// A value that breaks its rule, or a parameter that comes twice.
pub fn parse_list_parameters<'a>(
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<ListParameters, Rejection> {
    let (mut limit, mut after, mut before) = (None, None, None);
    for (name, value) in pairs {
        let (field, name) = match name {
            "limit" => (&mut limit, "limit"),
            "after" => (&mut after, "after"),
            "before" => (&mut before, "before"),
            _ => continue,
        };
        if field.replace(value).is_some() {
            return Err(Rejection::new(format!("{name}: appears twice")));
        }
    }
    let limit = limit.map_or(Ok(LIMIT_DEFAULT), |text| parse_count("limit", text, 1..=LIMIT_MAX))?;
    let after = parse_time("after", after)?;
    let before = parse_time("before", before)?;
    if let (Some(after), Some(before)) = (after, before)
        && after >= before
    {
        return Err(Rejection::new(format!("after: must be less than before, but {after} >= {before}")));
    }
    let range = TimeRange { from: after.unwrap_or(Timestamp::MIN), until: before.unwrap_or(Timestamp::MAX) };
    Ok(ListParameters { limit, range })
}

/// Reads a count that has to be in `range`.
pub(crate) fn parse_count(name: &str, text: &str, range: RangeInclusive<usize>) -> Result<usize, Rejection> {
    let parsed = parse_digits(text).and_then(|number| usize::try_from(number).ok());
    parsed.filter(|number| range.contains(number)).ok_or_else(|| {
        let (least, most, quoted) = (range.start(), range.end(), Quoted(text));
        Rejection::new(format!("{name}: must be an integer from {least} to {most}, not {quoted}"))
    })
}

/// Reads a time. An empty value is an absent one, because pages send `after=&before=` where they have nothing to say.
pub(crate) fn parse_time(name: &str, text: Option<&str>) -> Result<Option<Timestamp>, Rejection> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    parse_digits(text).map(|nanos| Some(Timestamp(nanos))).ok_or_else(|| {
        let quoted = Quoted(text);
        Rejection::new(format!("{name}: must be Unix nanoseconds, an integer of at least 0, not {quoted}"))
    })
}

/// Reads digits and nothing else; `parse` alone would take a plus sign, too.
fn parse_digits(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Reads the id in the path of a trace: a UUID, or 32 hexadecimal digits.
///
/// # Errors
/// Where it is neither.
pub fn parse_trace_id(text: &str) -> Result<TraceId, Rejection> {
    TraceId::parse_uuid_or_hex(text.as_bytes()).ok_or_else(|| {
        let quoted = Quoted(text);
        Rejection::new(format!("trace_id: must be a UUID or 32 hexadecimal digits, not {quoted}"))
    })
}
