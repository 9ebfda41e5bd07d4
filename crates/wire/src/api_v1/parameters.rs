//! Reads the parameters of the dashboard's questions.

use std::ops::RangeInclusive;

use ::serde::Deserialize;
use ::span::{SpanId, TimeRange, Timestamp};

use super::ids;
use crate::contract::{Quoted, Rejection, parse_count, parse_time};

/// Limit: traces in one answer.
pub const POINTS_MAX: usize = 100_000;
/// Limit: parts of a series. A screen has no room for more.
pub const BUCKETS_MAX: usize = 400;
/// Limit: spans asked for at once.
pub const SPAN_IDS_MAX: usize = 500;
/// Limit: characters of a text that is searched.
pub const QUERY_CHARS_MAX: usize = 256;

/// Which traces are asked for, by how they ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Filter {
    #[default]
    All,
    Ok,
    Error,
}

/// Which traces are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Selected {
    /// The range in which the root of a trace has to start.
    pub range: TimeRange,
    pub filter: Filter,
}

/// The parameters of `points`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PointsParameters<'a> {
    pub selected: Selected,
    pub cursor: Option<&'a str>,
    pub max: usize,
}

/// The parameters of `stats`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StatisticsParameters {
    pub selected: Selected,
    /// How many parts the series has; 0 where none is asked for.
    pub buckets: usize,
}

/// The decoded pairs of a query. Unknown ones are ignored.
#[derive(Clone, Copy)]
pub struct Pairs<'a>(pub &'a [(String, String)]);

impl<'a> Pairs<'a> {
    fn get(self, name: &str) -> Result<Option<&'a str>, Rejection> {
        let mut found = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let value = found.next();
        match found.next() {
            None => Ok(value),
            Some(_) => Err(Rejection::new(format!("{name}: appears twice"))),
        }
    }

    fn time(self, name: &str) -> Result<Option<Timestamp>, Rejection> {
        parse_time(name, self.get(name)?)
    }

    fn count(self, name: &str, range: RangeInclusive<usize>) -> Result<Option<usize>, Rejection> {
        self.get(name)?.map(|text| parse_count(name, text, range)).transpose()
    }

    fn selected(self) -> Result<Selected, Rejection> {
        let (from, to) = (self.time("from")?, self.time("to")?);
        let filter = match self.get("f")? {
            None | Some("all") => Filter::All,
            Some("ok") => Filter::Ok,
            Some("error") => Filter::Error,
            Some(other) => {
                let quoted = Quoted(other);
                return Err(Rejection::new(format!("f: must be all, ok or error, not {quoted}")));
            }
        };
        let range = TimeRange { from: from.unwrap_or(Timestamp::MIN), until: to.unwrap_or(Timestamp::MAX) };
        Ok(Selected { range, filter })
    }
}

/// Reads the parameters of `points`.
///
/// # Errors
/// A value that breaks its rule, or a parameter that comes twice. The other functions have these errors, too.
pub fn parse_points(pairs: Pairs<'_>) -> Result<PointsParameters<'_>, Rejection> {
    let selected = pairs.selected()?;
    let max = pairs.count("max", 1..=POINTS_MAX)?.unwrap_or(POINTS_MAX);
    Ok(PointsParameters { selected, cursor: pairs.get("cursor")?, max })
}

/// Reads the parameters of `stats`.
pub fn parse_statistics(pairs: Pairs<'_>) -> Result<StatisticsParameters, Rejection> {
    let selected = pairs.selected()?;
    Ok(StatisticsParameters { selected, buckets: pairs.count("buckets", 0..=BUCKETS_MAX)?.unwrap_or(0) })
}

/// Reads the revision of a tree that the client has.
pub fn parse_since_rev(pairs: Pairs<'_>) -> Result<Option<&str>, Rejection> {
    pairs.get("since_rev")
}

/// Reads the text that is searched.
pub fn parse_query(pairs: Pairs<'_>) -> Result<&str, Rejection> {
    let text = pairs.get("q")?.unwrap_or_default();
    let chars = text.chars().count();
    if (1..=QUERY_CHARS_MAX).contains(&chars) {
        return Ok(text);
    }
    Err(Rejection::new(format!("q: must have 1 to {QUERY_CHARS_MAX} characters, but has {chars}")))
}

/// Reads the id of a span: 16 hexadecimal digits, 32, or a UUID.
pub fn parse_span_id(text: &str) -> Result<SpanId, Rejection> {
    ids::parse_span_id(text).ok_or_else(|| {
        let quoted = Quoted(text);
        Rejection::new(format!("span_id: must be 16 or 32 hexadecimal digits or a UUID, not {quoted}"))
    })
}

#[derive(Deserialize)]
struct SpanIds<'a> {
    #[serde(borrow)]
    span_ids: Vec<std::borrow::Cow<'a, str>>,
}

/// Reads the ids of several spans.
pub fn parse_span_ids(body: &[u8]) -> Result<Vec<SpanId>, Rejection> {
    let asked: SpanIds<'_> = serde_json::from_slice(body).map_err(Rejection::in_body)?;
    let count = asked.span_ids.len();
    if !(1..=SPAN_IDS_MAX).contains(&count) {
        return Err(Rejection::new(format!("span_ids: must have 1 to {SPAN_IDS_MAX} ids, but has {count}")));
    }
    asked.span_ids.iter().map(|id| parse_span_id(id)).collect()
}
