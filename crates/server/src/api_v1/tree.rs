//! `GET /api/v1/traces/{trace_id}/tree`, and the search in it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use wire::api_v1::{Pairs, Search, Tree, TreeHead, parse_query, parse_since_rev, unchanged};
use wire::contract::parse_trace_id;

use super::api_v1_state::ApiV1State;
use super::{answer, revision};
use crate::find_trace::find_trace;
use crate::http::parameters::{PathParameter, QueryParameters, path_parameter, query_parameters};
use crate::http::refusal::Refusal;

/// What a span takes in a tree: in columns, in the index by which parents are found, and as text. Services and names
/// are shared by many spans; if each span has its own, they are in the copy of the spans, too, which is freed before
/// the text is written.
const TREE_SPAN_BYTES: usize = 320;

pub(super) async fn tree(
    State(api): State<Arc<ApiV1State>>,
    trace_id: PathParameter,
    parameters: QueryParameters,
) -> Result<Response, Refusal> {
    let pairs = query_parameters(parameters)?;
    let known = parse_since_rev(Pairs(&pairs))?.map(str::to_owned);
    let trace_id = parse_trace_id(&path_parameter(trace_id)?)?;
    let (shared, memory) = (Arc::clone(&api), api.app.answer_memory());
    let body = api.app.read(move |store, now| {
        let spans = find_trace(store, trace_id, now, &memory)?;
        let rev = revision::of(&spans);
        let expires = spans.root_start().map(|start| store.leaves_at(start));
        let head = TreeHead { head: shared.head(now, spans.left_out()), rev: &rev, expires };
        if known.as_ref() == Some(&rev) {
            return Ok((unchanged(head, trace_id), memory));
        }
        memory.grow(spans.len() * TREE_SPAN_BYTES).map_err(Refusal::no_answer_memory)?;
        let mut tree = Tree::default();
        spans.for_each(0..spans.len(), |span| tree.push(&span));
        drop(spans);
        let numbers = tree.service_numbers(&mut shared.numbering(store, now));
        Ok((tree.write(head, trace_id, &numbers), memory))
    });
    body.await.map_err(Refusal::from).flatten().map(answer::held_json)
}

pub(super) async fn search(
    State(api): State<Arc<ApiV1State>>,
    trace_id: PathParameter,
    parameters: QueryParameters,
) -> Result<Response, Refusal> {
    let pairs = query_parameters(parameters)?;
    let mut search = Search::new(parse_query(Pairs(&pairs))?);
    let trace_id = parse_trace_id(&path_parameter(trace_id)?)?;
    let (shared, memory) = (Arc::clone(&api), api.app.answer_memory());
    let body = api.app.read(move |store, now| {
        let spans = find_trace(store, trace_id, now, &memory)?;
        spans.for_each(0..spans.len(), |span| search.push(&span));
        let body = search.write(shared.head(now, spans.left_out()), &revision::of(&spans));
        memory.grow(body.len()).map_err(Refusal::no_answer_memory)?;
        Ok((body, memory))
    });
    body.await.map_err(Refusal::from).flatten().map(answer::held_json)
}
