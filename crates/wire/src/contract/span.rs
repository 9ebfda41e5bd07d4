//! Parses one span of a batch. Each field is checked when it is parsed.

use bumpalo::collections::Vec as ArenaVec;
use span::limits::{ATTRIBUTE_VALUE_CHARS_MAX, ATTRIBUTES_MAX, NAME_CHARS_MAX};
use span::{Attribute, Kind, Span, SpanId, Status, Timestamp, TraceId};

use super::field::Field;
use super::problem::{Place, Problem, SpanProblem};
use crate::json::{Cursor, SyntaxError};

const UUID_BYTES: usize = 36;
const UUID_RULE: &str = "must be a UUID such as \"0190163d-8694-739b-aea5-966c26f8ad91\"";
const TIME_RULE: &str = "must be Unix nanoseconds, an integer of 64 bits";
const STATUS_RULE: &str = "must be \"ok\" or \"error\"";
const STRING_RULE: &str = "must be a string";
const TAGS_RULE: &str = "must be an object of at most 50 strings";
const TOO_MANY_TAGS: &str = "must be an object of at most 50 strings, but has more";

/// The fields of a span that were parsed so far.
#[derive(Default)]
struct SpanDraft<'a> {
    trace_id: Option<TraceId>,
    span_id: Option<SpanId>,
    parent_span_id: Option<ParentId>,
    service: Option<&'a str>,
    operation: Option<&'a str>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    status: Option<Status>,
    tags: Option<&'a [Attribute<'a>]>,
}

/// The value of `parent_span_id`. Null counts as no field, but a null that appears twice is refused like an id that
/// appears twice, so the draft must store it.
struct ParentId(Option<SpanId>);

pub(super) fn parse_span<'a>(cursor: &mut Cursor<'a>) -> Result<Span<'a>, SpanProblem<'a>> {
    let in_span = |error: SyntaxError| SpanProblem::new(Place::Span, error);
    let mut draft = SpanDraft::default();
    let mut expected = Some(Field::TraceId);
    let mut more = cursor.open_object("an object with the fields of a span").map_err(in_span)?;
    while more {
        match Field::read(cursor, expected).map_err(in_span)? {
            Some(field) => {
                draft.read(cursor, field)?;
                expected = field.next();
            }
            None => cursor.skip_value().map_err(in_span)?,
        }
        more = cursor.more_members().map_err(in_span)?;
    }
    draft.finish()
}

/// Stores the value of a field. Fails if the field has one already.
fn fill<'a, T>(
    field: &mut Option<T>,
    name: &'static str,
    value: Result<T, Problem>,
) -> Result<(), SpanProblem<'a>> {
    let value = value.map_err(|problem| SpanProblem::new(Place::Field(name), problem))?;
    match field.replace(value) {
        None => Ok(()),
        Some(_) => Err(SpanProblem::rule(Place::Field(name), "appears twice")),
    }
}

impl<'a> SpanDraft<'a> {
    /// Parses and stores the value of a field.
    #[inline]
    fn read(&mut self, cursor: &mut Cursor<'a>, field: Field) -> Result<(), SpanProblem<'a>> {
        match field {
            Field::TraceId => fill(&mut self.trace_id, "trace_id", id(cursor, TraceId::parse_uuid)),
            Field::SpanId => fill(&mut self.span_id, "span_id", id(cursor, SpanId::parse_uuid)),
            Field::ParentSpanId => fill(&mut self.parent_span_id, "parent_span_id", parent(cursor)),
            Field::Service => fill(&mut self.service, "service", name(cursor)),
            Field::Operation => fill(&mut self.operation, "operation", name(cursor)),
            Field::StartTime => fill(&mut self.start_time, "start_time", time(cursor)),
            Field::EndTime => fill(&mut self.end_time, "end_time", time(cursor)),
            Field::Status => fill(&mut self.status, "status", status(cursor)),
            Field::Tags => {
                let tags = tags(cursor)?;
                fill(&mut self.tags, "tags", Ok(tags))
            }
        }
    }

    /// Makes the span. Fails if a required field is missing, or if the span ends before it starts.
    fn finish(self) -> Result<Span<'a>, SpanProblem<'a>> {
        let trace_id = required(self.trace_id, "trace_id")?;
        let span_id = required(self.span_id, "span_id")?;
        let span = Span {
            trace_id,
            span_id,
            // Some senders write a root's own id as that of its parent.
            parent_span_id: self
                .parent_span_id
                .and_then(|parent| parent.0)
                .filter(|&parent| parent != span_id),
            service: required(self.service, "service")?,
            name: required(self.operation, "operation")?,
            start: Timestamp(required(self.start_time, "start_time")?),
            end: Timestamp(required(self.end_time, "end_time")?),
            kind: Kind::UNSPECIFIED,
            status: required(self.status, "status")?,
            flags: 0,
            attributes: self.tags.unwrap_or_default(),
            resource_scope: None,
            extras: None,
        };
        if span.end < span.start {
            return Err(SpanProblem::rule(Place::Field("end_time"), "must be >= start_time"));
        }
        Ok(span)
    }
}

fn required<'a, T>(field: Option<T>, name: &'static str) -> Result<T, SpanProblem<'a>> {
    field.ok_or(SpanProblem::rule(Place::Field(name), "is required"))
}

#[inline]
fn string<'a>(cursor: &mut Cursor<'a>, rule: &'static str) -> Result<&'a str, Problem> {
    cursor.string("a string").map_err(|error| Problem::or_rule(error, "a string", rule))
}

#[inline]
fn id<T>(cursor: &mut Cursor<'_>, parse: impl Fn(&[u8]) -> Option<T>) -> Result<T, Problem> {
    match cursor.short_string(|text: &[u8; UUID_BYTES]| parse(text)) {
        Some(id) => Ok(id),
        None => any_id(cursor, parse),
    }
}

/// Parses an id on the slow path: it is wrong, or it has escapes, which hardly any client writes.
#[cold]
fn any_id<T>(cursor: &mut Cursor<'_>, parse: impl Fn(&[u8]) -> Option<T>) -> Result<T, Problem> {
    parse(string(cursor, UUID_RULE)?.as_bytes()).ok_or(Problem::Rule(UUID_RULE))
}

fn parent(cursor: &mut Cursor<'_>) -> Result<ParentId, Problem> {
    let is_null = cursor.eat_null()?;
    let parsed = if is_null { None } else { Some(id(cursor, SpanId::parse_uuid)?) };
    Ok(ParentId(parsed))
}

/// Whether a text has at most `chars_max` characters. A text has no more characters than bytes, so only long texts
/// need counting.
#[inline]
fn fits(text: &str, chars_max: usize) -> bool {
    text.len() <= chars_max || text.chars().count() <= chars_max
}

#[inline]
fn name<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Problem> {
    let name = string(cursor, STRING_RULE)?;
    if fits(name, NAME_CHARS_MAX) { Ok(name) } else { Err(Problem::Rule("must have at most 256 characters")) }
}

fn time(cursor: &mut Cursor<'_>) -> Result<i64, Problem> {
    cursor.integer("an integer").map_err(|error| Problem::or_rule(error, "an integer", TIME_RULE))
}

fn status(cursor: &mut Cursor<'_>) -> Result<Status, Problem> {
    match string(cursor, STATUS_RULE)? {
        "ok" => Ok(Status::Ok),
        "error" => Ok(Status::Error),
        _ => Err(Problem::Rule(STATUS_RULE)),
    }
}

fn tags<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [Attribute<'a>], SpanProblem<'a>> {
    let in_tags = |error: SyntaxError| SpanProblem::new(Place::Field("tags"), error);
    if cursor.eat_null().map_err(in_tags)? {
        return Ok(&[]);
    }
    let opened = cursor.open_object("an object");
    let mut more = opened.map_err(|error| {
        SpanProblem::new(Place::Field("tags"), Problem::or_rule(error, "an object", TAGS_RULE))
    })?;
    let mut tags = ArenaVec::new_in(cursor.arena());
    while more {
        let key = cursor.key().map_err(in_tags)?;
        if tags.len() == ATTRIBUTES_MAX {
            return Err(SpanProblem::rule(Place::Field("tags"), TOO_MANY_TAGS));
        }
        // At most fifty keys are compared faster than they are hashed.
        if tags.iter().any(|tag: &Attribute<'_>| tag.key == key) {
            return Err(SpanProblem::rule(Place::Tag(key), "appears twice"));
        }
        let value = tag_value(cursor).map_err(|problem| SpanProblem::new(Place::Tag(key), problem))?;
        tags.push(Attribute { key, value: value.into() });
        more = cursor.more_members().map_err(in_tags)?;
    }
    Ok(tags.into_bump_slice())
}

fn tag_value<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Problem> {
    let value = string(cursor, STRING_RULE)?;
    if fits(value, ATTRIBUTE_VALUE_CHARS_MAX) {
        Ok(value)
    } else {
        Err(Problem::Rule("must have at most 1024 characters"))
    }
}
