//! Span ids of eight bytes, which OpenTelemetry and Zipkin have, among ours of sixteen.

use span::SpanId;

/// The id of sixteen bytes that stands for one of eight: those are its last ones, and zeros are in front.
#[inline]
pub(crate) fn from_short(id: u64) -> SpanId {
    SpanId::from_bytes(u128::from(id).to_be_bytes())
}

/// Both halves of an id; the upper one is 0 where the id stands for one of eight bytes.
pub(crate) fn halves(id: SpanId) -> [u64; 2] {
    let id = u128::from_be_bytes(id.to_bytes());
    [id >> 64, id & u128::from(u64::MAX)].map(|half| u64::try_from(half).expect("64 bits fit"))
}

/// Whether an id stands for one of eight bytes.
pub(crate) fn is_short(id: SpanId) -> bool {
    halves(id)[0] == 0
}
