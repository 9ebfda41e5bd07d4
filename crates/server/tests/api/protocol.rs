//! HTTP itself: methods, paths, preflight, compressed answers.

use http_body_util::Full;
use hyper::{Method, StatusCode};
use serde_json::Value;

use crate::support::{SECOND, TestServer, child, id, root};

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let server = TestServer::start().await;
    for (method, path, allow) in [
        (Method::GET, "/spans", "POST"),
        (Method::DELETE, "/spans", "POST"),
        (Method::POST, "/traces", "GET,HEAD"),
        (Method::PUT, "/traces/x", "GET,HEAD"),
        (Method::POST, "/health", "GET,HEAD"),
        (Method::TRACE, "/metrics", "GET,HEAD"),
    ] {
        let request = server.request(method.clone(), path).body(Full::default()).expect("a request");
        let answer = server.send(request).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
        assert!(answer.error().contains("method"));
    }
}

#[tokio::test]
async fn an_unknown_path_is_not_found() {
    let server = TestServer::start().await;
    for path in ["/nothing", "/traces/", "/traces/x/y", "/SPANS", "//traces", "/assets/../Cargo.toml"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.error().contains("/docs"), "{path}");
    }
}

#[tokio::test]
async fn a_page_of_another_origin_may_ask() {
    let server = TestServer::start().await;
    let preflight = server
        .request(Method::OPTIONS, "/spans")
        .header("origin", "https://dashboard.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,traceparent")
        .header("access-control-request-private-network", "true")
        .body(Full::default())
        .expect("a request");
    let answer = server.send(preflight).await;
    assert!(answer.status.is_success());
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-methods"), "GET,HEAD,POST");
    assert_eq!(answer.header("access-control-allow-headers"), "content-type,traceparent");
    assert_eq!(answer.header("access-control-allow-private-network"), "true");
    for path in ["/traces", "/traces?limit=0", "/nothing"] {
        assert_eq!(server.get(path).await.header("access-control-allow-origin"), "*", "{path}");
    }
}

#[tokio::test]
async fn an_answer_is_compressed_for_a_client_that_accepts_it() {
    let server = TestServer::start().await;
    let spans: Vec<Value> = (0..200).map(|number| root(number, 1, SECOND)).collect();
    server.accept(&spans).await;
    let plain = server.get("/traces?limit=200").await;
    assert_eq!(plain.header("content-encoding"), "");
    for coding in ["gzip", "zstd"] {
        let request = server
            .request(Method::GET, "/traces?limit=200")
            .header("accept-encoding", coding)
            .body(Full::default())
            .expect("a request");
        let packed = server.send(request).await;
        assert_eq!(packed.header("content-encoding"), coding);
        assert!(packed.body.len() < plain.body.len() / 4, "{coding}: {}", packed.body.len());
        let unpacked = if coding == "gzip" {
            std::io::read_to_string(flate2::read::GzDecoder::new(&*packed.body)).expect("gzip")
        } else {
            String::from_utf8(zstd::decode_all(&*packed.body).expect("zstd")).expect("text")
        };
        assert_eq!(unpacked.as_bytes(), &*plain.body);
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let server = TestServer::start().await;
    for path in ["/traces", "/health"] {
        let request = server.request(Method::HEAD, path).body(Full::default()).expect("a request");
        let answer = server.send(request).await;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0), "{path}");
    }
}

#[tokio::test]
async fn the_metrics_are_in_the_text_format() {
    let server = TestServer::start().await;
    server.accept(&[root(1, 1, SECOND)]).await;
    let answer = server.get("/metrics").await;
    assert!(answer.header("content-type").starts_with("application/openmetrics-text; version=1.0.0"));
    let text = String::from_utf8(answer.body.to_vec()).expect("text");
    assert!(text.ends_with("# EOF\n"));
    for name in [
        "traced_spans_stored_total 1",
        "traced_http_requests_total{route=\"/spans\",method=\"POST\",status=\"202\"} 1",
    ] {
        assert!(text.lines().any(|line| line == name), "{name} in\n{text}");
    }
}

#[tokio::test]
async fn the_reference_is_a_page_and_a_document_in_two_forms() {
    let server = TestServer::start().await;
    for (path, content_type) in [
        ("/docs", "text/html; charset=utf-8"),
        ("/docs/page.js", "text/javascript; charset=utf-8"),
        ("/docs/page.css", "text/css; charset=utf-8"),
        ("/docs/icon.svg", "image/svg+xml"),
        ("/openapi.json", "application/json"),
        ("/openapi.yaml", "application/yaml"),
    ] {
        let answer = server.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, content_type), "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'self'; ") && !policy.contains("unsafe"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn an_answer_in_several_chunks_can_be_compressed() {
    let server = TestServer::start().await;
    server.accept(&[root(1, 1, SECOND)]).await;
    for first in [10, 400, 800, 1200] {
        let spans: Vec<_> = (first..first + 390).map(|span| child(1, span, 1, SECOND)).collect();
        server.accept(&spans).await;
    }
    let path = format!("/traces/{}", id(1));
    let plain = server.get(&path).await;
    assert_eq!(plain.json()["spans"].as_array().map(Vec::len), Some(1 + 4 * 390));
    for coding in ["gzip", "zstd"] {
        let request = server.request(Method::GET, &path).header("accept-encoding", coding);
        let answer = server.send(request.body(Full::default()).expect("a request")).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (StatusCode::OK, coding));
        assert!(answer.body.len() < plain.body.len() / 2);
    }
    assert_eq!(server.get("/health").await.status, StatusCode::OK, "the server goes on");
}
