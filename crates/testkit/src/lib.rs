//! Shared by the tests of several crates: the reference model, spans that own their data, a clock that a test sets, a
//! simulated disk, seeds, and the corpora of the fuzzers.

#![expect(clippy::print_stdout, reason = "a test prints its seed, and which file of a corpus it reads")]

mod clock;
mod corpus;
mod damaging_disk;
mod hooked_disk;
pub mod model;
pub mod owned_span;
mod owned_value;
mod schedule;
mod seed;
mod sim_disk;
mod span_generator;

pub use clock::SimClock;
pub use corpus::replay_corpus;
pub use damaging_disk::{DamagingDisk, Decay};
pub use hooked_disk::{DiskHooks, HookedDisk};
pub use model::Model;
pub use owned_span::{OwnedSpan, with_borrowed};
pub use owned_value::{OwnedAttribute, OwnedValue};
pub use schedule::Schedule;
pub use seed::{each_seed, schedules};
pub use sim_disk::{DiskCall, DiskOperation, Fault, SimDisk};
pub use span_generator::SpanGenerator;
