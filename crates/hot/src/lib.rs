//! The mutable, sharded, in-memory part of the store.
//!
//! A shard owns the traces whose hashed id falls to it: their spans as records in an arena of chunks,
//! one entry for each trace, and the roots in the order of the list. Nothing here does I/O or asks for
//! the time: the edge of the window comes in as a value, and every answer is exact for that value,
//! however far the eviction behind it has come.

mod arena;
mod collect;
mod evict;
mod hot;
mod list;
mod record;
mod roots;
mod shard;
mod slab;
mod trace;
mod varint;

pub use collect::TraceSpans;
pub use hot::{Hot, Inserted};
pub use list::Listing;
