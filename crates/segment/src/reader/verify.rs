//! Reads a file once, all of it.

use bumpalo::Bump;

use super::Segment;
use crate::error::Damaged;

impl Segment {
    /// Checks every checksum and reads every row once.
    pub fn verify(&self) -> Result<(), Damaged> {
        self.data.verify_all()?;
        for row in 0..self.facts.traces {
            let arena = Bump::new();
            self.trace_id(row)?;
            self.memory(row)?;
            self.spans(row, &arena)?;
            if row < self.facts.rooted {
                self.root(row)?;
            }
        }
        Ok(())
    }
}
