//! The spans of one trace in a batch, and their shard.

use hot::Hash;
use record::Run;

#[derive(Clone, Copy)]
pub(crate) struct Routed<'a> {
    pub(crate) shard: usize,
    pub(crate) hash: Hash,
    pub(crate) run: &'a Run<'a>,
}
