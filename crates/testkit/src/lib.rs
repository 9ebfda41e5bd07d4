//! For tests only: the reference model, a builder of spans, a clock that one sets, a disk that lies, seeds, the fuzzers' corpora.

#![expect(clippy::print_stdout, reason = "a test prints its seed, and which file of a corpus it reads")]

mod clock;
mod corpus;
pub mod model;
pub mod owned_span;
mod owned_value;
mod schedule;
mod seed;
mod sim_disk;
mod whole_span;

pub use clock::SimClock;
pub use corpus::replay_corpus;
pub use model::Model;
pub use owned_span::{OwnedSpan, with_borrowed};
pub use owned_value::{OwnedAttribute, OwnedValue};
pub use schedule::Schedule;
pub use seed::{each_seed, schedules};
pub use sim_disk::{Done, Fault, Operation, SimDisk};
pub use whole_span::WholeSpans;
