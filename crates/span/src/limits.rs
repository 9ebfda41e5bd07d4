//! Limits of a span. Characters are Unicode scalar values, not bytes.

/// Limit: characters of `service` and of `operation`, by the contract.
pub const NAME_CHARS_MAX: usize = 256;
/// Limit: tags of a span, by the contract.
pub const ATTRIBUTES_MAX: usize = 50;
/// Limit: characters of the value of a tag, by the contract.
pub const ATTRIBUTE_VALUE_CHARS_MAX: usize = 1024;
/// Limit: spans of a batch, by the contract.
pub const BATCH_SPANS_MAX: usize = 500;
/// Limit: levels of arrays and maps that are nested in the value of an attribute.
pub const VALUE_DEPTH_MAX: usize = 32;

/// Cuts a text after its first `chars_max` characters. A text has no more characters than bytes, so only long texts
/// need counting.
pub fn cut(text: &str, chars_max: usize) -> &str {
    if text.len() <= chars_max {
        return text;
    }
    let end = text.char_indices().nth(chars_max).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert_eq!((cut("äöü", 3), cut("äöü", 2), cut("äöü", 0)), ("äöü", "äö", ""));
    }
}
