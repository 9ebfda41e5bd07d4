//! The mutable, sharded, in-memory part of the store.
