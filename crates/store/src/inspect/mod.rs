//! Describes a file of the store, for `traced inspect`.

mod error;
#[expect(clippy::module_inception, reason = "the folder is named for its main function")]
mod inspect;
mod log;
mod segment;
mod write_span;

pub use error::InspectError;
pub use inspect::inspect;
