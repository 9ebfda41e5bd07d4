//! An export request of OTLP, whichever transport has brought it.

use std::fmt::Write as _;

use bumpalo::Bump;
use store::Accepted;
use wire::otlp::{self, Encoding, Export, Reason};

use super::accept::Batch;
use crate::app_state::AppState;
use crate::http::refusal::Refusal;
use crate::http::request_body::QueuedBody;
use crate::metrics::Protocol;

/// Stores the spans of a request that can be stored; the answer says how many could not, and why.
pub(super) fn take(
    state: &AppState,
    protocol: Protocol,
    body: &QueuedBody,
    arena: &Bump,
) -> Result<Vec<u8>, Refusal> {
    let encoding = if protocol == Protocol::OtlpJson { Encoding::Json } else { Encoding::Protobuf };
    let export = otlp::decode(encoding, &body.bytes, arena, Some(body.memory())).map_err(|malformed| {
        state.metrics.count_malformed(protocol);
        Refusal::from(malformed)
    })?;
    let batch = Batch { spans: export.spans, protocol, body_bytes: body.bytes.len() };
    let accepted = batch.accept(state)?;
    state.metrics.count_repairs(protocol, &export.repairs);
    for reason in Reason::ALL {
        state.metrics.count_rejected(protocol, reason.name(), export.rejected.count(reason));
    }
    let lost = export.rejected.total() + accepted.total() - accepted.stored - accepted.repeated;
    Ok(otlp::taken(encoding, lost, &message(&export, &accepted)))
}

/// What the answer tells the sender: which spans are not stored, and what was wrong with the body. Mostly nothing.
fn message(export: &Export<'_>, accepted: &Accepted) -> String {
    let mut message = export.rejected.to_string();
    if !export.note.is_empty() {
        let separator = if message.is_empty() { "" } else { "; " };
        write!(message, "{separator}{}", export.note).expect("memory takes all");
    }
    for (spans, why) in [
        (accepted.stale, "started before the window that is kept"),
        (accepted.ahead, "start too far ahead of the server's clock"),
        (accepted.too_large, "larger than can be kept"),
    ] {
        if spans > 0 {
            let separator = if message.is_empty() { "" } else { "; " };
            let noun = if spans == 1 { "span" } else { "spans" };
            write!(message, "{separator}{spans} {noun}: {why}").expect("memory takes all");
        }
    }
    message
}
