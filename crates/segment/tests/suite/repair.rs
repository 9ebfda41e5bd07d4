//! Makes the checksums of a damaged file right again, so that a test reaches the code that follows them.

const HEADER_BYTES: usize = 32;
const TRAILER_BYTES: usize = 16;
const BLOCK_BYTES: usize = 64 * 1024;

/// Does nothing if the lengths in the header are wrong.
pub(crate) fn repair(bytes: &mut [u8]) {
    repair_if_framed(bytes);
}

fn repair_if_framed(bytes: &mut [u8]) -> Option<()> {
    let header = bytes.get_mut(..HEADER_BYTES)?;
    let checksum = crc32fast::hash(&header[..28]);
    header[28..].copy_from_slice(&checksum.to_le_bytes());
    let data_bytes = usize::try_from(u64::from_le_bytes(header[16..24].try_into().ok()?)).ok()?;
    let footer_bytes = u32::from_le_bytes(header[24..28].try_into().ok()?) as usize;
    let data_end = HEADER_BYTES.checked_add(data_bytes)?;
    let data = bytes.get(HEADER_BYTES..data_end)?;
    // The checksums of the blocks are at the end of the footer.
    let checksums: Vec<u8> =
        data.chunks(BLOCK_BYTES).flat_map(|block| crc32fast::hash(block).to_le_bytes()).collect();
    let footer_end = data_end.checked_add(footer_bytes)?;
    let footer = bytes.get_mut(data_end..footer_end)?;
    let at = footer.len().checked_sub(checksums.len())?;
    footer[at..].copy_from_slice(&checksums);
    let checksum = crc32fast::hash(footer);
    let trailer = bytes.get_mut(footer_end..footer_end + TRAILER_BYTES)?;
    trailer[..4].copy_from_slice(&u32::try_from(footer_bytes).ok()?.to_le_bytes());
    trailer[4..8].copy_from_slice(&checksum.to_le_bytes());
    Some(())
}
