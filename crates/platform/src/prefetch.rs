//! Waits for memory that overlap.

use std::hint::black_box;

/// Reads memory that is needed soon, for all items in a row, so that it is in the processor's cache when it is used.
///
/// A lookup in a large table waits for memory as long as some hundred instructions take. Work that follows each lookup
/// (compare, branch, copy) is too long for the processor to reach the next lookup meanwhile, so the waits add up. The
/// reads here do not depend on each other: the processor has many of them under way at once.
///
/// `read` reads from the memory of one item and returns anything that depends on it. The results are combined and
/// handed to [`black_box`], or the compiler would remove reads that nobody uses. `read` must not change anything, and
/// should branch as little as it can.
///
/// It pays in front of work on many items whose memory no cache holds, and costs a little elsewhere:
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
