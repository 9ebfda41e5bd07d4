//! What became of every span is counted by the protocol that it came with.

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::grpc::{export, frame};
use crate::otlp::{protobuf, request, span};
use crate::support::{NOW, SECOND, TestServer, gzip, root};

const HOUR: i64 = 3600 * SECOND;

#[tokio::test]
async fn the_ledger_of_each_protocol_adds_up() {
    let server = TestServer::start().await;
    for body in [
        json!({"spans": [root(1, 1, SECOND), root(1, 1, SECOND), root(2, 1, HOUR), root(3, 1, -HOUR)]}),
        json!({"spans": [{}]}),
    ] {
        server.post(body.to_string()).await;
    }
    assert_eq!(server.ledger_of("contract").await, [1, 1, 1, 1, 1]);

    let json_type = ("content-type", "application/json");
    let mut bad = span(12, SECOND);
    bad["spanId"] = json!("00");
    let spans = [span(11, SECOND), span(11, SECOND), span(12, HOUR), span(13, -HOUR), bad];
    assert_eq!(server.post_to("/v1/traces", &[json_type], request(&spans)).await.status, StatusCode::OK);
    assert_eq!(server.ledger_of("otlp_json").await, [1, 1, 1, 1, 1]);

    for (trace, back) in [(21, SECOND), (21, SECOND), (22, HOUR), (23, -HOUR)] {
        let headers = [("content-type", "application/x-protobuf"), ("content-encoding", "gzip")];
        server.post_to("/v1/traces", &headers, gzip(&protobuf(trace, back))).await;
        export(&server, &[], frame(0, &protobuf(trace + 10, back))).await;
    }
    assert_eq!(server.ledger_of("otlp_protobuf").await, [1, 1, 1, 1, 0]);
    assert_eq!(server.ledger_of("otlp_grpc").await, [1, 1, 1, 1, 0]);

    let zipkin = |trace: u64, back: i64| -> Value {
        json!({"traceId": format!("{trace:016x}"), "id": "1", "timestamp": (NOW - back) / 1000, "duration": 1})
    };
    let spans = [zipkin(41, SECOND), zipkin(41, SECOND), zipkin(42, HOUR), zipkin(43, -HOUR)];
    server.post_to("/api/v2/spans", &[json_type], json!(spans).to_string()).await;
    assert_eq!(server.ledger_of("zipkin").await, [1, 1, 1, 1, 0]);

    // All of them together are what the server has counted.
    let all = ["stored", "repeated", "received", "rejected"].map(|name| format!("traced_spans_{name}_total"));
    let mut counts = Vec::new();
    for name in all {
        counts.push(server.metric(&name).await);
    }
    assert_eq!(counts, [5, 5, 22, 2]);
}
