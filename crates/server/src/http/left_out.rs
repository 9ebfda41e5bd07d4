//! Says in a header that an answer does without damaged segments, where the body has no room for that.

use axum::http::{HeaderName, HeaderValue};
use axum::response::AppendHeaders;

pub(super) const SEGMENTS_LEFT_OUT: HeaderName = HeaderName::from_static("traced-segments-left-out");

/// The header field, where any segment was left out.
pub(super) fn field(segments: usize) -> Option<(HeaderName, HeaderValue)> {
    (segments > 0).then(|| (SEGMENTS_LEFT_OUT, HeaderValue::from(segments)))
}

/// The field, to be put into a response.
pub(crate) fn header(segments: usize) -> AppendHeaders<Option<(HeaderName, HeaderValue)>> {
    AppendHeaders(field(segments))
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::header;

    #[test]
    fn only_an_answer_that_does_without_something_says_so() {
        assert!(header(0).into_response().headers().is_empty());
        assert_eq!(header(2).into_response().headers()["traced-segments-left-out"], "2");
    }
}
