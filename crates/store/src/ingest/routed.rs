//! The spans of one trace in a batch, and their shard.

use hot::Hash;
use record::Run;

#[derive(Clone, Copy)]
pub(crate) struct Routed<'a> {
    /// Its place among the runs of the batch, in the order in which they are inserted.
    pub(crate) number: usize,
    pub(crate) shard: usize,
    pub(crate) hash: Hash,
    pub(crate) run: &'a Run<'a>,
}
