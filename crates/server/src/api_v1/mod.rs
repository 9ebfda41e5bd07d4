//! What the dashboard asks beyond the contract: `docs/api-v1.md`.

mod cursor;
mod info;
mod points;
mod services;
mod statistics;
mod stream;
mod tree;
mod whole_spans;

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use parking_lot::Mutex;
use span::Timestamp;
use store::{Outcome, Selection};
use wire::api_v1::{AnswerHead, Filter, Selected};

use crate::refusal::Refusal;
use crate::state::State;
use services::Services;

/// What is answered changes all the time.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

type Parameters = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// What the answers of one process have in common.
pub(crate) struct ApiV1State {
    epoch: String,
    services: Mutex<Services>,
}

impl ApiV1State {
    pub(crate) fn new() -> Self {
        let epoch = format!("{:016x}", RandomState::new().hash_one(std::process::id()));
        Self { epoch, services: Mutex::default() }
    }

    fn head(&self, now: Timestamp) -> AnswerHead<'_> {
        AnswerHead { epoch: &self.epoch, now }
    }
}

pub(crate) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/api/v1/info", get(info::info))
        .route("/api/v1/stats", get(statistics::statistics))
        .route("/api/v1/stream", get(stream::stream))
        .route("/api/v1/traces/points", get(points::points))
        .route("/api/v1/traces/{trace_id}/tree", get(tree::tree))
        .route("/api/v1/traces/{trace_id}/search", get(tree::search))
        .route("/api/v1/traces/{trace_id}/spans", post(whole_spans::spans))
        .route("/api/v1/traces/{trace_id}/spans/{span_id}", get(whole_spans::span))
}

fn decoded(parameters: Parameters) -> Result<Vec<(String, String)>, Refusal> {
    let Query(pairs) = parameters.map_err(|error| Refusal::bad_request(error.body_text()))?;
    Ok(pairs)
}

fn selection(selected: Selected) -> Selection {
    let outcome = match selected.filter {
        Filter::All => Outcome::Any,
        Filter::Ok => Outcome::Ok,
        Filter::Error => Outcome::Error,
    };
    Selection { range: selected.range, outcome }
}

fn answer(body: impl Into<Body>) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json")), (CACHE_CONTROL, NO_STORE)], body.into())
        .into_response()
}
