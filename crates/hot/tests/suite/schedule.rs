//! Random traces with few ids and few times, so that they collide often.

use hot::{Before, RootOrder};
use rand::RngExt as _;
use rand::rngs::SmallRng;
use span::{Kind, Reporter, SpanId, Status, Timestamp};
use testkit::OwnedSpan;

/// Some starts fall into one bucket of the roots, and some are far apart.
const STARTS: [i64; 8] = [-1, 0, 1, 2, 1 << 25, 1 << 26, 3 << 26, 1 << 40];
/// Enough for some traces to get more spans than a lookup walks through.
const IDS: u8 = 60;

pub(crate) fn start(random: &mut SmallRng) -> Timestamp {
    Timestamp(STARTS[random.random_range(0..STARTS.len())])
}

pub(crate) fn span_id(random: &mut SmallRng) -> SpanId {
    let mut bytes = [random.random_range(0..IDS); 16];
    // Ids of eight bytes are written shorter.
    if random.random_bool(0.3) {
        bytes[..8].fill(0);
    }
    SpanId::from_bytes(bytes)
}

pub(crate) fn span(random: &mut SmallRng, trace: u8) -> OwnedSpan {
    let is_root = random.random_bool(0.2);
    OwnedSpan {
        span_id: span_id(random),
        parent_span_id: (!is_root).then(|| span_id(random)),
        kind: [Kind::UNSPECIFIED, Kind::CLIENT, Kind::SERVER][random.random_range(0..3)],
        service: ["checkout", "stock"][random.random_range(0..2)].to_owned(),
        status: if random.random_bool(0.1) { Status::Error } else { Status::Ok },
        ..OwnedSpan::root(trace, 0, start(random))
    }
}

/// Draws what older generations have of a trace that begins here.
pub(crate) fn older(random: &mut SmallRng) -> (Before, Option<RootOrder>) {
    match random.random_range(0..4) {
        0 => (Before::Over, None),
        1 => (Before::Pieces, None),
        2 => (Before::Pieces, Some((start(random), span_id(random), Reporter::default()))),
        _ => (Before::Nothing, None),
    }
}
