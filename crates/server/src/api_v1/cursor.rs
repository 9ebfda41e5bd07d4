//! The cursor: a position in the change feed, as text that a client sends back.

/// `EPOCH-POSITION`, both in hexadecimal digits.
pub(super) fn write(epoch: &str, position: u64) -> String {
    format!("{epoch}-{position:x}")
}

/// The position, if the cursor is from this epoch. Any other text is treated like a cursor that is too old.
pub(super) fn read(cursor: &str, epoch: &str) -> Option<u64> {
    let position = cursor.strip_prefix(epoch)?.strip_prefix('-')?;
    u64::from_str_radix(position, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn a_cursor_is_read_in_its_epoch_alone() {
        assert_eq!(read(&write("e1", 0x2a), "e1"), Some(0x2a));
        assert_eq!(read(&write("e1", 0x2a), "e2"), None);
        for text in ["", "e1", "e1-", "e1-x", "e1--1", "e1-10000000000000000"] {
            assert_eq!(read(text, "e1"), None, "{text}");
        }
    }
}
