//! What can be wrong with the bytes of a segment.

/// A segment is damaged: its bytes differ from those that were written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the segment is damaged near byte {at}: {what}")]
pub struct Damaged {
    pub what: &'static str,
    /// An offset in the file near the damage.
    pub at: u64,
}

/// Why a file cannot be opened as a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the file does not begin with the mark of a segment")]
    NotASegment,
    #[error("the segment has format version {found}, and this program reads only version {known}")]
    UnknownVersion { found: u16, known: u16 },
    #[error("the segment is cut off: it has {found} bytes and should have {expected}")]
    Truncated { found: u64, expected: u64 },
    #[error(transparent)]
    Damaged(#[from] Damaged),
}
