//! The names of log files.

const ENDING: &str = ".wal";

/// Returns the name of a log file: sixteen digits, so that names sort as numbers do.
pub fn file_name(number: u64) -> String {
    format!("{number:016x}{ENDING}")
}

/// Returns the number in a name, or `None` if `file_name` does not make this name.
pub fn number_of(name: &str) -> Option<u64> {
    let number = u64::from_str_radix(name.strip_suffix(ENDING)?, 16).ok()?;
    (file_name(number) == name).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_contains_its_number() {
        for number in [0, 1, 0xabc, u64::MAX] {
            assert_eq!(number_of(&file_name(number)), Some(number));
        }
        assert_eq!(file_name(0xabc), "0000000000000abc.wal");
    }

    #[test]
    fn other_names_have_no_number() {
        let others =
            ["", ".wal", "1.wal", "0000000000000ABC.wal", "+000000000000001.wal", "0000000000000001.wal.tmp"];
        for name in others {
            assert_eq!(number_of(name), None, "{name}");
        }
    }
}
