//! The engine: a batch goes in, a question sees one state, what the window has passed leaves.
//!
//! Synchronous, and without a clock of its own: `now` comes in as a value. Two narrow faces, so that
//! another engine can stand behind them: accept a batch ([`Store::accept`]), ask the store
//! ([`Store::list`], [`Store::trace`]).

mod accept;
mod ask;
mod error;
mod evict;
mod evictor;
mod ledger;
mod settings;
mod stats;
mod store;
mod window;

pub use accept::Accepted;
pub use error::Overload;
pub use evictor::Evictor;
pub use hot::{Listing, TraceSpans};
pub use ledger::Ledger;
pub use settings::{MEMORY_BYTES_MIN, Settings, WINDOW_MAX};
pub use stats::{LimitedBy, Stats};
pub use store::Store;
