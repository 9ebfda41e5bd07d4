//! The engine: a batch goes in, a question sees one state, what the window has passed leaves.
//!
//! Three forms of the same data, each immutable once it is left: log and open generation (`hot`), frozen
//! generation, segment. Synchronous, and without a clock of its own: `now` comes in as a value. Two narrow
//! faces, so that another engine can stand behind them: accept a batch ([`Store::accept`]), ask the store
//! ([`Store::list`], [`Store::trace`] and what else `ask` has).

mod accept;
mod ask;
mod changes;
mod directory;
mod error;
mod fault;
mod insert;
mod inspect;
mod ledger;
mod older;
mod recover;
mod settings;
mod stats;
mod store;
mod upkeep;
mod view;
mod window;

pub use accept::{Accepted, Refused, fits};
pub use ask::{Listing, Outcome, Selection, Series, Statistics, TraceSpans};
pub use changes::Changed;
pub use error::{OpenError, Overload};
pub use inspect::{InspectError, inspect};
pub use ledger::Ledger;
pub use settings::{DISK_BYTES_MIN, Durability, MEMORY_BYTES_MIN, Settings, WINDOW_MAX};
pub use stats::{LimitedBy, Stats};
pub use store::Store;
pub use upkeep::{Health, Worker};
