//! What a sender got wrong and we put right.

/// What was wrong in a request and could be put right or left out, counted. The spans were taken all the same.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Repairs {
    /// Fields that are not kept, because the format as we know it does not have them.
    pub unknown_fields: u64,
    /// Status codes, and names of kinds in JSON, that were taken as not set.
    pub unknown_enums: u64,
    /// Texts that were not UTF-8: each wrong part became U+FFFD.
    pub repaired_texts: u64,
    /// Spans that ended before they started, or beyond the year 2262: their times were moved to the nearest ones that
    /// are possible.
    pub repaired_times: u64,
    /// Numbers that their field or JSON cannot hold: an integer became a double, a fraction was cut off, the last 32
    /// bits of a longer number were kept, null became NaN.
    pub repaired_numbers: u64,
    /// Links that were left out because their ids have a wrong length; the span counts them as dropped.
    pub lost_links: u64,
    /// Tags of Zipkin's that were left out because their value is null.
    pub lost_tags: u64,
}
