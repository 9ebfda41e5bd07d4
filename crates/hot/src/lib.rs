//! One generation of spans in memory: the mutable, sharded part of the store.
//!
//! A shard has the traces whose hashed ids belong to it: their spans as records in an arena of chunks, one entry for
//! each trace, and the roots in the order of the list. Nothing here does I/O, asks for the time or knows other
//! generations: the caller passes in what older ones know about a trace.

mod arena;
mod generation;
mod names;
mod roots;
mod router;
mod shard;
mod slab;
mod stored;
mod trace;

pub use arena::Position;
pub use generation::{Generation, WriteGuard};
pub use names::{NameLists, NumberedOperation};
pub use roots::{RootKey, RootRange, RootVersion};
pub use router::{Hash, Router};
pub use shard::{RootChange, Shard};
pub use slab::Slot;
pub use trace::{Before, Mark, RootOrder, Trace};
