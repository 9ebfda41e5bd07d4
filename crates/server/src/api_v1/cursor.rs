//! A place in the changes, as text for the client.

/// `EPOCH-PLACE`, both in hexadecimal digits.
pub(super) fn write(epoch: &str, place: u64) -> String {
    format!("{epoch}-{place:x}")
}

/// The place, if the cursor is of this epoch. One that makes no sense is like one that is too old.
pub(super) fn read(cursor: &str, epoch: &str) -> Option<u64> {
    let place = cursor.strip_prefix(epoch)?.strip_prefix('-')?;
    u64::from_str_radix(place, 16).ok()
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
