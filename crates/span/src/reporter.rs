//! Who reported a span: what tells the spans that share an id apart.

use std::cmp::Ordering;

use crate::{Kind, SpanId};

/// What goes between two texts of a digest. It is in no UTF-8 text.
const SEPARATOR: u8 = 0xFF;
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// Who reported a span: its kind, its service and the instance of the service. Spans are the same span if trace id,
/// span id and reporter are equal.
///
/// Spans of the contract all have one reporter, the default, because the contract's ids are unique in a trace. The ids
/// of other senders are not: client and server share one in Zipkin, producer and consumer do too, and so do all servers
/// that a call reaches.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Reporter {
    kind: Kind,
    /// A digest of service and instance. It is the same in every process, because segments are sorted by it.
    sender: u64,
}

impl Reporter {
    /// `instance` is the one that the span's resource names, perhaps empty; `None` if the span has no resource.
    pub fn of(kind: Kind, service: &str, instance: Option<&str>) -> Self {
        if kind == Kind::UNSPECIFIED && instance.is_none() {
            return Self::default();
        }
        let texts = [service.as_bytes(), &[SEPARATOR], instance.unwrap_or_default().as_bytes()];
        Self { kind, sender: mix(digest(texts.into_iter().flatten())) }
    }

    /// Returns a number that is equal for spans of one instance of a service, whatever their kind.
    pub const fn sender(self) -> u64 {
        self.sender
    }

    /// Whether the span is the side of a call that reached another one.
    pub const fn is_caller(self) -> bool {
        matches!(self.kind, Kind::CLIENT | Kind::PRODUCER)
    }

    /// Whether the span is the side of a call that was reached.
    pub const fn is_callee(self) -> bool {
        matches!(self.kind, Kind::SERVER | Kind::CONSUMER)
    }

    /// Returns the id that an answer gives to this reporter's span if another span keeps the id `shared`. Equal ids and
    /// reporters give equal results, and a short id (eight bytes) gives a short one.
    #[must_use]
    pub fn id_of_copy(self, shared: SpanId) -> SpanId {
        // Not 0, so that the result differs from the shared id.
        let number = mix(self.sender ^ u64::from(self.kind.0.cast_unsigned())).max(1);
        let id = match u128::from_be_bytes(shared.to_bytes()) ^ u128::from(number) {
            // No valid id is all zeros.
            0 => u128::from((!number).max(1)),
            id => id,
        };
        SpanId::from_bytes(id.to_be_bytes())
    }

    const fn rank(self) -> u8 {
        match self.kind {
            Kind::CLIENT => 0,
            Kind::PRODUCER => 1,
            Kind::CONSUMER => 3,
            Kind::SERVER => 4,
            Kind(_) => 2,
        }
    }
}

impl Ord for Reporter {
    /// The caller is before the called, and other kinds are between them.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |one: &Self| (one.rank(), one.kind.0, one.sender);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Reporter {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// FNV-1a.
fn digest<'a>(bytes: impl Iterator<Item = &'a u8>) -> u64 {
    bytes.fold(FNV_OFFSET, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(FNV_PRIME))
}

/// Spreads every bit over all bits, as the generator `SplitMix64` does.
const fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
