//! A compact hash table with open addressing.
//!
//! An entry is eight bytes: the key in the upper half, the value in the lower. It is at its home or after it, without
//! a gap in between. A key may occur several times. There are no tombstones: when an entry is removed, the following
//! ones move up.

use platform::prefetch;

/// Limit: the table grows by a quarter when it is fuller than this, in eighths, and shrinks when it is emptier.
const FULL_EIGHTHS: usize = 7;
const SPARSE_EIGHTHS: usize = 4;
/// Limit: when memory is short, a table is moved if it becomes smaller by at least this part.
const WORTH_PARTS: usize = 16;
const CAPACITY_MIN: usize = 8;

const EMPTY: u64 = 0;

#[derive(Default)]
pub(super) struct Partition {
    /// Invariant: no entry is `EMPTY`, because no value is 0; at least one slot is.
    entries: Vec<u64>,
    len: usize,
}

fn key_of(entry: u64) -> u32 {
    u32::try_from(entry >> 32).expect("32 bits fit")
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
fn value_of(entry: u64) -> u32 {
    entry as u32
}

/// Returns the length of a table for this many entries.
fn places_for(entries: usize) -> usize {
    entries.max(CAPACITY_MIN) * 8 / FULL_EIGHTHS + 1
}

impl Partition {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<u64>()
    }

    /// Returns the home of a key. Homes are in the order of keys, so a table grows in one pass.
    #[inline]
    fn home(&self, key: u32) -> usize {
        usize::try_from((u64::from(key) * self.entries.len() as u64) >> 32).expect("less than the length")
    }

    /// Returns the entry at the home of this key, whatever its key is.
    #[inline]
    pub(super) fn at_home(&self, key: u32) -> u64 {
        if self.len == 0 { EMPTY } else { self.entries[self.home(key)] }
    }

    fn after(&self, at: usize) -> usize {
        if at + 1 == self.entries.len() { 0 } else { at + 1 }
    }

    /// Returns the values of this key.
    #[inline]
    pub(super) fn find(&self, key: u32) -> impl Iterator<Item = u32> {
        let mut at = if self.len == 0 { None } else { Some(self.home(key)) };
        let entries = std::iter::from_fn(move || {
            let here = at?;
            let entry = self.entries[here];
            at = (entry != EMPTY).then(|| self.after(here));
            (entry != EMPTY).then_some(entry)
        });
        entries.filter(move |&entry| key_of(entry) == key).map(value_of)
    }

    /// Makes the table smaller if that frees enough memory.
    pub(super) fn shrink(&mut self) {
        let wanted = self.len + self.len / 16;
        let places = places_for(wanted);
        if places + places / WORTH_PARTS < self.entries.len() {
            self.resize(wanted);
        }
    }

    /// Makes space for this many more entries.
    pub(super) fn reserve(&mut self, entries: usize) {
        if (self.len + entries) * 8 > self.entries.len() * FULL_EIGHTHS {
            self.resize(self.len + entries);
        }
    }

    pub(super) fn insert(&mut self, key: u32, value: u32) {
        assert!(value != 0, "0 marks an empty place");
        if (self.len + 1) * 8 > self.entries.len() * FULL_EIGHTHS {
            self.resize(self.len + self.len / 4 + CAPACITY_MIN);
        }
        self.put((u64::from(key) << 32) | u64::from(value));
    }

    /// Inserts keys, with the values that `value` makes from the numbers beside them.
    pub(super) fn insert_all(&mut self, keys: &[(u32, u32)], value: impl Fn(u32) -> u32) {
        prefetch(keys, |&(key, _)| self.at_home(key));
        for &(key, beside) in keys {
            self.insert(key, value(beside));
        }
    }

    fn put(&mut self, entry: u64) {
        let mut at = self.home(key_of(entry));
        while self.entries[at] != EMPTY {
            at = self.after(at);
        }
        self.entries[at] = entry;
        self.len += 1;
    }

    /// Keeps the entries whose values `keep` accepts. This is one pass that starts after a gap, so an entry moves up
    /// over the removed ones before it, and no entry is visited twice.
    pub(super) fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        let Some(gap) = self.entries.iter().position(|&entry| entry == EMPTY) else { return };
        let mut has_new_gap = false;
        for at in (gap + 1..self.entries.len()).chain(0..gap) {
            let entry = self.entries[at];
            if entry == EMPTY {
                has_new_gap = false;
            } else if !keep(value_of(entry)) {
                self.entries[at] = EMPTY;
                self.len -= 1;
                has_new_gap = true;
            } else if has_new_gap {
                self.entries[at] = EMPTY;
                self.len -= 1;
                self.put(entry);
            }
        }
        if self.len * 8 < self.entries.len() * SPARSE_EIGHTHS {
            self.resize(self.len + self.len / 4);
        }
    }

    fn resize(&mut self, wanted: usize) {
        let old = std::mem::replace(&mut self.entries, vec![EMPTY; places_for(wanted)]);
        self.len = 0;
        for entry in old {
            if entry != EMPTY {
                self.put(entry);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::Partition;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn a_partition_answers_as_a_set_does(
            // Few keys, at the ends of the table, so that runs of entries meet and wrap around.
            operations in prop::collection::vec((prop::sample::select(vec![0u32, 1, 7, u32::MAX - 1, u32::MAX, 1 << 31]), 1u32..400, prop::bool::weighted(0.95)), 0..400),
        ) {
            let mut partition = Partition::default();
            let mut model = BTreeSet::new();
            for (key, value, is_insertion) in operations {
                if is_insertion && model.insert((key, value)) {
                    partition.insert(key, value);
                } else if !is_insertion {
                    // Removes about a third of all entries.
                    let keep = |kept: u32| kept.wrapping_mul(value) % 3 != 1;
                    partition.retain(keep);
                    model.retain(|&(_, value)| keep(value));
                }
                prop_assert_eq!(partition.len(), model.len());
                for key in [0u32, 1, 7, u32::MAX - 1, u32::MAX, 1 << 31] {
                    let mut found: Vec<u32> = partition.find(key).collect();
                    found.sort_unstable();
                    let expected: Vec<u32> = model.range((key, 0)..=(key, u32::MAX)).map(|&(_, value)| value).collect();
                    prop_assert_eq!(found, expected);
                }
            }
            partition.reserve(100);
            let places = partition.entries.len();
            let more: Vec<_> = (1000..1100).map(|value| (5, value)).collect();
            partition.insert_all(&more, |value| value);
            model.extend(more);
            prop_assert_eq!(partition.entries.len(), places, "it was reserved");
            partition.shrink();
            prop_assert!(partition.entries.len() <= partition.len * 2 + 16, "at most half of the table is empty");
            partition.retain(|value| value % 2 == 0);
            model.retain(|&(_, value)| value % 2 == 0);
            prop_assert_eq!(partition.len, model.len());
            prop_assert!(model.iter().all(|&(key, value)| partition.find(key).any(|found| found == value)));
        }
    }
}
