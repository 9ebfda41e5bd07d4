//! Makes a request as a service sends it.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};

pub(crate) const SPANS: usize = 100;

fn text(key: &str, value: impl Into<String>) -> KeyValue {
    let value = Some(AnyValue { value: Some(Value::StringValue(value.into())) });
    KeyValue { key: key.to_owned(), value, ..KeyValue::default() }
}

fn int(key: &str, value: i64) -> KeyValue {
    let value = Some(AnyValue { value: Some(Value::IntValue(value)) });
    KeyValue { key: key.to_owned(), value, ..KeyValue::default() }
}

/// Returns attributes by OpenTelemetry's semantic conventions for HTTP and databases, for the span with this number.
fn attributes(number: usize) -> Vec<KeyValue> {
    vec![
        text("http.request.method", "GET"),
        text("http.route", "/orders/{order_id}"),
        int("http.response.status_code", 200),
        text("server.address", "orders.shop.svc.cluster.local"),
        int("server.port", 8443),
        text("url.full", format!("https://orders.shop.svc.cluster.local:8443/orders/{number}?full=true")),
        text("url.scheme", "https"),
        text("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"),
        text("network.protocol.version", "1.1"),
        text("network.peer.address", format!("10.42.{}.{}", number % 7, number % 251)),
        int("network.peer.port", 40_000),
        text("db.system.name", "postgresql"),
        text("db.namespace", "shop"),
        text("db.query.text", "SELECT id, state, total FROM orders WHERE customer_id = $1 AND state <> $2"),
        text("db.operation.name", "SELECT"),
        text("db.collection.name", "orders"),
        text("enduser.id", format!("customer-{:08}", number * 7919)),
        text("thread.name", "http-nio-8443-exec-7"),
        int("thread.id", 31),
        text("session.id", format!("{:032x}", number as u128 * 0x9e37_79b9_7f4a_7c15)),
    ]
}

fn span(number: usize, count: usize) -> Span {
    let id = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let start = 1_790_000_000_000_000_000 + number as u64 * 1_000_003;
    Span {
        trace_id: u128::from(id / 4).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes().to_vec(),
        span_id: id.to_be_bytes().to_vec(),
        parent_span_id: id.rotate_left(7).to_be_bytes().to_vec(),
        flags: 0x101,
        name: "GET /orders/{order_id}".to_owned(),
        kind: 2,
        start_time_unix_nano: start,
        end_time_unix_nano: start + 4_999_999,
        attributes: attributes(number).into_iter().take(count).collect(),
        status: Some(Status::default()),
        ..Span::default()
    }
}

/// Makes a request whose spans have `attributes` attributes each.
pub(crate) fn request(attributes: usize) -> ExportTraceServiceRequest {
    let resource = Resource {
        attributes: vec![
            text("service.name", "orders"),
            text("service.version", "1.42.0"),
            text("telemetry.sdk.language", "java"),
        ],
        ..Resource::default()
    };
    let scope = InstrumentationScope {
        name: "io.opentelemetry.tomcat-10.0".to_owned(),
        version: "2.20.1-alpha".to_owned(),
        ..InstrumentationScope::default()
    };
    let spans = (0..SPANS).map(|number| span(number, attributes)).collect();
    let scope_spans = vec![ScopeSpans { scope: Some(scope), spans, ..ScopeSpans::default() }];
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(resource),
            scope_spans,
            ..ResourceSpans::default()
        }],
    }
}
