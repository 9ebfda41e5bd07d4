//! `GET /api/v1/stats`.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::Response;
use store::Outcome;
use wire::api_v1::{Pairs, Series, Statistics, StatisticsParameters, parse_statistics};

use super::{Parameters, answer, decoded, selection};
use crate::heavy;
use crate::refusal::Refusal;
use crate::state::State;

pub(crate) async fn statistics(
    Shared(state): Shared<Arc<State>>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let pairs = decoded(parameters)?;
    let StatisticsParameters { selected, buckets } = parse_statistics(Pairs(&pairs))?;
    let selected = selection(selected);
    let now = state.now();
    let found = heavy::wait(|| state.store.snapshot(now).statistics(selected, buckets));
    let (traces, errors) = match selected.outcome {
        Outcome::Any => (found.ok + found.error, found.error),
        Outcome::Ok => (found.ok, 0),
        Outcome::Error => (found.error, found.error),
    };
    let [p50, p95, p99] = found.percentiles;
    let series = found.series.as_ref().map(|series| Series {
        base: series.from,
        step: series.step,
        traces: &series.traces,
        errors: &series.errors,
    });
    let statistics = Statistics {
        head: state.api_v1.head(now),
        all: found.ok + found.error,
        ok: found.ok,
        error: found.error,
        traces,
        errors,
        spans: found.spans,
        average: found.average,
        p50,
        p95,
        p99,
        approximate: found.is_approximate,
        series,
    };
    Ok(answer(statistics.write()))
}
