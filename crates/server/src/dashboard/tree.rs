//! `GET /api/v1/traces/{trace_id}/tree`, and the search in it.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::Response;
use span::Timestamp;
use store::TraceSpans;
use wire::dashboard::{Pairs, Search, Tree, TreeHead, parse_query, parse_since_rev, unchanged};

use super::{Parameters, answer, decoded};
use crate::heavy;
use crate::refusal::Refusal;
use crate::state::State;
use crate::traces::{Id, find};

/// Which spans there are: how many, and a sum of hashes of their ids, which does not depend on their order.
#[derive(Default)]
struct Revision {
    spans: u64,
    sum: u64,
    root_start: Option<Timestamp>,
}

impl Revision {
    fn of(spans: &TraceSpans) -> Self {
        let hasher = BuildHasherDefault::<DefaultHasher>::new();
        let mut revision = Self::default();
        spans.for_each(0..spans.len(), |span| {
            revision.spans += 1;
            revision.sum = revision.sum.wrapping_add(hasher.hash_one(span.span_id));
            if span.is_root() && revision.root_start.is_none() {
                revision.root_start = Some(span.start);
            }
        });
        revision
    }

    fn text(&self) -> String {
        format!("{:x}-{:016x}", self.spans, self.sum)
    }
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
        let revision = Revision::of(&spans);
        let text = revision.text();
        let expires = revision.root_start.map(|start| state.store.leaves_at(start));
        let head = TreeHead { head: state.dashboard.head(now), rev: &text, expires };
        if known == Some(&*text) {
            return Ok(answer(unchanged(head, spans.trace_id())));
        }
        let mut tree = Tree::default();
        spans.for_each(0..spans.len(), |span| tree.push(&span));
        Ok(answer(tree.write(head, spans.trace_id(), &mut *state.dashboard.services.lock())))
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
        Ok(answer(search.write(state.dashboard.head(now), &Revision::of(&spans).text())))
    })
}
