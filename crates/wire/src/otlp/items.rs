//! The limit of a request's content, counted in items.
//!
//! The limit of a body in bytes is not enough, because two bytes of protobuf can be an empty attribute, which takes
//! about fifty bytes in memory. So everything that takes space in memory or in the log is counted before the space is
//! allocated. An attribute is one item.

/// Limit: items of one request. An attribute, a value, an event and a repaired character are one item each.
pub const ITEMS_MAX: usize = 2 * 1024 * 1024;
/// What an item takes in memory at most, with the copies that a growing list leaves in the arena.
pub(super) const ITEM_BYTES: usize = 112;
/// Limit: items for which memory is asked at once, so that few requests ask twice.
pub(super) const ITEMS_A_STEP: usize = 1024;
/// Items of a span, which takes as much memory as four attributes.
pub(crate) const SPAN_ITEMS: usize = 4;
/// Items of a link. No other two bytes of a body can take as much space: even a link without ids has 36 bytes in the
/// log.
pub(crate) const LINK_ITEMS: usize = 8;
/// Items of a resource in addition to its attributes, for its entry in the table of known resources.
pub(super) const RESOURCE_ITEMS: usize = 4;
/// Items of a resource together with a scope: for the pair itself, for its entry in the table of known pairs, and for
/// its number while spans are encoded.
pub(super) const RESOURCE_SCOPE_ITEMS: usize = 8;
/// How many bytes of a resource count as one item. They are counted once for each of its scopes, because the log
/// repeats the resource for each scope.
pub(super) const RESOURCE_ITEM_BYTES: usize = 64;
