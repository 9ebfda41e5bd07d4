//! `GET /api/v1/traces/{trace_id}/tree`, and the search in it.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::Response;
use store::TraceSpans;
use wire::api_v1::{Pairs, Search, Tree, TreeHead, parse_query, parse_since_rev, unchanged};

use super::{Parameters, answer, decoded};
use crate::heavy;
use crate::refusal::Refusal;
use crate::state::State;
use crate::traces::{Id, find};

/// Says which spans there are: how many, and a sum of hashes of their ids, which does not depend on their order.
fn revision(spans: &TraceSpans) -> String {
    let hasher = BuildHasherDefault::<DefaultHasher>::new();
    let sum = spans.span_ids().fold(0u64, |sum, id| sum.wrapping_add(hasher.hash_one(id)));
    format!("{:x}-{sum:016x}", spans.len())
}

pub(crate) async fn tree(
    Shared(state): Shared<Arc<State>>,
    id: Id,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let pairs = decoded(parameters)?;
    let known = parse_since_rev(Pairs(&pairs))?;
    heavy::wait(|| {
        let now = state.now();
        let spans = find(&state, id)?;
        let rev = revision(&spans);
        let expires = spans.root_start().map(|start| state.store.leaves_at(start));
        let head = TreeHead { head: state.api_v1.head(now), rev: &rev, expires };
        if known == Some(&*rev) {
            return Ok(answer(unchanged(head, spans.trace_id())));
        }
        let mut tree = Tree::default();
        spans.for_each(0..spans.len(), |span| tree.push(&span));
        Ok(answer(tree.write(head, spans.trace_id(), &mut *state.api_v1.services.lock())))
    })
}

pub(crate) async fn search(
    Shared(state): Shared<Arc<State>>,
    id: Id,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let pairs = decoded(parameters)?;
    let text = parse_query(Pairs(&pairs))?;
    heavy::wait(|| {
        let now = state.now();
        let spans = find(&state, id)?;
        let mut search = Search::new(text);
        spans.for_each(0..spans.len(), |span| search.push(&span));
        Ok(answer(search.write(state.api_v1.head(now), &revision(&spans))))
    })
}
