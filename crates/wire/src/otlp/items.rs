//! What a request may hold, counted in items.
//!
//! A body is bounded in bytes, but two bytes of protobuf can be an empty attribute, which is about fifty bytes in
//! memory. So whatever makes room in memory or in the log is charged before the room is made; an attribute is one
//! item.

/// Limit: items of one request. Attributes, values, events and characters that had to be repaired are one each.
pub const ITEMS_MAX: usize = 2 * 1024 * 1024;
/// A span, which is as large in memory as four attributes.
pub(crate) const SPAN_ITEMS: usize = 4;
/// A link, which is the largest thing that two bytes can say: without ids it still is 36 bytes in the log.
pub(crate) const LINK_ITEMS: usize = 8;
/// A resource beside its attributes: its entry among the known ones.
pub(super) const RESOURCE_ITEMS: usize = 4;
/// A resource together with a scope: the pair itself, its entry among the known ones, and its number where spans are
/// written.
pub(super) const RESOURCE_SCOPE_ITEMS: usize = 8;
/// How many bytes of a resource are one item, for each of its scopes: the log has the resource once for each.
pub(super) const RESOURCE_ITEM_BYTES: usize = 64;
