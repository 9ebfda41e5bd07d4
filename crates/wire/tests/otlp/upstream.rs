//! Makes the upstream crate's types of spans; they know nothing of our codec.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{
    AnyValue, ArrayValue, InstrumentationScope, KeyValue, KeyValueList,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status, TracesData};
use span::SpanId;
use testkit::owned_span::{OwnedEvent, OwnedExtras, OwnedLink, OwnedResourceScope};
use testkit::{OwnedAttribute, OwnedSpan, OwnedValue};

/// A request of these spans. Neighbours with equal resource scopes share a `ResourceSpans`.
pub(crate) fn request(spans: &[OwnedSpan]) -> ExportTraceServiceRequest {
    let runs = spans.chunk_by(|one, other| one.resource_scope == other.resource_scope);
    ExportTraceServiceRequest { resource_spans: runs.map(resource_spans).collect() }
}

fn resource_spans(run: &[OwnedSpan]) -> ResourceSpans {
    let spans = run.iter().map(span).collect();
    let Some(resource_scope) = &run[0].resource_scope else {
        let scope_spans = vec![ScopeSpans { spans, ..ScopeSpans::default() }];
        return ResourceSpans { scope_spans, ..ResourceSpans::default() };
    };
    let scope = InstrumentationScope {
        name: resource_scope.scope_name.clone(),
        version: resource_scope.scope_version.clone(),
        attributes: attributes(&resource_scope.scope_attributes),
        dropped_attributes_count: resource_scope.scope_dropped_attributes,
    };
    let resource = Resource {
        attributes: attributes(&resource_scope.resource_attributes),
        dropped_attributes_count: resource_scope.resource_dropped_attributes,
        entity_refs: Vec::new(),
    };
    ResourceSpans {
        resource: Some(resource),
        scope_spans: vec![ScopeSpans {
            scope: Some(scope),
            spans,
            schema_url: resource_scope.scope_schema_url.clone(),
        }],
        schema_url: resource_scope.resource_schema_url.clone(),
    }
}

pub(crate) fn short(id: SpanId) -> Vec<u8> {
    id.to_bytes()[8..].to_vec()
}

fn span(span: &OwnedSpan) -> Span {
    let extras = span.extras.clone().unwrap_or_default();
    Span {
        trace_id: span.trace_id.to_bytes().to_vec(),
        span_id: short(span.span_id),
        trace_state: extras.trace_state.clone(),
        parent_span_id: span.parent_span_id.map(short).unwrap_or_default(),
        flags: span.flags,
        name: span.name.clone(),
        kind: span.kind.0,
        start_time_unix_nano: span.start.0.cast_unsigned(),
        end_time_unix_nano: span.end.0.cast_unsigned(),
        attributes: attributes(&span.attributes),
        dropped_attributes_count: extras.dropped_attributes,
        events: extras.events.iter().map(event).collect(),
        dropped_events_count: extras.dropped_events,
        links: extras.links.iter().map(link).collect(),
        dropped_links_count: extras.dropped_links,
        status: status(span, &extras),
    }
}

fn status(span: &OwnedSpan, extras: &OwnedExtras) -> Option<Status> {
    let code = match span.status {
        span::Status::Unset if extras.status_message.is_empty() => return None,
        span::Status::Unset => 0,
        span::Status::Ok => 1,
        span::Status::Error => 2,
    };
    Some(Status { code, message: extras.status_message.clone() })
}

fn event(event: &OwnedEvent) -> Event {
    Event {
        time_unix_nano: event.time.0.cast_unsigned(),
        name: event.name.clone(),
        attributes: attributes(&event.attributes),
        dropped_attributes_count: event.dropped_attributes,
    }
}

fn link(link: &OwnedLink) -> Link {
    Link {
        trace_id: link.trace_id.to_bytes().to_vec(),
        span_id: short(link.span_id),
        trace_state: link.trace_state.clone(),
        attributes: attributes(&link.attributes),
        dropped_attributes_count: link.dropped_attributes,
        flags: link.flags,
    }
}

pub(crate) fn attributes(attributes: &[OwnedAttribute]) -> Vec<KeyValue> {
    let pair = |attribute: &OwnedAttribute| KeyValue {
        key: attribute.key.clone(),
        value: Some(value(&attribute.value)),
        ..KeyValue::default()
    };
    attributes.iter().map(pair).collect()
}

fn value(value_: &OwnedValue) -> AnyValue {
    AnyValue {
        value: match value_ {
            OwnedValue::Empty => None,
            OwnedValue::Text(text) => Some(Value::StringValue(text.clone())),
            OwnedValue::Bool(value) => Some(Value::BoolValue(*value)),
            OwnedValue::Int(value) => Some(Value::IntValue(*value)),
            OwnedValue::Double(value) => Some(Value::DoubleValue(*value)),
            OwnedValue::Bytes(bytes) => Some(Value::BytesValue(bytes.clone())),
            OwnedValue::Array(values) => {
                Some(Value::ArrayValue(ArrayValue { values: values.iter().map(value).collect() }))
            }
            OwnedValue::Map(map) => Some(Value::KvlistValue(KeyValueList { values: attributes(map) })),
        },
    }
}

/// The resource scope with the attribute that names its service, as spans of OpenTelemetry's protocol have it.
pub(crate) fn named(resource_scope: OwnedResourceScope, service: &str) -> OwnedResourceScope {
    let mut resource_attributes = vec![OwnedAttribute::text("service.name", service)];
    resource_attributes.extend(resource_scope.resource_attributes);
    OwnedResourceScope { resource_attributes, ..resource_scope }
}

/// A span with the resource, the scope and their schema URLs around it.
pub(crate) type Flat = (Resource, String, InstrumentationScope, String, Span);

/// All spans in the order of their ids, so that it does not matter how they were grouped.
pub(crate) fn flat(traces: TracesData) -> Vec<Flat> {
    let mut flat = Vec::new();
    for one in traces.resource_spans {
        for scoped in one.scope_spans {
            let resource = one.resource.clone().unwrap_or_default();
            let scope = scoped.scope.clone().unwrap_or_default();
            flat.extend(scoped.spans.into_iter().map(|span| {
                (resource.clone(), one.schema_url.clone(), scope.clone(), scoped.schema_url.clone(), span)
            }));
        }
    }
    flat.sort_by(|one, other| one.4.span_id.cmp(&other.4.span_id));
    flat
}
