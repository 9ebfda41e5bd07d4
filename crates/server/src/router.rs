//! The table of all routes, and the layers around them.
//!
//! A new protocol is a folder with a function `routes`; one line in [`main`] puts it into the table:
//!
//! | where | layers | what belongs there |
//! | --- | --- | --- |
//! | `questions` | compressed, hold a slot until the client has taken the answer | what reads the store |
//! | `unslotted` | none of these | what has limits of its own, and what is asked while the server is busy |
//! | `senders` | CORS with credentials | receivers, which have their own form for a refusal |

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::compression::CompressionLayer;
use wire::otlp::Encoding;

use crate::app_state::AppState;
use crate::clients::client::Client;
use crate::http::cors;
use crate::http::refusal::Refusal;
use crate::http::slot_body::SlotBody;
use crate::last_words::Refuse;
use crate::{api_v1, contract, dashboard_files, ingest, metrics, openapi};

/// What answers at an address, and how it refuses what no route sees: a head that cannot be read.
pub(crate) type RoutesAndRefuse = (Router, Refuse);

/// All that is at the main address.
pub(crate) fn main(state: &Arc<AppState>, origins: &[HeaderValue]) -> RoutesAndRefuse {
    let (api_v1, stream) = api_v1::routes(state);
    let questions = Router::new()
        .merge(contract::question_routes(state))
        .merge(api_v1)
        .merge(openapi::routes())
        .merge(dashboard_files::routes())
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(state), limit_queries));
    // An answer to a batch is one short line, which compression would only make longer.
    let unslotted = contract::spans_route(state)
        .merge(stream)
        .merge(contract::health_routes(state))
        .merge(metrics::routes(&state.metrics));
    let senders =
        ingest::otlp_http_routes(state).merge(ingest::zipkin_routes(state)).layer(cors::for_senders(origins));
    let all = questions
        .merge(unslotted)
        .method_not_allowed_fallback(|| async { Refusal::method_not_allowed() })
        .fallback(|| async { Refusal::not_found("there is nothing at this path; /docs lists what there is") })
        .layer(cors::for_questions(origins))
        .merge(senders);
    (counted(all, state), Refusal::into_response)
}

/// All that is at the address of OTLP over gRPC. Browsers do not speak it, so no page asks here.
pub(crate) fn otlp_grpc(state: &Arc<AppState>) -> RoutesAndRefuse {
    (counted(ingest::otlp_grpc_router(state), state), ingest::respond_in_grpc)
}

/// All that is at the address of OTLP over HTTP.
pub(crate) fn otlp_http(state: &Arc<AppState>, origins: &[HeaderValue]) -> RoutesAndRefuse {
    let router = counted(ingest::otlp_http_router(state), state).layer(cors::for_senders(origins));
    (router, |refusal| refusal.into_otlp(Encoding::Json))
}

/// All that is at Zipkin's address.
pub(crate) fn zipkin(state: &Arc<AppState>, origins: &[HeaderValue]) -> RoutesAndRefuse {
    let router = counted(ingest::zipkin_router(state), state).layer(cors::for_senders(origins));
    (router, Refusal::into_text)
}

/// Counts requests for `/metrics`.
fn counted(router: Router, state: &Arc<AppState>) -> Router {
    router.layer(middleware::from_fn_with_state(Arc::clone(&state.metrics), metrics::count))
}

/// Refuses a query when too many are being answered. It counts until the client has taken its answer.
async fn limit_queries(
    State(state): State<Arc<AppState>>,
    client: Client,
    request: Request,
    next: Next,
) -> Response {
    let slot = match state.query_slot(&client) {
        Ok(slot) => slot,
        Err(refusal) => return refusal.into_response(),
    };
    let response = next.run(request).await;
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        // Perhaps the memory for answers is taken by some that nobody takes.
        state.budgets.queries.cut_slow();
    }
    response.map(|body| Body::new(SlotBody::new(body, slot)))
}
