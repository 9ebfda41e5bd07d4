//! The kind of a span.

/// The kind of a span (client, server and so on), as OpenTelemetry's number. Unknown numbers are kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Kind(pub i32);

impl Kind {
    pub const UNSPECIFIED: Self = Self(0);
    pub const INTERNAL: Self = Self(1);
    pub const SERVER: Self = Self(2);
    pub const CLIENT: Self = Self(3);
    pub const PRODUCER: Self = Self(4);
    pub const CONSUMER: Self = Self(5);
}
