//! Prefetching: reads memory early, so that the waits for it overlap.

use std::hint::black_box;

/// Reads memory that is needed soon, for all items in a row, so that it is in the processor's cache when it is used.
///
/// A cache miss takes as long as some hundred instructions. The work after each lookup (compare, branch, copy) is too
/// long for the processor to start the next lookup early, so the waits add up. The reads here do not depend on each
/// other: the processor runs many of them at once.
///
/// `read` reads from the memory of one item and returns a value that depends on it. The results are combined and
/// passed to [`black_box`], because the compiler would remove reads that nobody uses. `read` must not change
/// anything, and should branch as little as possible.
///
/// Prefetching pays before work on many items that are in no cache, and costs a little otherwise.
/// `docs/decisions/0013-prefetch.md` has the measurement.
#[inline]
pub fn prefetch<Item>(items: impl IntoIterator<Item = Item>, read: impl Fn(Item) -> u64) {
    black_box(items.into_iter().fold(0, |combined, item| combined ^ read(item)));
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::prefetch;

    #[test]
    fn every_item_is_read_once_and_in_order() {
        let read = RefCell::new(Vec::new());
        prefetch([3, 1, 2], |item| {
            read.borrow_mut().push(item);
            item
        });
        assert_eq!(read.into_inner(), [3, 1, 2]);
    }
}
