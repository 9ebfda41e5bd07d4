//! What pages of other origins may do.

use http_body_util::Full;
use hyper::{Method, Request, StatusCode};

use crate::support::{Answer, TestServer};

const PAGE: &str = "https://shop.example";

/// Every address at which spans are taken, and its path.
fn receivers(server: &TestServer) -> [(std::net::SocketAddr, &'static str); 4] {
    [
        (server.address, "/v1/traces"),
        (server.receiver("OTLP over HTTP"), "/v1/traces"),
        (server.address, "/api/v2/spans"),
        (server.receiver("Zipkin"), "/api/v2/spans"),
    ]
}

async fn ask(server: &TestServer, (method, url): (Method, String), headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(url).header("origin", PAGE);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    server.send(request.body(Full::from("[]")).expect("a request")).await
}

/// `navigator.sendBeacon` sends credentials, and then a browser refuses `*`.
fn may_have_credentials(answer: &Answer, place: &str) {
    assert_eq!(answer.header("access-control-allow-origin"), PAGE, "{place}");
    assert_eq!(answer.header("access-control-allow-credentials"), "true", "{place}");
    let varies: Vec<_> =
        answer.headers.get_all("vary").iter().filter_map(|value| value.to_str().ok()).collect();
    assert!(varies.join(",").to_lowercase().contains("origin"), "{place}: {varies:?}");
}

#[tokio::test]
async fn a_page_may_send_with_credentials() {
    let server = TestServer::start().await;
    for (address, path) in receivers(&server) {
        let url = format!("http://{address}{path}");
        let headers = [
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type,traceparent"),
        ];
        let preflight = ask(&server, (Method::OPTIONS, url.clone()), &headers).await;
        assert_eq!(preflight.status, StatusCode::OK, "{url}");
        assert_eq!(preflight.header("access-control-allow-headers"), "content-type,traceparent", "{url}");
        assert!(preflight.header("access-control-allow-methods").contains("POST"), "{url}");
        may_have_credentials(&preflight, &url);
        // A refusal, too: else a page cannot see what was wrong.
        for content_type in ["application/json", "application/x-thrift"] {
            let answer = ask(&server, (Method::POST, url.clone()), &[("content-type", content_type)]).await;
            may_have_credentials(&answer, &url);
        }
        let answer = ask(&server, (Method::GET, url.clone()), &[]).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{url}");
        may_have_credentials(&answer, &url);
    }
}

#[tokio::test]
async fn a_page_may_ask_only_without_credentials() {
    let server = TestServer::start().await;
    let url = format!("http://{}/traces", server.address);
    let answer = ask(&server, (Method::GET, url), &[]).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
}

#[tokio::test]
async fn origins_that_are_named_are_the_only_ones() {
    let server = TestServer::for_origins(&["https://other.example"]).await;
    for (address, path) in receivers(&server) {
        let url = format!("http://{address}{path}");
        let answer = ask(&server, (Method::OPTIONS, url), &[("access-control-request-method", "POST")]).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
    let server = TestServer::for_origins(&["https://other.example", PAGE]).await;
    for (address, path) in receivers(&server) {
        let url = format!("http://{address}{path}");
        let headers = [("access-control-request-method", "POST")];
        may_have_credentials(&ask(&server, (Method::OPTIONS, url), &headers).await, path);
    }
}
