//! Reads `{"spans": […]}`: all spans, or one rejection.

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use span::Span;
use span::limits::BATCH_SPANS_MAX;

use super::problem::Problem;
use super::rejection::Rejection;
use super::span::parse_span;
use crate::json::{Cursor, SyntaxError};

/// How many bytes a small span of the contract takes in JSON. It makes the first guess of how many spans a body holds.
const SPAN_BYTES_MIN: usize = 200;

/// Reads a batch of 1 to 500 spans. They borrow from `body`, and from `arena` where JSON's escapes had to be
/// resolved.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn parse_batch<'a>(body: &'a [u8], arena: &'a Bump) -> Result<&'a [Span<'a>], Rejection> {
    // The fast check does not say where the error is, so a body that fails it is checked again.
    let text = simdutf8::basic::from_utf8(body).map_err(|_| not_utf8(body))?;
    let mut cursor = Cursor::new(text, arena);
    let mut spans = None;
    let mut more = cursor.open_object("a JSON object").map_err(Rejection::in_body)?;
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
    spans.ok_or_else(|| Rejection::new("spans: is required, an array of 1 to 500 spans"))
}

#[cold]
fn not_utf8(body: &[u8]) -> Rejection {
    let at = str::from_utf8(body).map_or_else(|error| error.valid_up_to(), str::len);
    Rejection::new(format!("body: not UTF-8 (at byte {at})"))
}

fn parse_spans<'a>(cursor: &mut Cursor<'a>, body_bytes: usize) -> Result<&'a [Span<'a>], Rejection> {
    let in_array = |error: SyntaxError| {
        Rejection::in_spans(Problem::or_rule(error, "an array", "must be an array of 1 to 500 spans"))
    };
    let guess = (body_bytes / SPAN_BYTES_MIN + 1).min(BATCH_SPANS_MAX);
    let mut spans = ArenaVec::with_capacity_in(guess, cursor.arena());
    let mut more = cursor.open_array("an array").map_err(in_array)?;
    if !more {
        return Err(Rejection::new("spans: must hold at least one span"));
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
