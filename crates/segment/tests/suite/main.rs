//! The promises of a segment, each in a file of its own.

mod ask;
mod common;
mod corpus;
mod damage;
mod emitter;
mod golden;
mod repair;
mod round_trip;
mod size;
