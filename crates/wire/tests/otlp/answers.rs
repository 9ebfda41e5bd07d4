//! The upstream types read what exporters are answered.

use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceResponse,
};
use prost::Message;
use serde_json::json;
use wire::otlp::{Code, Encoding, Status, taken};

/// `google.rpc.Status`, written from its definition like the messages in it.
#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

#[derive(Clone, PartialEq, Message)]
struct Any {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct RetryInfo {
    #[prost(message, tag = "1")]
    retry_delay: Option<RpcDuration>,
}

#[derive(Clone, PartialEq, Message)]
struct RpcDuration {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

#[test]
fn a_full_success_is_empty() {
    assert_eq!(taken(Encoding::Protobuf, 0, ""), b"");
    assert_eq!(taken(Encoding::Json, 0, ""), b"{}");
}

#[test]
fn a_partial_success_says_how_many_and_why() {
    let message = "3 spans: \"why\"";
    let answer = taken(Encoding::Protobuf, 3, message);
    let answer = ExportTraceServiceResponse::decode(&*answer).expect("prost reads it");
    let expected = ExportTracePartialSuccess { rejected_spans: 3, error_message: message.to_owned() };
    assert_eq!(answer.partial_success, Some(expected));
    let answer: serde_json::Value = serde_json::from_slice(&taken(Encoding::Json, 3, message)).expect("JSON");
    assert_eq!(answer, json!({"partialSuccess": {"rejectedSpans": "3", "errorMessage": message}}));
}

#[test]
fn a_warning_rejects_nothing() {
    let answer = taken(Encoding::Protobuf, 0, "w");
    let answer = ExportTraceServiceResponse::decode(&*answer).expect("prost reads it");
    assert_eq!(answer.partial_success.map(|partial| partial.rejected_spans), Some(0));
}

#[test]
fn an_overload_says_when_to_come_again() {
    let delay = Duration::from_millis(1500);
    let status = Status { code: Code::Unavailable, message: "full", retry_after: Some(delay) };
    let read = RpcStatus::decode(&*status.write(Encoding::Protobuf)).expect("prost reads it");
    assert_eq!((read.code, read.message.as_str(), read.details.len()), (14, "full", 1));
    assert_eq!(read.details[0].type_url, "type.googleapis.com/google.rpc.RetryInfo");
    let info = RetryInfo::decode(&*read.details[0].value).expect("prost reads it");
    assert_eq!(info.retry_delay, Some(RpcDuration { seconds: 1, nanos: 500_000_000 }));
    let read: serde_json::Value = serde_json::from_slice(&status.write(Encoding::Json)).expect("JSON");
    let detail = json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1.500000000s"});
    assert_eq!(read, json!({"code": 14, "message": "full", "details": [detail]}));
}

#[test]
fn a_bad_request_says_what_is_bad() {
    let status = Status { code: Code::InvalidArgument, message: "no", retry_after: None };
    let read = RpcStatus::decode(&*status.write(Encoding::Protobuf)).expect("prost reads it");
    assert_eq!((read.code, read.details.len()), (3, 1));
    assert_eq!(read.details[0].type_url, "type.googleapis.com/google.rpc.BadRequest");
    assert_eq!(read.details[0].value, [0x0a, 4, 0x12, 2, b'n', b'o']);
    let read: serde_json::Value = serde_json::from_slice(&status.write(Encoding::Json)).expect("JSON");
    assert_eq!(read["details"][0]["fieldViolations"], json!([{"description": "no"}]));
}

#[test]
fn other_refusals_have_no_details() {
    let status = Status { code: Code::ResourceExhausted, message: "much", retry_after: None };
    let read = RpcStatus::decode(&*status.write(Encoding::Protobuf)).expect("prost reads it");
    assert_eq!((read.code, read.details.len()), (8, 0));
    assert_eq!(status.write(Encoding::Json), br#"{"code":8,"message":"much"}"#);
}
