//! Encodes a frozen generation as a segment.

mod encode;
mod ordered_traces;
mod record_chains;

pub(super) use encode::{Encoded, encode};
pub(super) use ordered_traces::OrderedTraces;
