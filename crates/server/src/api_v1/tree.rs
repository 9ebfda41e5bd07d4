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

pub(super) async fn tree(
    State(api): State<Arc<ApiV1State>>,
    trace_id: PathParameter,
    parameters: QueryParameters,
) -> Result<Response, Refusal> {
    let pairs = query_parameters(parameters)?;
    let known = parse_since_rev(Pairs(&pairs))?.map(str::to_owned);
    let trace_id = parse_trace_id(&path_parameter(trace_id)?)?;
    let shared = Arc::clone(&api);
    let body = api.app.read(move |store, now| {
        let spans = find_trace(store, trace_id, now)?;
        let rev = revision::of(&spans);
        let expires = spans.root_start().map(|start| store.leaves_at(start));
        let head = TreeHead { head: shared.head(now, spans.left_out()), rev: &rev, expires };
        if known.as_ref() == Some(&rev) {
            return Ok(unchanged(head, trace_id));
        }
        let mut tree = Tree::default();
        spans.for_each(0..spans.len(), |span| tree.push(&span));
        Ok(tree.write(head, trace_id, &mut *shared.services.lock()))
    });
    body.await.map_err(Refusal::from).flatten().map(answer::json)
}

pub(super) async fn search(
    State(api): State<Arc<ApiV1State>>,
    trace_id: PathParameter,
    parameters: QueryParameters,
) -> Result<Response, Refusal> {
    let pairs = query_parameters(parameters)?;
    let mut search = Search::new(parse_query(Pairs(&pairs))?);
    let trace_id = parse_trace_id(&path_parameter(trace_id)?)?;
    let shared = Arc::clone(&api);
    let body = api.app.read(move |store, now| {
        let spans = find_trace(store, trace_id, now)?;
        spans.for_each(0..spans.len(), |span| search.push(&span));
        Ok(search.write(shared.head(now, spans.left_out()), &revision::of(&spans)))
    });
    body.await.map_err(Refusal::from).flatten().map(answer::json)
}
