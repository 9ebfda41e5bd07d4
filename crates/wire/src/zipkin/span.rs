//! One span.

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use span::{Attribute, Event, Extras, Kind, Span, SpanId, Status, Timestamp, TraceId, Value};

use super::batch::{Zipkin, rule};
use super::endpoint::Endpoint;
use crate::json::{Read as _, Scaled};
use crate::otlp::draft::Owner;
use crate::otlp::work::Stop;

const NANOS_PER_MICRO: i64 = 1000;
/// Decimal places of a microsecond that a nanosecond has.
const NANO_PLACES: i64 = 3;
const TRACE_ID_RULE: &str = "traceId: must be 1 to 32 hexadecimal digits, not all zero";
const ID_RULE: &str = "id: must be 1 to 16 hexadecimal digits, not all zero";
const PARENT_RULE: &str = "parentId: must be at most 16 hexadecimal digits";
const ANNOTATION_RULE: &str = "annotations: must have a timestamp in microseconds and a value";
const TRACE_DIGITS: usize = 32;
const SPAN_DIGITS: usize = 16;

/// A span as far as it has been read.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) trace_id: TraceId,
    pub(super) id: u64,
    pub(super) parent_id: Option<u64>,
    pub(super) service: &'a str,
    pub(super) name: &'a str,
    pub(super) kind: Kind,
    pub(super) status: Status,
    pub(super) scope_name: &'a str,
    pub(super) scope_version: &'a str,
    pub(super) extras: Extras<'a>,
    start: Timestamp,
    end: Timestamp,
    attributes: &'a [Attribute<'a>],
}

/// What a span says, before it is known what of it is missing.
#[derive(Default)]
struct Fields<'a> {
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

impl<'a> Draft<'a> {
    pub(super) fn into_span(self, owner: &Owner<'a>, arena: &'a Bump) -> Span<'a> {
        let widen = |id: u64| SpanId::from_bytes(u128::from(id).to_be_bytes());
        Span {
            trace_id: self.trace_id,
            span_id: widen(self.id),
            parent_span_id: self.parent_id.map(widen),
            service: owner.service,
            name: self.name,
            start: self.start,
            end: self.end,
            kind: self.kind,
            status: self.status,
            flags: 0,
            attributes: self.attributes,
            resource_scope: owner.resource_scope,
            extras: (self.extras != Extras::default()).then(|| &*arena.alloc(self.extras)),
        }
    }
}

impl<'a> Zipkin<'_, 'a> {
    pub(super) fn span(&mut self) -> Result<Draft<'a>, Stop> {
        let mut fields = Fields::default();
        let mut attributes = ArenaVec::new_in(self.work.arena);
        self.object(|zipkin, key| match key {
            "tags" => zipkin.tags(&mut attributes),
            _ => zipkin.field(key, &mut fields),
        })?;
        let mut draft = self.draft(&fields)?;
        draft.lift(&attributes);
        add_rest(&mut attributes, &fields);
        draft.attributes = attributes.into_bump_slice();
        Ok(draft)
    }

    fn field(&mut self, key: &str, fields: &mut Fields<'a>) -> Result<(), Stop> {
        match key {
            "traceId" => {
                let id = self.hex::<TRACE_DIGITS>(TRACE_ID_RULE)?;
                fields.trace_id = (id != 0).then(|| TraceId::from_bytes(id.to_be_bytes()));
            }
            "id" => fields.id = self.span_id(ID_RULE)?,
            "parentId" => fields.parent_id = self.span_id(PARENT_RULE)?,
            "name" => fields.name = self.cursor.string("a string")?,
            "kind" => fields.kind = self.kind()?,
            "timestamp" => fields.timestamp = self.micros("timestamp: must be microseconds")?,
            "duration" => fields.duration = self.micros("duration: must be microseconds")?,
            "localEndpoint" => fields.local = self.endpoint()?,
            "remoteEndpoint" => fields.remote = self.endpoint()?,
            "annotations" => fields.events = self.annotations()?,
            "shared" => fields.is_shared = self.cursor.boolean()?,
            "debug" => fields.is_debug = self.cursor.boolean()?,
            _ if key.ends_with("yAnnotations") => {
                return Err(rule("binaryAnnotations: this is version 1 of the format; send version 2"));
            }
            _ => self.unknown()?,
        }
        Ok(())
    }

    fn draft(&mut self, fields: &Fields<'a>) -> Result<Draft<'a>, Stop> {
        let id = fields.id.ok_or_else(|| rule(ID_RULE))?;
        let (start, end) = self.times(fields);
        Ok(Draft {
            trace_id: fields.trace_id.ok_or_else(|| rule(TRACE_ID_RULE))?,
            id,
            parent_id: fields.parent_id.filter(|&parent| parent != id),
            service: fields.local.service,
            name: fields.name,
            kind: fields.kind,
            status: Status::Unset,
            scope_name: "",
            scope_version: "",
            extras: Extras { events: fields.events, ..Extras::default() },
            start,
            end,
            attributes: &[],
        })
    }

    /// A span that does not say when it was began with its first annotation, or else now: the year 1970 is in no
    /// window.
    fn times(&mut self, fields: &Fields<'_>) -> (Timestamp, Timestamp) {
        let times = || fields.events.iter().map(|event| event.time);
        let (start, last) = match (fields.timestamp, times().min(), times().max()) {
            (1.., ..) => (Timestamp(fields.timestamp), None),
            (_, Some(first), last) => (first, last),
            (_, None, _) => (self.arrival, None),
        };
        self.work.oddities.repaired_times += u64::from(fields.timestamp <= 0 || fields.duration < 0);
        let end = start.saturating_add(fields.duration.max(0));
        (start, last.map_or(end, |last| last.max(end)))
    }

    /// Up to so many hexadecimal digits; fewer mean that there are zeros in front.
    fn hex<const DIGITS_MAX: usize>(&mut self, broken: &'static str) -> Result<u128, Stop> {
        let text = self.cursor.string("an id in hexadecimal digits")?;
        let is_hex = text.len() <= DIGITS_MAX && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if text.is_empty() {
            return Ok(0);
        }
        let id = if is_hex { u128::from_str_radix(text, 16).ok() } else { None };
        id.ok_or_else(|| rule(broken))
    }

    fn span_id(&mut self, broken: &'static str) -> Result<Option<u64>, Stop> {
        let id = self.hex::<SPAN_DIGITS>(broken)?;
        Ok(u64::try_from(id).ok().filter(|&id| id != 0))
    }

    fn kind(&mut self) -> Result<Kind, Stop> {
        Ok(match self.cursor.string("a string")? {
            "CLIENT" => Kind::CLIENT,
            "SERVER" => Kind::SERVER,
            "PRODUCER" => Kind::PRODUCER,
            "CONSUMER" => Kind::CONSUMER,
            _ => {
                self.work.oddities.unknown_enums += 1;
                Kind::UNSPECIFIED
            }
        })
    }

    /// Microseconds, as nanoseconds. The format says that they are whole, but clocks of JavaScript and Python have
    /// parts of them.
    fn micros(&mut self, broken: &'static str) -> Result<i64, Stop> {
        let text = self.cursor.lenient_number()?;
        if let Ok(micros) = text.parse::<i64>() {
            return Ok(micros.saturating_mul(NANOS_PER_MICRO));
        }
        let nanos = Scaled::parse(text, NANO_PLACES).ok_or_else(|| rule(broken))?.value;
        Ok(i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX }))
    }

    fn annotations(&mut self) -> Result<&'a [Event<'a>], Stop> {
        let mut events = ArenaVec::new_in(self.work.arena);
        self.array(|zipkin| {
            events.push(zipkin.annotation()?);
            Ok(())
        })?;
        Ok(events.into_bump_slice())
    }

    fn annotation(&mut self) -> Result<Event<'a>, Stop> {
        self.work.charge(1)?;
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
            return Err(rule(ANNOTATION_RULE));
        }
        Ok(event)
    }

    /// Values are strings; what else a sender writes is taken as it is written.
    fn tags(&mut self, attributes: &mut ArenaVec<'a, Attribute<'a>>) -> Result<(), Stop> {
        self.members(|zipkin, key| {
            if zipkin.cursor.eat_null()? {
                zipkin.work.oddities.lost_tags += 1;
                return Ok(());
            }
            zipkin.work.charge(1)?;
            let is_string = zipkin.cursor.peek() == Some(b'"');
            let text =
                if is_string { zipkin.cursor.string("a string")? } else { zipkin.cursor.skipped_text()? };
            attributes.push(Attribute { key, value: Value::Text(text) });
            Ok(())
        })
    }
}

/// What has no place in the model, by the names that OpenTelemetry has for it. Where a tag says it already, that
/// stands.
fn add_rest<'a>(attributes: &mut ArenaVec<'a, Attribute<'a>>, fields: &Fields<'a>) {
    let Fields { local, remote, .. } = fields;
    let tags = attributes.len();
    let mut add = |is_there: bool, key: &'a str, value: Value<'a>| {
        let is_said = attributes.iter().take(tags).any(|tag| tag.key == key);
        if is_there && !is_said {
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
    add(fields.is_shared, "zipkin.shared", Value::Bool(true));
    add(fields.is_debug, "zipkin.debug", Value::Bool(true));
}
