//! Random spans with everything that a span can have: over each protocol into the log, out of memory, out of the log
//! after a restart, out of a segment, and always the same.

use http_body_util::Full;
use hyper::Method;
use opentelemetry_proto::tonic::trace::v1::TracesData;
use prost::Message as _;
use server::{Data, Limits};
use store::Settings;
use testkit::{OwnedSpan, each_seed, schedules};

use crate::support::{SECOND, TestServer, eventually};
use crate::upstream::{flat, request};
use crate::{grpc, random_spans};

#[derive(Clone, Copy, Debug)]
enum Protocol {
    Protobuf,
    Json,
    Grpc,
}

async fn send(server: &TestServer, protocol: Protocol, spans: &[OwnedSpan]) {
    let request = request(spans);
    match protocol {
        Protocol::Protobuf => {
            let headers = [("content-type", "application/x-protobuf")];
            let answer = server.post_to("/v1/traces", &headers, request.encode_to_vec()).await;
            assert_eq!(answer.body, "", "{answer:?}");
        }
        Protocol::Json => {
            let body = serde_json::to_vec(&request).expect("it has a JSON form");
            let answer = server.post_to("/v1/traces", &[("content-type", "application/json")], body).await;
            assert_eq!(answer.body, "{}", "{answer:?}");
        }
        Protocol::Grpc => {
            let answer = grpc::export(server, &[], grpc::frame(0, &request.encode_to_vec())).await;
            assert_eq!(answer.field("grpc-status"), "0");
        }
    }
}

/// Every span is a trace by itself.
async fn check(server: &TestServer, spans: &[OwnedSpan], place: &str) {
    for span in spans {
        let path = format!("/api/v1/traces/{}", span.trace_id);
        let asked = server.request(Method::GET, &path).header("accept", "application/x-protobuf");
        let answer = server.send(asked.body(Full::default()).expect("a request")).await;
        let found = TracesData::decode(answer.body).expect("prost reads it");
        let resource_spans = request(std::slice::from_ref(span)).resource_spans;
        assert_eq!(flat(found), flat(TracesData { resource_spans }), "{place}");
    }
}

async fn round_trip(protocol: Protocol, spans: &[OwnedSpan]) {
    let folder = tempfile::tempdir().expect("a folder");
    let start = || TestServer::on(Data::Folder(folder.path().into()), Limits::default(), Settings::default());
    let server = start().await;
    send(&server, protocol, spans).await;
    check(&server, spans, "memory").await;
    server.stop().await;

    let server = start().await;
    check(&server, spans, "the log").await;
    // Old enough to be sealed.
    server.clock.advance(60 * SECOND);
    eventually("a segment is there", async || server.metric("traced_segments").await > 0).await;
    check(&server, spans, "a segment").await;
    server.stop().await;

    let server = start().await;
    check(&server, spans, "a segment after a restart").await;
    server.stop().await;
}

#[test]
fn what_was_sent_is_what_comes_back() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    each_seed(schedules(3), |random| {
        for protocol in [Protocol::Protobuf, Protocol::Json, Protocol::Grpc] {
            let mut spans = random_spans::spans(random);
            while spans.is_empty() {
                spans = random_spans::spans(random);
            }
            runtime.block_on(round_trip(protocol, &spans));
        }
    });
}
