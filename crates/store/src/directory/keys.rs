//! Which part of a trace id's hash chooses the partition, and which part an entry keeps.

use hot::Hash;

/// So many that a partition is small: it stays in the processor's cache while the rows of a segment go into it.
pub(super) const PARTITIONS: usize = 256;

pub(super) fn partition_of(hash: Hash) -> usize {
    usize::try_from(hash.0 >> 56).expect("8 bits fit")
}

/// The bits that an entry keeps. They are not those that chose the partition.
#[expect(clippy::cast_possible_truncation, reason = "32 bits are what is wanted")]
pub(super) fn key_of(hash: Hash) -> u32 {
    (hash.0 >> 24) as u32
}

/// Keys, and the number of a row beside each.
pub(super) type KeyedRows = Vec<(u32, u32)>;

/// The rows of a segment by partition. `hashes` are those of the rows' trace ids, in the order of the rows.
pub(super) fn rows_by_partition(hashes: &[Hash]) -> Vec<KeyedRows> {
    let usual = hashes.len() / PARTITIONS;
    let mut rows: Vec<KeyedRows> = (0..PARTITIONS).map(|_| Vec::with_capacity(usual + usual / 4)).collect();
    for (row, &hash) in (0..).zip(hashes) {
        rows[partition_of(hash)].push((key_of(hash), row));
    }
    rows
}
