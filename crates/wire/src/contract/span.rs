//! One span of a batch: each field is checked where it is read.

use bumpalo::collections::Vec as ArenaVec;
use span::limits::{ATTRIBUTE_VALUE_CHARS_MAX, ATTRIBUTES_MAX, NAME_CHARS_MAX};
use span::{Attribute, Kind, Span, SpanId, Status, Timestamp, TraceId};

use super::field::Field;
use super::rejection::Place;
use crate::json::{Cursor, Fault};

type Parsed<'a, T> = Result<T, (Place<'a>, Fault)>;

const UUID_BYTES: usize = 36;
const UUID_RULE: &str = "must be a UUID such as \"0190163d-8694-739b-aea5-966c26f8ad91\"";
const TIME_RULE: &str = "must be Unix nanoseconds as an integer of 64 bits";
const STATUS_RULE: &str = "must be \"ok\" or \"error\"";
const STRING_RULE: &str = "must be a string";
const TAGS_RULE: &str = "must be an object of strings";

/// The fields as far as they have come.
#[derive(Default)]
struct Draft<'a> {
    trace_id: Option<TraceId>,
    span_id: Option<SpanId>,
    parent_span_id: Option<Parent>,
    service: Option<&'a str>,
    operation: Option<&'a str>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    status: Option<Status>,
    tags: Option<&'a [Attribute<'a>]>,
}

/// What `parent_span_id` said; null is the same as absent, but may not come twice either.
struct Parent(Option<SpanId>);

pub(super) fn parse_span<'a>(cursor: &mut Cursor<'a>) -> Parsed<'a, Span<'a>> {
    let in_span = |fault| (Place::Span, fault);
    let mut draft = Draft::default();
    let mut expected = Some(Field::TraceId);
    let mut more = cursor.open_object("an object, a span").map_err(in_span)?;
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

/// Puts a value into its field, which must be empty.
fn fill<'a, T>(field: &mut Option<T>, name: &'static str, value: Result<T, Fault>) -> Parsed<'a, ()> {
    let value = value.map_err(|fault| (Place::Field(name), fault))?;
    match field.replace(value) {
        None => Ok(()),
        Some(_) => Err((Place::Field(name), Fault::rule("appears twice"))),
    }
}

impl<'a> Draft<'a> {
    /// Reads the value of a field.
    #[inline]
    fn read(&mut self, cursor: &mut Cursor<'a>, field: Field) -> Parsed<'a, ()> {
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

    fn finish(self) -> Parsed<'a, Span<'a>> {
        let span = Span {
            trace_id: required(self.trace_id, "trace_id")?,
            span_id: required(self.span_id, "span_id")?,
            parent_span_id: self.parent_span_id.and_then(|parent| parent.0),
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
            return Err((Place::Field("end_time"), Fault::rule("must be >= start_time")));
        }
        Ok(span)
    }
}

fn required<'a, T>(field: Option<T>, name: &'static str) -> Parsed<'a, T> {
    field.ok_or((Place::Field(name), Fault::rule("is required")))
}

#[inline]
fn string<'a>(cursor: &mut Cursor<'a>, rule: &'static str) -> Result<&'a str, Fault> {
    cursor.string("a string").map_err(|fault| fault.or_rule("a string", rule))
}

#[inline]
fn id<T>(cursor: &mut Cursor<'_>, parse: impl Fn(&[u8]) -> Option<T>) -> Result<T, Fault> {
    match cursor.short_string(|text: &[u8; UUID_BYTES]| parse(text)) {
        Some(id) => Ok(id),
        None => any_id(cursor, parse),
    }
}

/// An id that is wrong, or in a way of writing that nobody uses.
#[cold]
fn any_id<T>(cursor: &mut Cursor<'_>, parse: impl Fn(&[u8]) -> Option<T>) -> Result<T, Fault> {
    parse(string(cursor, UUID_RULE)?.as_bytes()).ok_or(Fault::rule(UUID_RULE))
}

fn parent(cursor: &mut Cursor<'_>) -> Result<Parent, Fault> {
    let is_null = cursor.eat_null()?;
    let parsed = if is_null { None } else { Some(id(cursor, SpanId::parse_uuid)?) };
    Ok(Parent(parsed))
}

/// At most `chars_max` characters. A text has no more characters than bytes, so few are counted.
#[inline]
fn fits(text: &str, chars_max: usize) -> bool {
    text.len() <= chars_max || text.chars().count() <= chars_max
}

#[inline]
fn name<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    let name = string(cursor, STRING_RULE)?;
    if fits(name, NAME_CHARS_MAX) { Ok(name) } else { Err(Fault::rule("must be at most 256 characters")) }
}

fn time(cursor: &mut Cursor<'_>) -> Result<i64, Fault> {
    cursor.integer("an integer").map_err(|fault| fault.or_rule("an integer", TIME_RULE))
}

fn status(cursor: &mut Cursor<'_>) -> Result<Status, Fault> {
    match string(cursor, STATUS_RULE)? {
        "ok" => Ok(Status::Ok),
        "error" => Ok(Status::Error),
        _ => Err(Fault::rule(STATUS_RULE)),
    }
}

fn tags<'a>(cursor: &mut Cursor<'a>) -> Parsed<'a, &'a [Attribute<'a>]> {
    let in_tags = |fault| (Place::Field("tags"), fault);
    if cursor.eat_null().map_err(in_tags)? {
        return Ok(&[]);
    }
    let opened =
        cursor.open_object("an object").map_err(|fault| in_tags(fault.or_rule("an object", TAGS_RULE)));
    let mut more = opened?;
    let mut tags = ArenaVec::new_in(cursor.arena());
    while more {
        let key = cursor.key().map_err(in_tags)?;
        if tags.len() == ATTRIBUTES_MAX {
            return Err(in_tags(Fault::rule("must hold at most 50 entries")));
        }
        if tags.iter().any(|tag: &Attribute<'_>| tag.key == key) {
            return Err((Place::Tag(key), Fault::rule("appears twice")));
        }
        let value = tag_value(cursor).map_err(|fault| (Place::Tag(key), fault))?;
        tags.push(Attribute { key, value: value.into() });
        more = cursor.more_members().map_err(in_tags)?;
    }
    Ok(tags.into_bump_slice())
}

fn tag_value<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    let value = string(cursor, STRING_RULE)?;
    if fits(value, ATTRIBUTE_VALUE_CHARS_MAX) {
        Ok(value)
    } else {
        Err(Fault::rule("must be at most 1024 characters"))
    }
}
