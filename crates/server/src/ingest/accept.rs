//! How spans go to the store and are counted, whatever protocol they came by.

use bumpalo::Bump;
use span::Span;
use store::Accepted;

use super::arena::with_arena;
use crate::app_state::AppState;
use crate::clients::client::Client;
use crate::http::refusal::Refusal;
use crate::http::request_body::QueuedBody;
use crate::metrics::{Protocol, SPAN_TOO_LARGE};
use crate::offload::{self, INLINE_BYTES_MAX};

/// Limit: spans that go to the store at once. A request of a protocol without a limit of its own may have more;
/// the store writes a batch as one frame of its log, and frames have a limit in bytes.
const ACCEPT_SPANS_MAX: usize = 4096;
/// Limit: no span of a body of at most so many bytes is larger than a frame of the log, which has twice as many. Texts
/// are kept as they come, and the number of everything else in a request is limited.
const FITTING_BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

/// The spans of one request.
pub(crate) struct Batch<'a> {
    pub(crate) spans: &'a [Span<'a>],
    pub(crate) protocol: Protocol,
    /// The size of the body that they were parsed from, after decompression.
    pub(crate) body_bytes: usize,
}

/// What a byte of a body takes in addition while its spans are decoded and stored: one byte for texts that are decoded
/// into the arena, one for the batch as the log gets it.
const COPIES: usize = 2;

/// Parses and stores a body; `work` does both, in an arena. Small bodies are worked through on this thread: `offload`
/// says why.
pub(crate) async fn run<R>(
    state: &AppState,
    client: &Client,
    body: &QueuedBody,
    work: impl FnOnce(&Bump) -> Result<R, Refusal>,
) -> Result<R, Refusal> {
    let bytes = body.bytes.len();
    body.memory().grow(bytes.saturating_mul(COPIES)).map_err(Refusal::no_body_memory)?;
    let _turn = if bytes > INLINE_BYTES_MAX { Some(offload::large_body_turn().await) } else { None };
    let _share = state.batch_share(client)?;
    let work = || with_arena(work);
    if state.accept_may_wait() {
        offload::move_others_and_run(work)
    } else {
        offload::run_in_place(bytes, work)
    }
}

impl Batch<'_> {
    /// Refuses a batch with a span that can never be stored, where the protocol takes all spans of a batch or none.
    pub(crate) fn check_all_fit(&self, state: &AppState) -> Result<(), Refusal> {
        if self.body_bytes <= FITTING_BODY_BYTES_MAX {
            return Ok(());
        }
        let Some(place) = self.spans.iter().position(|span| !store::fits(span)) else { return Ok(()) };
        state.metrics.count_rejected(self.protocol, SPAN_TOO_LARGE, self.spans.len() as u64);
        let sentence =
            format!("spans[{place}]: is larger than can be kept; send it with fewer or shorter tags");
        Err(Refusal::too_large(sentence))
    }

    /// Stores the spans and counts them. Where the store refuses some, those before them stay stored: the client sends
    /// all of them again, and the store finds that it has these.
    pub(crate) fn accept(&self, state: &AppState) -> Result<Accepted, Refusal> {
        let mut sum = Accepted::default();
        let mut rest = self.spans;
        while !rest.is_empty() {
            let (part, behind) = rest.split_at(ACCEPT_SPANS_MAX.min(rest.len()));
            let accepted = state.accept(part).map_err(|refused| {
                state.metrics.count_judged(self.protocol, &refused.accepted);
                let left = rest.len() as u64 - refused.accepted.total();
                state.metrics.count_rejected(self.protocol, "overload", left);
                Refusal::overload(format!("{}; try again in a second", refused.overload))
            })?;
            state.metrics.count_judged(self.protocol, &accepted);
            sum.stored += accepted.stored;
            sum.repeated += accepted.repeated;
            sum.stale += accepted.stale;
            sum.ahead += accepted.ahead;
            sum.too_large += accepted.too_large;
            rest = behind;
        }
        state.metrics.count_body(self.body_bytes as u64);
        Ok(sum)
    }
}
