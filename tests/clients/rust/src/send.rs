//! Sends a trace with every field that the SDK has.

use std::error::Error;
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{
    Link, Span as _, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt as _, TraceState,
    Tracer as _, TracerProvider as _,
};
use opentelemetry::{Array, Context, InstrumentationScope, KeyValue, StringValue, Value};
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use crate::expected;
use crate::recorder::Recorder;

const MS: Duration = Duration::from_millis(1);
const KINDS: [SpanKind; 5] =
    [SpanKind::Internal, SpanKind::Server, SpanKind::Client, SpanKind::Producer, SpanKind::Consumer];

/// Sends a trace, one span a request, and prints it as the SDK recorded it.
pub(crate) fn send(exporter: SpanExporter, name: &str) -> Result<(), Box<dyn Error>> {
    let (recorder, record) = Recorder::new(exporter);
    let attributes = [KeyValue::new("numbers", Value::Array(Array::I64(vec![1, 2])))];
    let resource =
        Resource::builder_empty().with_service_name(name.to_owned()).with_attributes(attributes).build();
    // The SDK drops what exceeds these limits, and counts it.
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(recorder)
        .with_resource(resource.clone())
        .with_max_attributes_per_span(6)
        .with_max_events_per_span(2)
        .with_max_links_per_span(1)
        .build();
    let scope = InstrumentationScope::builder("clients")
        .with_version("1.2")
        .with_schema_url("https://example.org/1")
        .with_attributes([KeyValue::new("a", true)])
        .build();
    record_trace(&provider.tracer_with_scope(scope.clone()));
    provider.shutdown()?;
    let spans = record.lock().expect("nothing panicked");
    if spans.len() != 1 + KINDS.len() {
        return Err(format!("{name}: only {} spans were sent", spans.len()).into());
    }
    println!("{}", expected::trace(name, &resource, &scope, &spans));
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "an SDK has no clock of ours")]
fn record_trace(tracer: &SdkTracer) {
    let start = SystemTime::now() - 1000 * MS;
    let builder = SpanBuilder::from_name("root").with_kind(SpanKind::Server).with_start_time(start);
    let mut root = tracer.build_with_context(builder, &Context::new());
    for (number, kind) in (0..).zip(KINDS) {
        record_child(tracer, &far(root.span_context()), number, kind, start + number * MS);
    }
    root.end_with_timestamp(start + 950 * MS);
}

/// The span as a remote parent: a trace state enters a trace with one.
fn far(span: &SpanContext) -> SpanContext {
    let state = TraceState::from_key_value([("vendor", "state"), ("another", "1")]).expect("valid");
    SpanContext::new(span.trace_id(), span.span_id(), span.trace_flags(), true, state)
}

fn record_child(tracer: &SdkTracer, parent: &SpanContext, number: u32, kind: SpanKind, start: SystemTime) {
    let link = Link::new(parent.clone(), vec![KeyValue::new("why", "parent")], 0);
    let builder = SpanBuilder::from_name(format!("child {number}"))
        .with_kind(kind)
        .with_start_time(start)
        .with_attributes(values())
        .with_links(vec![link.clone(), link]);
    let context = Context::new().with_remote_span_context(parent.clone());
    let mut child = tracer.build_with_context(builder, &context);
    for name in ["first", "second", "third"] {
        let attributes = vec![KeyValue::new("number", i64::from(number))];
        child.add_event_with_timestamp(name, start + MS, attributes);
    }
    child.set_status(if number.is_multiple_of(2) { Status::Ok } else { Status::error("broken") });
    child.end_with_timestamp(start + 900 * MS);
}

fn values() -> Vec<KeyValue> {
    let texts = ["a", "b"].map(StringValue::from).to_vec();
    vec![
        KeyValue::new("text", "Grüße, 世界"),
        KeyValue::new("yes", true),
        KeyValue::new("int", i64::MIN),
        KeyValue::new("double", 0.1),
        KeyValue::new("list", Value::Array(Array::String(texts))),
        KeyValue::new("truths", Value::Array(Array::Bool(vec![true, false]))),
        KeyValue::new("doubles", Value::Array(Array::F64(vec![0.5, -1.25]))),
    ]
}
