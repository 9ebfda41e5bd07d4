//! An HTTP client with pooled connections. Every request has a time limit, and every answer a size limit.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use thiserror::Error;

/// Limit: how long a request may take. A healthy server answers sooner, and a run has to end.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Limit: bytes of the body of an answer. A page of 1000 summaries has a quarter of a MiB.
const ANSWER_BYTES_MAX: usize = 16 << 20;
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const PROTOBUF: HeaderValue = HeaderValue::from_static("application/x-protobuf");

/// The base URL of a server: `http://host:port`, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetUrl(String);

impl FromStr for TargetUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = "give it as http://host:port, for example http://localhost:8080";
        let uri: Uri = text.parse().map_err(|error| format!("not a URL ({error}); {wanted}"))?;
        if uri.scheme_str() != Some("http") || uri.host().is_none_or(str::is_empty) {
            return Err(format!("it has to begin with http:// and a host; {wanted}"));
        }
        if uri.path() != "/" || uri.query().is_some() {
            return Err(format!("it must not have a path; {wanted}"));
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

impl fmt::Display for TargetUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A complete answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why no answer came.
#[derive(Debug, Error)]
pub(crate) enum TransportError {
    /// No connection was made, so the server has not seen the request.
    #[error("cannot connect: {0}")]
    NotSent(String),
    /// The connection broke, or the answer was late or too long. The server may have acted on the request.
    #[error("{0}")]
    Broken(String),
}

/// Sends requests to one server. It is cheap to clone; clones share their connections.
#[derive(Clone)]
pub(crate) struct Client {
    pool: Pool<HttpConnector, Full<Bytes>>,
    target: TargetUrl,
}

impl Client {
    pub(crate) fn new(target: &TargetUrl) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let pool = Pool::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Self { pool, target: target.clone() }
    }

    pub(crate) const fn target(&self) -> &TargetUrl {
        &self.target
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Answer, TransportError> {
        self.call(Method::GET, path, JSON, Bytes::new()).await
    }

    pub(crate) async fn post_spans(&self, body: Bytes) -> Result<Answer, TransportError> {
        self.call(Method::POST, "/spans", JSON, body).await
    }

    /// Posts an export request of OpenTelemetry's protocol.
    pub(crate) async fn post_traces(&self, body: Bytes) -> Result<Answer, TransportError> {
        self.call(Method::POST, "/v1/traces", PROTOBUF, body).await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        content_type: HeaderValue,
        body: Bytes,
    ) -> Result<Answer, TransportError> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.target))
            .header(header::CONTENT_TYPE, content_type)
            .body(Full::new(body))
            .expect("the base URL was checked, and paths are made of constants and ids");
        match tokio::time::timeout(REQUEST_TIMEOUT, self.exchange(request)).await {
            Ok(outcome) => outcome,
            Err(_) => {
                Err(TransportError::Broken(format!("no answer within {} s", REQUEST_TIMEOUT.as_secs())))
            }
        }
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answer, TransportError> {
        let response = self.pool.request(request).await.map_err(|error| {
            let said = chain(&error);
            if error.is_connect() { TransportError::NotSent(said) } else { TransportError::Broken(said) }
        })?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, ANSWER_BYTES_MAX)
            .collect()
            .await
            .map_err(|error| TransportError::Broken(chain(error.as_ref())))?
            .to_bytes();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }
}

/// Returns the text of the innermost cause of an error, because the errors around it only say that something failed.
fn chain(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::TargetUrl;

    #[test]
    fn a_target_is_plain_http_with_a_host_and_no_path() {
        for good in ["http://localhost:8080", "http://127.0.0.1:1/", "http://[::1]:80"] {
            assert!(good.parse::<TargetUrl>().is_ok(), "{good}");
        }
        for bad in ["", "localhost:8080", "https://a", "http://", "http://a/b", "http://a/?c", "a b"] {
            let sentence = bad.parse::<TargetUrl>().unwrap_err();
            assert!(sentence.contains("http://host:port"), "{bad}: {sentence}");
        }
    }
}
