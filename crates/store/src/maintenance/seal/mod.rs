//! How the bytes of a segment are made of a frozen generation.

mod encode;
mod ordered_traces;
mod record_chains;

pub(super) use encode::{Encoded, encode};
pub(super) use ordered_traces::OrderedTraces;
