//! The contract's JSON to and from spans. Pure functions, no I/O.

#![warn(clippy::indexing_slicing)]

pub mod contract;
mod json;
