//! The parts of `TracesData` that are written before they can be put together.

/// The spans of one resource that are written.
pub(super) struct WrittenResourceSpans {
    /// All of `ResourceSpans` but its scopes.
    pub(super) resource: Vec<u8>,
    pub(super) scopes: Vec<WrittenScopeSpans>,
}

/// The spans of one scope that are written.
pub(super) struct WrittenScopeSpans {
    /// All of `ScopeSpans` but its spans.
    pub(super) scope: Vec<u8>,
    pub(super) spans: Vec<u8>,
}
