//! Parses the parameters of the contract's GET requests.

use std::ops::RangeInclusive;

use span::{TimeRange, Timestamp, TraceId};

use super::quoted::Quoted;
use super::rejection::Rejection;

/// Limit: the largest `limit` of `GET /traces`, by the contract.
pub const LIMIT_MAX: usize = 1000;
/// The `limit` of `GET /traces` if the client sends none.
pub const LIMIT_DEFAULT: usize = 20;

/// The parameters of `GET /traces`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ListParameters {
    pub limit: usize,
    /// The range in which the root of a trace must start.
    pub range: TimeRange,
}

/// Parses the parameters of `GET /traces` from percent-decoded names and values. Unknown names are ignored.
///
/// # Errors
/// If a value breaks its rule, or a parameter appears twice.
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
            return Err(Rejection::in_query(name, "appears twice"));
        }
    }
    let limit = limit.map_or(Ok(LIMIT_DEFAULT), |text| parse_count("limit", text, 1..=LIMIT_MAX))?;
    let after = parse_time("after", after)?;
    let before = parse_time("before", before)?;
    if let (Some(after), Some(before)) = (after, before)
        && after >= before
    {
        return Err(Rejection::in_query(
            "after",
            format!("must be less than before, but {after} >= {before}"),
        ));
    }
    let range = TimeRange { from: after.unwrap_or(Timestamp::MIN), until: before.unwrap_or(Timestamp::MAX) };
    Ok(ListParameters { limit, range })
}

/// Parses the value of the query parameter `name`, a number in `range`.
pub(crate) fn parse_count(name: &str, text: &str, range: RangeInclusive<usize>) -> Result<usize, Rejection> {
    let parsed = parse_digits(text).and_then(|number| usize::try_from(number).ok());
    parsed.filter(|number| range.contains(number)).ok_or_else(|| {
        let (least, most, quoted) = (range.start(), range.end(), Quoted(text));
        Rejection::in_query(name, format!("must be an integer from {least} to {most}, not {quoted}"))
    })
}

/// Parses the value of the query parameter `name`, a time. An empty value counts as none, because forms send
/// `after=&before=` if their fields are empty.
pub(crate) fn parse_time(name: &str, text: Option<&str>) -> Result<Option<Timestamp>, Rejection> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    parse_digits(text).map(|nanos| Some(Timestamp(nanos))).ok_or_else(|| {
        let quoted = Quoted(text);
        Rejection::in_query(name, format!("must be Unix nanoseconds, an integer of at least 0, not {quoted}"))
    })
}

/// Parses a number of digits only; `parse` alone would accept a plus sign, too.
fn parse_digits(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Parses the trace id in a path: a UUID, or 32 hexadecimal digits.
///
/// # Errors
/// If the text is neither.
pub fn parse_trace_id(text: &str) -> Result<TraceId, Rejection> {
    TraceId::parse_uuid_or_hex(text.as_bytes()).ok_or_else(|| {
        let quoted = Quoted(text);
        Rejection::new(format!(
            "path parameter trace_id: must be a UUID or 32 hexadecimal digits, not {quoted}"
        ))
    })
}
