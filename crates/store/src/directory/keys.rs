//! The two parts of a trace id's hash: one chooses the partition, and an entry keeps the other.

use hot::Hash;

/// Enough that a partition is small and stays in the processor's cache while the rows of a segment are added.
pub(super) const PARTITIONS: usize = 256;

pub(super) fn partition_of(hash: Hash) -> usize {
    usize::try_from(hash.0 >> 56).expect("8 bits fit")
}

/// Returns the bits that an entry keeps. They do not overlap with those that choose the partition.
#[expect(clippy::cast_possible_truncation, reason = "32 bits are what is wanted")]
pub(super) fn key_of(hash: Hash) -> u32 {
    (hash.0 >> 24) as u32
}

/// Keys, each with the number of its row.
pub(super) type KeyedRows = Vec<(u32, u32)>;

/// Returns the rows of a segment by partition. `hashes` are those of the rows' trace ids, in the order of the rows.
pub(super) fn rows_by_partition(hashes: &[Hash]) -> Vec<KeyedRows> {
    let usual = hashes.len() / PARTITIONS;
    let mut rows: Vec<KeyedRows> = (0..PARTITIONS).map(|_| Vec::with_capacity(usual + usual / 4)).collect();
    for (row, &hash) in (0..).zip(hashes) {
        rows[partition_of(hash)].push((key_of(hash), row));
    }
    rows
}
