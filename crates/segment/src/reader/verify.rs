//! Verifies a file by reading all of it once.

use bumpalo::Bump;

use super::segment::Segment;
use crate::error::Damaged;

/// Limit: the arena is freed when it takes this much memory.
const ARENA_BYTES_MAX: usize = 4 * 1024 * 1024;

impl Segment {
    /// Verifies every checksum, also of blocks that were verified before: a medium may decay while a file is open.
    pub fn verify_checksums(&self) -> Result<(), Damaged> {
        self.data.verify_all()
    }

    /// Verifies every checksum and decodes every row once.
    pub fn verify(&self) -> Result<(), Damaged> {
        self.verify_checksums()?;
        let mut rows = (0..self.meta.traces).peekable();
        while rows.peek().is_some() {
            let arena = Bump::new();
            let mut reader = self.reader(&arena);
            while let Some(row) = rows.next_if(|_| arena.allocated_bytes() < ARENA_BYTES_MAX) {
                self.trace_id(row)?;
                self.carryover(row)?;
                reader.spans(row)?;
                if row < self.meta.rooted {
                    self.root(row)?;
                }
            }
        }
        Ok(())
    }
}
