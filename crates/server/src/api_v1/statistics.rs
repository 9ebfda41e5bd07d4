//! `GET /api/v1/stats`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use store::Outcome;
use wire::api_v1::{Pairs, Series, Statistics, StatisticsParameters, parse_statistics};

use super::answer;
use super::api_v1_state::ApiV1State;
use super::selection::selection;
use crate::http::parameters::{QueryParameters, query_parameters};
use crate::http::refusal::Refusal;

pub(super) async fn statistics(
    State(api): State<Arc<ApiV1State>>,
    parameters: QueryParameters,
) -> Result<Response, Refusal> {
    let pairs = query_parameters(parameters)?;
    let StatisticsParameters { selected, buckets } = parse_statistics(Pairs(&pairs))?;
    let selected = selection(selected);
    let scan = api.app.prepared_scan(move |store, now, pace| {
        let pace = pace.clone();
        let snapshot = store.snapshot(now).with_pace(move || pace.goes_on());
        Arc::new((now, snapshot.statistics(selected, buckets)))
    });
    let answer = api.statistics.ask((selected, buckets), scan).await?;
    let (now, found) = &*answer;
    let now = *now;
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
        head: api.head(now, found.left_out),
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
    Ok(answer::json(statistics.write()))
}
