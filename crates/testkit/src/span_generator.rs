//! Random spans with every field that a span can have, for tests of formats.

use rand::RngExt as _;
use rand::rngs::SmallRng;
use span::{Kind, SpanId, Status, Timestamp, TraceId};

use crate::owned_span::{OwnedEvent, OwnedExtras, OwnedLink, OwnedResourceScope};
use crate::{OwnedAttribute, OwnedSpan, OwnedValue};

/// Draws random spans that use all fields, with unusual values among them.
#[derive(Debug)]
pub struct SpanGenerator<'a> {
    random: &'a mut SmallRng,
}

impl<'a> SpanGenerator<'a> {
    pub fn new(random: &'a mut SmallRng) -> Self {
        Self { random }
    }

    /// Draws a span of this trace that starts near `around`. Its parent is one of `parents`, another span, or none.
    pub fn span(&mut self, trace_id: TraceId, parents: &[SpanId], around: Timestamp) -> OwnedSpan {
        let start = around.saturating_add(self.random.random_range(-5_000_000_000..5_000_000_000));
        let parent = if parents.is_empty() || self.random.random_bool(0.1) {
            self.random.random_bool(0.5).then(|| SpanId::from_bytes(self.random.random()))
        } else {
            Some(parents[self.random.random_range(0..parents.len())])
        };
        let is_plain = self.random.random_bool(0.4);
        let plain = OwnedSpan {
            trace_id,
            span_id: self.span_id(),
            parent_span_id: parent,
            service: self.name("service", 4),
            name: self.name("operation", 9),
            end: start.saturating_add(self.duration()),
            status: [Status::Unset, Status::Ok, Status::Error][self.random.random_range(0..3)],
            attributes: self.attributes(2),
            ..OwnedSpan::root(0, 0, start)
        };
        if is_plain {
            return plain;
        }
        OwnedSpan {
            kind: Kind([0, 1, 2, 3, 4, 5, 77, -1][self.random.random_range(0..8)]),
            flags: [0, 1, 0x101, u32::MAX][self.random.random_range(0..4)],
            resource_scope: self.random.random_bool(0.7).then(|| self.resource_scope()),
            extras: self.random.random_bool(0.4).then(|| self.extras()),
            ..plain
        }
    }

    /// Draws an id of sixteen random bytes, or of eight with zeros in front, as OpenTelemetry's are.
    fn span_id(&mut self) -> SpanId {
        let mut bytes: [u8; 16] = self.random.random();
        if self.random.random_bool(0.3) {
            bytes[..8].fill(0);
        }
        SpanId::from_bytes(bytes)
    }

    fn duration(&mut self) -> i64 {
        match self.random.random_range(0..4u8) {
            0 => 0,
            1 => self.random.random_range(0..1000),
            2 => self.random.random_range(0..10_000_000_000),
            _ => self.random.random_range(0..i64::MAX / 4),
        }
    }

    fn name(&mut self, prefix: &str, count: u8) -> String {
        format!("{prefix}-{}", self.random.random_range(0..count))
    }

    fn text(&mut self) -> String {
        let choices = ["", "ok", "é – ü", "SELECT * FROM orders WHERE id = ?", "\u{0}\"\\"];
        let text = choices[self.random.random_range(0..choices.len())];
        if self.random.random_bool(0.3) {
            format!("{text}{}", self.random.random::<u64>())
        } else {
            text.to_owned()
        }
    }

    fn attributes(&mut self, depth: u8) -> Vec<OwnedAttribute> {
        let count = if self.random.random_bool(0.4) { 0 } else { self.random.random_range(0..6) };
        (0..count).map(|_| OwnedAttribute { key: self.name("key", 12), value: self.value(depth) }).collect()
    }

    fn value(&mut self, depth: u8) -> OwnedValue {
        match self.random.random_range(0..if depth == 0 { 6 } else { 8u8 }) {
            0 => OwnedValue::Empty,
            1 => OwnedValue::Bool(self.random.random()),
            2 => OwnedValue::Int(self.random.random::<i64>() >> self.random.random_range(0..64u32)),
            3 => OwnedValue::Double(f64::from(self.random.random::<i32>()) / 3.0),
            4 => OwnedValue::Bytes(
                (0..self.random.random_range(0..20)).map(|_| self.random.random()).collect(),
            ),
            5 => OwnedValue::Text(self.text()),
            6 => OwnedValue::Array(
                (0..self.random.random_range(0..4)).map(|_| self.value(depth - 1)).collect(),
            ),
            _ => OwnedValue::Map(self.attributes(depth - 1)),
        }
    }

    fn resource_scope(&mut self) -> OwnedResourceScope {
        // Real senders use few different resource scopes.
        let number = self.random.random_range(0..5u32);
        OwnedResourceScope {
            resource_attributes: vec![OwnedAttribute::text("service.instance.id", number.to_string())],
            resource_dropped_attributes: number,
            resource_schema_url: "https://opentelemetry.io/schemas/1.30.0".to_owned(),
            scope_name: format!("library-{number}"),
            scope_version: "1.2.3".to_owned(),
            scope_attributes: vec![OwnedAttribute {
                key: "n".to_owned(),
                value: OwnedValue::Int(number.into()),
            }],
            scope_dropped_attributes: 0,
            scope_schema_url: String::new(),
        }
    }

    fn extras(&mut self) -> OwnedExtras {
        OwnedExtras {
            status_message: self.text(),
            trace_state: self.text(),
            events: (0..self.random.random_range(0..3)).map(|_| self.event()).collect(),
            links: (0..self.random.random_range(0..3)).map(|_| self.link()).collect(),
            dropped_attributes: self.random.random_range(0..3),
            dropped_events: self.random.random(),
            dropped_links: 0,
        }
    }

    fn event(&mut self) -> OwnedEvent {
        OwnedEvent {
            time: Timestamp(self.random.random()),
            name: self.text(),
            attributes: self.attributes(1),
            dropped_attributes: self.random.random_range(0..2),
        }
    }

    fn link(&mut self) -> OwnedLink {
        OwnedLink {
            trace_id: TraceId::from_bytes(self.random.random()),
            span_id: self.span_id(),
            trace_state: self.text(),
            attributes: self.attributes(1),
            dropped_attributes: 0,
            flags: self.random.random(),
        }
    }
}
