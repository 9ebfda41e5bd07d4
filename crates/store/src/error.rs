//! Why a batch is not taken.

/// The batch cannot be kept safely now. Nothing of it was stored; the same batch may come again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Overload {
    /// The memory is full of spans that may not go yet: they start ahead of the clock.
    #[error("the memory is full ({held} of {limit} bytes) and nothing in it is old enough to leave")]
    MemoryFull { held: usize, limit: usize },
}
