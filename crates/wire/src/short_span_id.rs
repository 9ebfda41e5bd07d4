//! Short span ids: the ids of eight bytes of OpenTelemetry and Zipkin, stored as ids of sixteen.

use span::SpanId;

/// Converts an id of eight bytes to one of sixteen, whose first eight bytes are zeros.
#[inline]
pub(crate) fn from_short(id: u64) -> SpanId {
    SpanId::from_bytes(u128::from(id).to_be_bytes())
}

/// Returns the upper and the lower half of an id. The upper one is 0 if the id is a short one.
pub(crate) fn halves(id: SpanId) -> [u64; 2] {
    let id = u128::from_be_bytes(id.to_bytes());
    [id >> 64, id & u128::from(u64::MAX)].map(|half| u64::try_from(half).expect("64 bits fit"))
}

/// Whether an id is a short one.
pub(crate) fn is_short(id: SpanId) -> bool {
    halves(id)[0] == 0
}
