//! The content of a decoded request.

use span::Span;

use super::rejected::Rejected;
use super::repairs::Repairs;

/// A decoded request: the spans that can be stored, and why the others cannot.
#[derive(Clone, PartialEq, Debug)]
pub struct Export<'a> {
    pub spans: &'a [Span<'a>],
    /// How many spans of the request are not in `spans`, by reason.
    pub rejected: Rejected,
    pub repairs: Repairs,
    /// Further text for the sender beside the counts in `rejected`; mostly empty.
    pub note: String,
}
