//! The tags (number and wire type) of the fields in OpenTelemetry's messages, and in gRPC's messages for answers.

macro_rules! fields {
    ($($(#[$doc:meta])* $message:ident { $($field:ident = $number:literal $wire_type:ident),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            pub(super) mod $message {
                use crate::protobuf::{WireType, tag};

                $(pub(in crate::otlp) const $field: u32 = tag($number, WireType::$wire_type);)+
            }
        )+
    };
}

fields! {
    /// `ExportTraceServiceRequest` and `TracesData`.
    traces {
        RESOURCE_SPANS = 1 Bytes,
    }
    resource_spans {
        RESOURCE = 1 Bytes,
        SCOPE_SPANS = 2 Bytes,
        SCHEMA_URL = 3 Bytes,
    }
    scope_spans {
        SCOPE = 1 Bytes,
        SPANS = 2 Bytes,
        SCHEMA_URL = 3 Bytes,
    }
    resource {
        ATTRIBUTES = 1 Bytes,
        DROPPED = 2 Varint,
    }
    scope {
        NAME = 1 Bytes,
        VERSION = 2 Bytes,
        ATTRIBUTES = 3 Bytes,
        DROPPED = 4 Varint,
    }
    span {
        TRACE_ID = 1 Bytes,
        SPAN_ID = 2 Bytes,
        TRACE_STATE = 3 Bytes,
        PARENT_SPAN_ID = 4 Bytes,
        NAME = 5 Bytes,
        KIND = 6 Varint,
        START = 7 Fixed64,
        END = 8 Fixed64,
        ATTRIBUTES = 9 Bytes,
        DROPPED_ATTRIBUTES = 10 Varint,
        EVENTS = 11 Bytes,
        DROPPED_EVENTS = 12 Varint,
        LINKS = 13 Bytes,
        DROPPED_LINKS = 14 Varint,
        STATUS = 15 Bytes,
        FLAGS = 16 Fixed32,
    }
    status {
        MESSAGE = 2 Bytes,
        CODE = 3 Varint,
    }
    event {
        TIME = 1 Fixed64,
        NAME = 2 Bytes,
        ATTRIBUTES = 3 Bytes,
        DROPPED = 4 Varint,
    }
    link {
        TRACE_ID = 1 Bytes,
        SPAN_ID = 2 Bytes,
        TRACE_STATE = 3 Bytes,
        ATTRIBUTES = 4 Bytes,
        DROPPED = 5 Varint,
        FLAGS = 6 Fixed32,
    }
    key_value {
        KEY = 1 Bytes,
        VALUE = 2 Bytes,
    }
    any_value {
        TEXT = 1 Bytes,
        BOOL = 2 Varint,
        INT = 3 Varint,
        DOUBLE = 4 Fixed64,
        ARRAY = 5 Bytes,
        MAP = 6 Bytes,
        BYTES = 7 Bytes,
    }
    /// `ArrayValue` and `KeyValueList`.
    values {
        VALUES = 1 Bytes,
    }
    /// `ExportTraceServiceResponse`.
    response {
        PARTIAL_SUCCESS = 1 Bytes,
    }
    partial_success {
        REJECTED_SPANS = 1 Varint,
        ERROR_MESSAGE = 2 Bytes,
    }
    /// `google.rpc.Status`.
    rpc_status {
        CODE = 1 Varint,
        MESSAGE = 2 Bytes,
        DETAILS = 3 Bytes,
    }
    any {
        TYPE_URL = 1 Bytes,
        VALUE = 2 Bytes,
    }
    retry_info {
        DELAY = 1 Bytes,
    }
    duration {
        SECONDS = 1 Varint,
        NANOS = 2 Varint,
    }
    bad_request {
        VIOLATIONS = 1 Bytes,
    }
    violation {
        DESCRIPTION = 2 Bytes,
    }
}
