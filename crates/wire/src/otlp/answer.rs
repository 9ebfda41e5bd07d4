//! Writes the answers to exporters: an `ExportTraceServiceResponse`, or a `google.rpc.Status`.

use std::time::Duration;

use serde::Serialize;

use super::encoding::Encoding;
use super::schema::{
    any, bad_request, duration, partial_success, response, retry_info, rpc_status, violation,
};
use crate::json::to_bytes;
use crate::protobuf::{put_bytes, put_message, put_number};

const RETRY_INFO: &str = "type.googleapis.com/google.rpc.RetryInfo";
const BAD_REQUEST: &str = "type.googleapis.com/google.rpc.BadRequest";

/// A gRPC status code that the server answers with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Code {
    InvalidArgument,
    NotFound,
    ResourceExhausted,
    Unimplemented,
    Unavailable,
}

impl Code {
    pub const fn number(self) -> u8 {
        match self {
            Self::InvalidArgument => 3,
            Self::NotFound => 5,
            Self::ResourceExhausted => 8,
            Self::Unimplemented => 12,
            Self::Unavailable => 14,
        }
    }

    /// Returns the name that gRPC has for the code.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidArgument => "INVALID_ARGUMENT",
            Self::NotFound => "NOT_FOUND",
            Self::ResourceExhausted => "RESOURCE_EXHAUSTED",
            Self::Unimplemented => "UNIMPLEMENTED",
            Self::Unavailable => "UNAVAILABLE",
        }
    }
}

/// The answer to a request that was refused as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Status<'a> {
    pub code: Code,
    /// A sentence that says what is wrong and what the sender can do.
    pub message: &'a str,
    /// How long the sender must wait before it sends the request again. `None` if it must not send it again.
    pub retry_after: Option<Duration>,
}

/// Writes the answer to a request that was accepted. `rejected` is how many of its spans were not stored, and
/// `message` says why. A message without rejected spans is a warning. If there is neither, the answer is an empty
/// message.
pub fn taken(encoding: Encoding, rejected: u64, message: &str) -> Vec<u8> {
    let has_something_to_say = rejected > 0 || !message.is_empty();
    match encoding {
        Encoding::Json if has_something_to_say => {
            let partial_success = PartialSuccess { rejected_spans: rejected, error_message: message };
            to_bytes(&Response { partial_success })
        }
        Encoding::Json => b"{}".to_vec(),
        Encoding::Protobuf => {
            let mut out = Vec::new();
            if has_something_to_say {
                put_message(&mut out, response::PARTIAL_SUCCESS, |out| {
                    put_number(out, partial_success::REJECTED_SPANS, rejected);
                    put_bytes(out, partial_success::ERROR_MESSAGE, message.as_bytes());
                });
            }
            out
        }
    }
}

impl Status<'_> {
    /// Writes the status in the encoding of the request. With gRPC, the protobuf goes into the trailer
    /// `grpc-status-details-bin`.
    pub fn write(&self, encoding: Encoding) -> Vec<u8> {
        match encoding {
            Encoding::Json => self.write_json(),
            Encoding::Protobuf => self.write_protobuf(),
        }
    }

    fn write_protobuf(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_number(&mut out, rpc_status::CODE, self.code.number().into());
        put_bytes(&mut out, rpc_status::MESSAGE, self.message.as_bytes());
        if let Some(delay) = self.retry_after {
            put_detail(&mut out, RETRY_INFO, |out| {
                put_message(out, retry_info::DELAY, |out| {
                    put_number(out, duration::SECONDS, delay.as_secs());
                    put_number(out, duration::NANOS, delay.subsec_nanos().into());
                });
            });
        }
        if self.code == Code::InvalidArgument {
            put_detail(&mut out, BAD_REQUEST, |out| {
                put_message(out, bad_request::VIOLATIONS, |out| {
                    put_bytes(out, violation::DESCRIPTION, self.message.as_bytes());
                });
            });
        }
        out
    }

    fn write_json(&self) -> Vec<u8> {
        let mut details = Vec::new();
        if let Some(delay) = self.retry_after {
            let retry_delay = format!("{}.{:09}s", delay.as_secs(), delay.subsec_nanos());
            details.push(Detail::Retry { kind: RETRY_INFO, retry_delay });
        }
        if self.code == Code::InvalidArgument {
            let field_violations = [Violation { description: self.message }];
            details.push(Detail::BadRequest { kind: BAD_REQUEST, field_violations });
        }
        to_bytes(&StatusAnswer { code: self.code.number(), message: self.message, details })
    }
}

/// Appends an `Any`: its type `kind`, and the message that `write` appends.
fn put_detail(out: &mut Vec<u8>, kind: &str, write: impl FnOnce(&mut Vec<u8>)) {
    put_message(out, rpc_status::DETAILS, |out| {
        put_bytes(out, any::TYPE_URL, kind.as_bytes());
        put_message(out, any::VALUE, write);
    });
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response<'a> {
    partial_success: PartialSuccess<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PartialSuccess<'a> {
    /// A string, because protobuf's JSON writes all integers of 64 bits so.
    #[serde(serialize_with = "as_text")]
    rejected_spans: u64,
    error_message: &'a str,
}

#[derive(Serialize)]
struct StatusAnswer<'a> {
    code: u8,
    message: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<Detail<'a>>,
}

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Detail<'a> {
    Retry {
        #[serde(rename = "@type")]
        kind: &'static str,
        retry_delay: String,
    },
    BadRequest {
        #[serde(rename = "@type")]
        kind: &'static str,
        field_violations: [Violation<'a>; 1],
    },
}

#[derive(Serialize)]
struct Violation<'a> {
    description: &'a str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that the derive calls")]
fn as_text<S: serde::Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}
