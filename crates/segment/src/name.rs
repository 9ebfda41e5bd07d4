//! The names of segment files: they state the generations in the file.

/// How many hexadecimal digits each of the two numbers has.
const DIGITS: usize = 16;
const SUFFIX: &str = ".segment";

/// A range of generations, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Generations {
    pub first: u64,
    pub last: u64,
}

/// Returns the name of a segment file. Names sort as their generations do.
pub fn file_name(generations: Generations) -> String {
    format!("{:016x}-{:016x}{SUFFIX}", generations.first, generations.last)
}

/// The inverse of [`file_name`]. Returns `None` for every other name.
pub fn generations_of(name: &str) -> Option<Generations> {
    let (first, last) = name.strip_suffix(SUFFIX)?.split_once('-')?;
    let generations = Generations { first: parse(first)?, last: parse(last)? };
    (generations.first <= generations.last).then_some(generations)
}

fn parse(digits: &str) -> Option<u64> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_number = digits.len() == DIGITS && digits.bytes().all(is_digit);
    if is_number { u64::from_str_radix(digits, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{Generations, file_name, generations_of};

    #[test]
    fn a_name_contains_its_generations() {
        for (first, last) in [(0, 0), (1, 255), (7, u64::MAX)] {
            let generations = Generations { first, last };
            assert_eq!(generations_of(&file_name(generations)), Some(generations));
        }
        assert_eq!(
            file_name(Generations { first: 1, last: 255 }),
            "0000000000000001-00000000000000ff.segment"
        );
    }

    #[test]
    fn other_names_are_not_segments() {
        let long = "0000000000000001-00000000000000ff.segment";
        let upper = long.replace("ff", "FF");
        let backwards = "0000000000000002-0000000000000001.segment";
        for name in ["", ".segment", "1-2.segment", &long.replace("segment", "tmp"), &upper, backwards] {
            assert_eq!(generations_of(name), None, "{name}");
        }
    }
}
