//! The server below a path prefix of a reverse proxy.

use http_body_util::Full;
use hyper::{Method, StatusCode};
use server::Limits;

use crate::support::{SECOND, TestServer, id, root};

/// A page, asked as a proxy asks that has taken this prefix away.
async fn page(server: &TestServer, path: &str, prefix: &str) -> String {
    let request = server.request(Method::GET, path).header("x-forwarded-prefix", prefix);
    let answer = server.send(request.body(Full::default()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    assert!(answer.header("content-security-policy").contains("base-uri 'none'"), "{path}");
    String::from_utf8(answer.body.to_vec()).expect("text")
}

#[tokio::test]
async fn pages_name_their_files_relative_to_themselves() {
    let server = TestServer::start().await;
    let trace = format!("/trace/{}", id(1));
    for (path, link) in [("/", "\"./docs\""), (&trace, "\"../docs\""), ("/docs", "\"./openapi.json\"")] {
        let text = page(&server, path, "/not/trusted").await;
        assert!(text.contains(link), "{path}: {text}");
        assert!(!text.contains("=\"/"), "{path}: {text}");
    }
}

#[tokio::test]
async fn a_trusted_proxy_says_which_prefix_it_has_taken_away() {
    let server = TestServer::behind_proxy(Limits::default()).await;
    let trace = format!("/trace/{}", id(1));
    for path in ["/", &trace] {
        assert!(page(&server, path, "/tools/traced/").await.contains("\"/tools/traced/docs\""), "{path}");
        assert!(!page(&server, path, "//evil.example").await.contains("evil"), "{path}");
        assert!(!page(&server, path, "/\"><script>").await.contains("<script>\""), "{path}");
    }
}

#[tokio::test]
async fn a_prefix_that_a_proxy_leaves_is_taken_away() {
    let server = TestServer::below("/tools/traced").await;
    server.accept(&[root(1, 1, SECOND)]).await;
    for path in ["/tools/traced/traces?limit=1", "/traces?limit=1"] {
        assert_eq!(server.get(path).await.json()["total"], 1, "{path}");
    }
    for path in ["/tools/traced", "/tools/traced/", &format!("/tools/traced/trace/{}", id(1))] {
        assert!(page(&server, path, "").await.contains("\"/tools/traced/docs\""), "{path}");
    }
    for path in ["/tools/tracedtraces", "/tools/traced/nothing", "/tools"] {
        assert_eq!(server.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(
        server.metric("traced_http_requests_total{route=\"/traces\",method=\"GET\",status=\"200\"}").await,
        2
    );
}
