//! Counts input that was invalid but could be repaired.

/// How often something in a request was invalid and was repaired or left out. The spans with it are stored.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Repairs {
    /// Fields that were left out because this version of the format does not have them.
    pub unknown_fields: u64,
    /// Unknown status codes, and in JSON unknown names of kinds. They count as not set.
    pub unknown_enums: u64,
    /// Texts that were not UTF-8. Each invalid part became U+FFFD.
    pub repaired_texts: u64,
    /// Spans that ended before they started, or after the year 2262. Their times became the nearest possible ones.
    pub repaired_times: u64,
    /// Numbers that do not fit their field, or that JSON cannot represent: an integer became a double, a fraction was
    /// cut off, only the low 32 bits of a longer number were kept, or null became NaN.
    pub repaired_numbers: u64,
    /// Links that were left out because their ids have a wrong length; the span counts them as dropped.
    pub lost_links: u64,
    /// Zipkin tags that were left out because their value is null.
    pub lost_tags: u64,
}
