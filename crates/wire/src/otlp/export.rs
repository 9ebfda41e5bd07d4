//! What a request holds.

use span::Span;

use super::rejected::Rejected;
use super::repairs::Repairs;

/// The spans of a request that can be taken, and what is to be said of the others.
#[derive(Clone, PartialEq, Debug)]
pub struct Export<'a> {
    pub spans: &'a [Span<'a>],
    /// How many spans are not among `spans`, and why.
    pub rejected: Rejected,
    pub repairs: Repairs,
    /// What the sender should know beside how many spans were rejected, and why; mostly nothing.
    pub note: String,
}
