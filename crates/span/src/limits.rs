//! What a span may hold. Characters are Unicode scalar values, not bytes.

/// Limit: the contract's bound on `service` and `operation`.
pub const NAME_CHARS_MAX: usize = 256;
/// Limit: the contract's bound on tags.
pub const ATTRIBUTES_MAX: usize = 50;
/// Limit: the contract's bound on the value of a tag.
pub const ATTRIBUTE_VALUE_CHARS_MAX: usize = 1024;
/// Limit: the contract's bound on a batch.
pub const BATCH_SPANS_MAX: usize = 500;
/// Limit: how deep arrays and maps may be nested in the value of an attribute.
pub const VALUE_DEPTH_MAX: usize = 32;
