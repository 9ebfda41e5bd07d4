//! Parses `{"spans": […]}`. The result has all spans, or is a rejection of the whole batch.

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use span::Span;
use span::limits::BATCH_SPANS_MAX;

use super::problem::Problem;
use super::rejection::Rejection;
use super::span::parse_span;
use crate::json::{Cursor, SyntaxError};

/// The bytes of a small span in the contract's JSON, by which memory is reserved before the spans of a body are
/// counted.
const SPAN_BYTES_MIN: usize = 200;

/// Parses a batch of 1 to 500 spans. They borrow from `body`, and strings that contain JSON escapes from `arena`.
///
/// # Errors
/// If the body breaks a rule of the contract. The rejection names the first broken rule and its place.
pub fn parse_batch<'a>(body: &'a [u8], arena: &'a Bump) -> Result<&'a [Span<'a>], Rejection> {
    // The fast check does not say where the error is, so a body that fails it is checked again.
    let text = simdutf8::basic::from_utf8(body).map_err(|_| not_utf8(body))?;
    let mut cursor = Cursor::new(text, arena);
    let mut spans = None;
    let mut more = cursor.open_object("a JSON object with the member spans").map_err(Rejection::in_body)?;
    while more {
        let key = cursor.key().map_err(Rejection::in_body)?;
        if key != "spans" {
            cursor.skip_value().map_err(Rejection::in_body)?;
        } else if spans.is_none() {
            spans = Some(parse_spans(&mut cursor, body.len())?);
        } else {
            return Err(Rejection::new("spans: appears twice"));
        }
        more = cursor.more_members().map_err(Rejection::in_body)?;
    }
    cursor.end().map_err(Rejection::in_body)?;
    spans.ok_or_else(|| Rejection::new("spans: must be an array of 1 to 500 spans, but is missing"))
}

#[cold]
fn not_utf8(body: &[u8]) -> Rejection {
    let at = str::from_utf8(body).map_or_else(|error| error.valid_up_to(), str::len);
    Rejection::new(format!("body: must be UTF-8, but is not at byte {at}"))
}

fn parse_spans<'a>(cursor: &mut Cursor<'a>, body_bytes: usize) -> Result<&'a [Span<'a>], Rejection> {
    let in_array = |error: SyntaxError| {
        Rejection::in_spans(Problem::or_rule(error, "an array", "must be an array of 1 to 500 spans"))
    };
    let guess = (body_bytes / SPAN_BYTES_MIN + 1).min(BATCH_SPANS_MAX);
    let mut spans = ArenaVec::with_capacity_in(guess, cursor.arena());
    let mut more = cursor.open_array("an array").map_err(in_array)?;
    if !more {
        return Err(Rejection::new("spans: must be an array of 1 to 500 spans, but is empty"));
    }
    while more {
        let index = spans.len();
        if index == BATCH_SPANS_MAX {
            return Err(Rejection::too_many_spans(index));
        }
        spans.push(parse_span(cursor).map_err(|problem| Rejection::in_span(index, problem))?);
        more = cursor.more_items().map_err(in_array)?;
    }
    Ok(spans.into_bump_slice())
}
