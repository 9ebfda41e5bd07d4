//! Parses the parameters of requests to API v1.

use std::fmt;
use std::ops::RangeInclusive;

use ::serde::Deserialize;
use ::span::{SpanId, TimeRange, Timestamp};

use super::ids;
use crate::contract::{Quoted, Rejection, parse_count, parse_time};

/// Limit: traces in one answer of `points`.
pub const POINTS_MAX: usize = 100_000;
/// Limit: buckets of a series. A screen has no space for more.
pub const BUCKETS_MAX: usize = 400;
/// Limit: spans whose details one request may select.
pub const SPAN_IDS_MAX: usize = 500;
/// Limit: characters of the text that `search` looks for.
pub const QUERY_CHARS_MAX: usize = 256;

/// Selects traces by whether they failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Filter {
    #[default]
    All,
    Ok,
    Error,
}

/// The traces that a request selects: by the start of their root, and by whether they failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Selected {
    /// The range in which the root of a trace must start.
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
    /// How many buckets the series has. With 0 there is no series.
    pub buckets: usize,
}

/// The names and values of a query string, percent-decoded. Unknown names are ignored.
#[derive(Clone, Copy)]
pub struct Pairs<'a>(pub &'a [(String, String)]);

impl<'a> Pairs<'a> {
    fn get(self, name: &str) -> Result<Option<&'a str>, Rejection> {
        let mut found = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let value = found.next();
        match found.next() {
            None => Ok(value),
            Some(_) => Err(Rejection::in_query(name, "appears twice")),
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
                return Err(Rejection::in_query("f", format!("must be all, ok or error, not {quoted}")));
            }
        };
        let range = TimeRange { from: from.unwrap_or(Timestamp::MIN), until: to.unwrap_or(Timestamp::MAX) };
        Ok(Selected { range, filter })
    }
}

/// Parses the parameters of `points`.
///
/// # Errors
/// If a value breaks its rule, or a parameter appears twice. The other functions fail in these cases, too.
pub fn parse_points(pairs: Pairs<'_>) -> Result<PointsParameters<'_>, Rejection> {
    let selected = pairs.selected()?;
    let max = pairs.count("max", 1..=POINTS_MAX)?.unwrap_or(POINTS_MAX);
    Ok(PointsParameters { selected, cursor: pairs.get("cursor")?, max })
}

/// Parses the parameters of `stats`.
pub fn parse_statistics(pairs: Pairs<'_>) -> Result<StatisticsParameters, Rejection> {
    let selected = pairs.selected()?;
    Ok(StatisticsParameters { selected, buckets: pairs.count("buckets", 0..=BUCKETS_MAX)?.unwrap_or(0) })
}

/// Parses the revision of the tree that the client has already, if it has one.
pub fn parse_since_rev(pairs: Pairs<'_>) -> Result<Option<&str>, Rejection> {
    pairs.get("since_rev")
}

/// Parses the text to search for.
pub fn parse_query(pairs: Pairs<'_>) -> Result<&str, Rejection> {
    let text = pairs.get("q")?.unwrap_or_default();
    let chars = text.chars().count();
    if (1..=QUERY_CHARS_MAX).contains(&chars) {
        return Ok(text);
    }
    Err(Rejection::in_query("q", format!("must have 1 to {QUERY_CHARS_MAX} characters, but has {chars}")))
}

/// Parses the id of a span in a path: 16 or 32 hexadecimal digits, or a UUID.
pub fn parse_span_id(text: &str) -> Result<SpanId, Rejection> {
    span_id_at("path parameter span_id", text)
}

fn span_id_at(place: impl fmt::Display, text: &str) -> Result<SpanId, Rejection> {
    ids::parse_span_id(text).ok_or_else(|| {
        let quoted = Quoted(text);
        Rejection::new(format!("{place}: must be 16 or 32 hexadecimal digits or a UUID, not {quoted}"))
    })
}

#[derive(Deserialize)]
struct SpanIds<'a> {
    #[serde(borrow)]
    span_ids: Vec<std::borrow::Cow<'a, str>>,
}

/// Parses a body with the ids of several spans.
pub fn parse_span_ids(body: &[u8]) -> Result<Vec<SpanId>, Rejection> {
    let asked: SpanIds<'_> = serde_json::from_slice(body).map_err(Rejection::in_body)?;
    let count = asked.span_ids.len();
    if !(1..=SPAN_IDS_MAX).contains(&count) {
        let rule = format!("must be an array of 1 to {SPAN_IDS_MAX} ids, but has {count}");
        return Err(Rejection::new(format!("span_ids: {rule}")));
    }
    let ids = asked.span_ids.iter().enumerate();
    ids.map(|(index, id)| span_id_at(format_args!("span_ids[{index}]"), id)).collect()
}
