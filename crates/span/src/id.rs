//! The ids of traces and spans: types of their own, so that they cannot be swapped.

use std::fmt;

use crate::uuid;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// Makes an id of sixteen bytes in network order, as RFC 4122 prints them.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(u128::from_be_bytes(bytes))
            }

            /// The sixteen bytes in network order.
            pub const fn to_bytes(self) -> [u8; 16] {
                self.0.to_be_bytes()
            }

            /// Parses the hyphenated RFC 4122 form, in upper or lower case.
            #[inline]
            pub fn parse_uuid(text: &[u8]) -> Option<Self> {
                uuid::parse_hyphenated(text.try_into().ok()?).map(Self)
            }

            /// Parses the hyphenated form, or 32 hexadecimal digits without hyphens.
            pub fn parse_uuid_or_hex(text: &[u8]) -> Option<Self> {
                match <&[u8; uuid::BARE_BYTES]>::try_from(text) {
                    Ok(bare) => uuid::parse_bare(bare).map(Self),
                    Err(_) => Self::parse_uuid(text),
                }
            }

            /// The hyphenated form in lower case, as ASCII.
            pub fn to_uuid(self) -> [u8; uuid::HYPHENATED_BYTES] {
                uuid::format_hyphenated(self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(str::from_utf8(&self.to_uuid()).expect("hexadecimal digits are ASCII"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

id_type! {
    /// Identifies a trace: all its spans have this id.
    TraceId
}

id_type! {
    /// Identifies a span within its trace. An OpenTelemetry span id (8 bytes) is stored with 8 zero bytes in front.
    SpanId
}
