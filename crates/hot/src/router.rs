//! Chooses the shard of a trace.

use std::hash::BuildHasher as _;

use span::{Reporter, SpanId, TraceId};
use sync::RandomState;

/// Limit: shards for each processor. Enough that two writers seldom meet, and few enough that a list, which locks all
/// of them for a moment, stays short.
const SHARDS_A_CORE: usize = 4;
const SHARDS_MAX: usize = 64;

/// The hash of a trace id. It is keyed by a random number of this process, because clients choose the ids, so it
/// never leaves the process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hash(pub u64);

impl Hash {
    /// The half that the tables of a shard use. The other half chooses the shard.
    #[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
    pub(crate) fn table_part(self) -> u32 {
        self.0 as u32
    }
}

/// Assigns every trace to a shard; it has the same number in all generations.
#[derive(Clone)]
pub struct Router {
    hasher: RandomState,
    shards: usize,
}

impl Router {
    pub fn new(cores: usize) -> Self {
        let shards = (cores * SHARDS_A_CORE).next_power_of_two().min(SHARDS_MAX);
        Self { hasher: RandomState::default(), shards }
    }

    pub fn shard_count(&self) -> usize {
        self.shards
    }

    #[inline]
    pub fn hash(&self, id: TraceId) -> Hash {
        Hash(self.hasher.hash_one(id))
    }

    #[inline]
    pub fn shard(&self, hash: Hash) -> usize {
        usize::try_from(hash.0 >> 32).expect("32 bits fit") & (self.shards - 1)
    }

    /// A number that sorts traces by shard; two traces hardly ever have the same one.
    #[inline]
    pub fn order(&self, hash: Hash) -> u64 {
        (self.shard(hash) as u64) << 32 | u64::from(hash.table_part())
    }

    pub(crate) fn span_hash(&self, span: (SpanId, Reporter)) -> u64 {
        self.hasher.hash_one(span)
    }
}
