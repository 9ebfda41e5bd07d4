//! The parts of `TracesData` that are already encoded, but not yet joined.

/// The encoded spans of one resource.
pub(super) struct WrittenResourceSpans {
    /// The encoded fields of `ResourceSpans` except its scopes.
    pub(super) resource: Vec<u8>,
    pub(super) scopes: Vec<WrittenScopeSpans>,
}

/// The encoded spans of one scope.
pub(super) struct WrittenScopeSpans {
    /// The encoded fields of `ScopeSpans` except its spans.
    pub(super) scope: Vec<u8>,
    pub(super) spans: Vec<u8>,
}
