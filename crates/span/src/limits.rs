//! Limits of a span. Characters are Unicode scalar values, not bytes.

/// Limit: characters of `service` and of `operation`, by the contract.
pub const NAME_CHARS_MAX: usize = 256;
/// Limit: tags of a span, by the contract.
pub const ATTRIBUTES_MAX: usize = 50;
/// Limit: characters of the value of a tag, by the contract.
pub const ATTRIBUTE_VALUE_CHARS_MAX: usize = 1024;
/// Limit: spans of a batch, by the contract.
pub const BATCH_SPANS_MAX: usize = 500;
/// Limit: levels of arrays and maps that are nested in the value of an attribute.
pub const VALUE_DEPTH_MAX: usize = 32;
