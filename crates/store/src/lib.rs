//! The engine: it takes batches, answers each question from one state, and evicts what the window has passed.
//!
//! A span is first in the log and in the open generation (`hot`), then in a frozen generation, then in a segment. The
//! store is synchronous and has no clock: the caller passes `now`. It has three rooms: `ingest` takes batches
//! ([`Store::accept`]), `read` answers questions ([`Store::snapshot`]), and `maintenance` works in the background
//! ([`Worker`]).

mod catalog;
mod change_feed;
mod clock;
mod directory;
mod disk_space;
mod error;
mod health;
mod ingest;
mod inspect;
mod ledger;
mod log;
mod maintenance;
mod nanos;
mod parts;
mod quarantine;
mod read;
mod recover;
mod settings;
mod signal;
mod space;
mod store;
mod view;
mod window;
mod worker;

pub use change_feed::Changed;
pub use clock::{ClockStatus, Doubt, Now, Setting, TrustedClock, TrustedTime};
pub use error::{OpenError, Overload};
pub use health::Health;
pub use ingest::{Accepted, Refused, fits};
pub use inspect::{InspectError, inspect};
pub use ledger::Ledger;
pub use read::{
    ListLimit, Listing, NoTrace, Outcome, Selection, Series, Snapshot, Statistics, Stats, TraceSpans,
};
pub use settings::{DISK_BYTES_MIN, Durability, MEMORY_BYTES_MIN, Settings, WINDOW_MAX};
pub use store::Store;
pub use window::LimitedBy;
pub use worker::Worker;
