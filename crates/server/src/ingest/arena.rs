//! The memory in which a batch is parsed.

use std::cell::Cell;

use bumpalo::Bump;

/// Limit: an arena that had to grow beyond this is not kept for the next batch.
const KEPT_ARENA_BYTES_MAX: usize = 1024 * 1024;

thread_local! {
    static ARENA: Cell<Option<Bump>> = const { Cell::new(None) };
}

/// Lends the thread's arena, so that a batch seldom asks the allocator for anything.
pub(super) fn with_arena<R>(work: impl FnOnce(&Bump) -> R) -> R {
    let mut arena = ARENA.take().unwrap_or_default();
    let result = work(&arena);
    if arena.allocated_bytes() <= KEPT_ARENA_BYTES_MAX {
        arena.reset();
        ARENA.set(Some(arena));
    }
    result
}
