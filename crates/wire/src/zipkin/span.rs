//! Decodes one span.

use bumpalo::collections::Vec as ArenaVec;
use span::{Attribute, Event, Extras, Kind, Span, Timestamp, TraceId, Value};

use super::endpoint::Endpoint;
use super::reader::{ZipkinError, ZipkinReader};
use super::sources::{SourceNames, Sources};
use super::tags::TagMeanings;
use crate::json::{ReadJson as _, ScaledDecimal};
use crate::short_span_id::from_short;

const NANOS_PER_MICRO: i64 = 1000;
/// How many decimal places of a number of microseconds are nanoseconds.
const NANO_PLACES: i64 = 3;
const TRACE_ID_RULE: &str = "traceId: must be 1 to 32 hexadecimal digits, not all zero";
const ID_RULE: &str = "id: must be 1 to 16 hexadecimal digits, not all zero";
const PARENT_RULE: &str = "parentId: must be at most 16 hexadecimal digits";
const ANNOTATION_RULE: &str = "annotations: each must have a timestamp in microseconds and a value";
const TRACE_DIGITS: usize = 32;
const SPAN_DIGITS: usize = 16;

/// The fields of a span that were decoded so far. Missing fields are empty or 0.
#[derive(Default)]
struct SpanDraft<'a> {
    trace_id: Option<TraceId>,
    id: Option<u64>,
    parent_id: Option<u64>,
    name: &'a str,
    kind: Kind,
    timestamp: i64,
    duration: i64,
    local: Endpoint<'a>,
    remote: Endpoint<'a>,
    events: &'a [Event<'a>],
    is_shared: bool,
    is_debug: bool,
}

impl<'a> ZipkinReader<'_, 'a> {
    pub(super) fn span(&mut self, sources: &mut Sources<'a>) -> Result<Span<'a>, ZipkinError> {
        let mut draft = SpanDraft::default();
        let mut tags = ArenaVec::new_in(self.decoder.arena);
        self.members(|zipkin, key| {
            zipkin.field = key;
            if !zipkin.cursor.eat_null()? {
                match key {
                    "tags" => zipkin.tags(&mut tags)?,
                    _ => zipkin.field(key, &mut draft)?,
                }
            }
            zipkin.field = "";
            Ok(())
        })?;
        self.finish(&draft, tags, sources)
    }

    /// Makes the span from its fields and tags.
    fn finish(
        &mut self,
        draft: &SpanDraft<'a>,
        tags: ArenaVec<'a, Attribute<'a>>,
        sources: &mut Sources<'a>,
    ) -> Result<Span<'a>, ZipkinError> {
        let id = draft.id.ok_or(ZipkinError::Rule(ID_RULE))?;
        let trace_id = draft.trace_id.ok_or(ZipkinError::Rule(TRACE_ID_RULE))?;
        let (start, end) = self.times(draft);
        let TagMeanings { status, scope_name, scope_version, extras } = TagMeanings::of(&tags);
        let Endpoint { service, .. } = draft.local;
        let address = draft.local.address();
        let names = SourceNames { service, address, scope_name, scope_version };
        let source = sources.get_or_make(self.decoder, names)?;
        let extras = Extras { events: draft.events, ..extras };
        let mut attributes = tags;
        add_rest(&mut attributes, draft);
        Ok(Span {
            trace_id,
            span_id: from_short(id),
            // Some senders write a root's own id as that of its parent.
            parent_span_id: draft.parent_id.filter(|&parent| parent != id).map(from_short),
            service: source.service,
            name: draft.name,
            start,
            end,
            kind: draft.kind,
            status,
            flags: 0,
            attributes: attributes.into_bump_slice(),
            resource_scope: source.resource_scope,
            extras: (extras != Extras::default()).then(|| &*self.decoder.arena.alloc(extras)),
        })
    }

    fn field(&mut self, key: &str, draft: &mut SpanDraft<'a>) -> Result<(), ZipkinError> {
        match key {
            "traceId" => {
                let id = self.hex::<TRACE_DIGITS>(TRACE_ID_RULE)?;
                draft.trace_id = (id != 0).then(|| TraceId::from_bytes(id.to_be_bytes()));
            }
            "id" => draft.id = self.span_id(ID_RULE)?,
            "parentId" => draft.parent_id = self.span_id(PARENT_RULE)?,
            "name" => draft.name = self.cursor.string("a string")?,
            "kind" => draft.kind = self.kind()?,
            "timestamp" => draft.timestamp = self.micros("timestamp: must be a number of microseconds")?,
            "duration" => draft.duration = self.micros("duration: must be a number of microseconds")?,
            "localEndpoint" => draft.local = self.endpoint()?,
            "remoteEndpoint" => draft.remote = self.endpoint()?,
            "annotations" => draft.events = self.annotations()?,
            "shared" => draft.is_shared = self.boolean()?,
            "debug" => draft.is_debug = self.boolean()?,
            _ if key.ends_with("yAnnotations") => {
                return Err(ZipkinError::Rule(
                    "binaryAnnotations: belongs to version 1 of the format; send version 2",
                ));
            }
            _ => self.unknown()?,
        }
        Ok(())
    }

    /// Returns the start and the end of a span. A span without a timestamp starts with its first annotation, or,
    /// without annotations, when the body arrived: a start of 0, in the year 1970, would be outside of every window.
    fn times(&mut self, draft: &SpanDraft<'_>) -> (Timestamp, Timestamp) {
        let times = || draft.events.iter().map(|event| event.time);
        let (start, last) = match (draft.timestamp, times().min(), times().max()) {
            (1.., ..) => (Timestamp(draft.timestamp), None),
            (_, Some(first), last) => (first, last),
            (_, None, _) => (self.arrival, None),
        };
        self.decoder.repairs.repaired_times += u64::from(draft.timestamp <= 0 || draft.duration < 0);
        let end = start.saturating_add(draft.duration.max(0));
        (start, last.map_or(end, |last| last.max(end)))
    }

    /// Reads a number of at most `DIGITS_MAX` hexadecimal digits. An empty text is 0. For any other text the error is
    /// `rule`.
    fn hex<const DIGITS_MAX: usize>(&mut self, rule: &'static str) -> Result<u128, ZipkinError> {
        let text = self.cursor.string("an id in hexadecimal digits")?;
        let is_hex = text.len() <= DIGITS_MAX && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if text.is_empty() {
            return Ok(0);
        }
        let id = if is_hex { u128::from_str_radix(text, 16).ok() } else { None };
        id.ok_or(ZipkinError::Rule(rule))
    }

    fn span_id(&mut self, rule: &'static str) -> Result<Option<u64>, ZipkinError> {
        let id = self.hex::<SPAN_DIGITS>(rule)?;
        Ok(u64::try_from(id).ok().filter(|&id| id != 0))
    }

    fn kind(&mut self) -> Result<Kind, ZipkinError> {
        Ok(match self.cursor.string("a string")? {
            "CLIENT" => Kind::CLIENT,
            "SERVER" => Kind::SERVER,
            "PRODUCER" => Kind::PRODUCER,
            "CONSUMER" => Kind::CONSUMER,
            _ => {
                self.decoder.repairs.unknown_enums += 1;
                Kind::UNSPECIFIED
            }
        })
    }

    /// Reads a number of microseconds and returns it in nanoseconds. By the format it is an integer, but the clocks
    /// of JavaScript and Python have fractions, and some senders write them.
    fn micros(&mut self, rule: &'static str) -> Result<i64, ZipkinError> {
        let text = self.cursor.number_or_string()?;
        if let Ok(micros) = text.parse::<i64>() {
            return Ok(micros.saturating_mul(NANOS_PER_MICRO));
        }
        let nanos = ScaledDecimal::parse(text, NANO_PLACES).ok_or(ZipkinError::Rule(rule))?.value;
        Ok(i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX }))
    }

    fn annotations(&mut self) -> Result<&'a [Event<'a>], ZipkinError> {
        if self.eat_empty(*b"{}", "an array")? {
            return Ok(&[]);
        }
        let mut events = ArenaVec::new_in(self.decoder.arena);
        self.array(|zipkin| {
            events.push(zipkin.annotation()?);
            Ok(())
        })?;
        Ok(events.into_bump_slice())
    }

    fn annotation(&mut self) -> Result<Event<'a>, ZipkinError> {
        self.decoder.charge(1)?;
        let mut event = Event { time: Timestamp(0), name: "", attributes: &[], dropped_attributes: 0 };
        self.object(|zipkin, key| {
            match key {
                "timestamp" => event.time = Timestamp(zipkin.micros(ANNOTATION_RULE)?),
                "value" => event.name = zipkin.cursor.string("a string")?,
                _ => zipkin.unknown()?,
            }
            Ok(())
        })?;
        if event.time.0 <= 0 {
            return Err(ZipkinError::Rule(ANNOTATION_RULE));
        }
        Ok(event)
    }

    /// Reads tags. Their values should be strings; any other value is stored as its JSON text.
    fn tags(&mut self, attributes: &mut ArenaVec<'a, Attribute<'a>>) -> Result<(), ZipkinError> {
        if self.eat_empty(*b"[]", "an object")? {
            return Ok(());
        }
        self.members(|zipkin, key| {
            if zipkin.cursor.eat_null()? {
                zipkin.decoder.repairs.lost_tags += 1;
                return Ok(());
            }
            zipkin.decoder.charge(1)?;
            let is_string = zipkin.cursor.peek() == Some(b'"');
            let text =
                if is_string { zipkin.cursor.string("a string")? } else { zipkin.cursor.skipped_text()? };
            attributes.push(Attribute { key, value: Value::Text(text) });
            Ok(())
        })
    }
}

/// Adds attributes for the fields that a span of ours does not have, under OpenTelemetry's names where it has some. A
/// tag of the same name is not replaced.
fn add_rest<'a>(attributes: &mut ArenaVec<'a, Attribute<'a>>, draft: &SpanDraft<'a>) {
    let SpanDraft { local, remote, .. } = draft;
    let tags = attributes.len();
    let mut add = |is_there: bool, key: &'a str, value: Value<'a>| {
        let is_tag = attributes.iter().take(tags).any(|tag| tag.key == key);
        if is_there && !is_tag {
            attributes.push(Attribute { key, value });
        }
    };
    add(!remote.service.is_empty(), "peer.service", Value::Text(remote.service));
    add(!remote.address().is_empty(), "network.peer.address", Value::Text(remote.address()));
    add(!remote.other_address().is_empty(), "zipkin.remote.ipv6", Value::Text(remote.other_address()));
    add(remote.port > 0, "network.peer.port", Value::Int(remote.port));
    add(!local.address().is_empty(), "network.local.address", Value::Text(local.address()));
    add(!local.other_address().is_empty(), "zipkin.local.ipv6", Value::Text(local.other_address()));
    add(local.port > 0, "network.local.port", Value::Int(local.port));
    add(draft.is_shared, "zipkin.shared", Value::Bool(true));
    add(draft.is_debug, "zipkin.debug", Value::Bool(true));
}
