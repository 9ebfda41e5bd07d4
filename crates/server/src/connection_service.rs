//! What answers the requests of one connection: the routes, which learn from whom a request is.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use futures_util::future::BoxFuture;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::service::Service;
use tower::ServiceExt as _;

use crate::clients::client::Client;
use crate::clients::open_connections::{Place, RequestOf};
use crate::clients::trusted_proxies::TrustedProxies;
use crate::mount::{self, BasePath};

/// What a server knows of the proxies in front of it.
#[derive(Clone, Debug)]
pub(crate) struct ProxySettings {
    pub(crate) base_path: BasePath,
    pub(crate) proxies: TrustedProxies,
}

pub(crate) struct ConnectionService {
    router: Router,
    from: IpAddr,
    settings: Arc<ProxySettings>,
    place: Arc<Place>,
}

/// The body of an answer. Its connection is in use until the client has taken it.
pub(crate) struct AnswerBody {
    body: Body,
    _request: RequestOf,
}

impl ConnectionService {
    pub(crate) fn new(
        router: Router,
        from: IpAddr,
        settings: &Arc<ProxySettings>,
        place: &Arc<Place>,
    ) -> Self {
        Self { router, from, settings: Arc::clone(settings), place: Arc::clone(place) }
    }
}

impl Service<Request<Incoming>> for ConnectionService {
    type Response = Response<AnswerBody>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<AnswerBody>, Infallible>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let in_use = self.place.begin_request();
        let peer = self.settings.proxies.peer(self.from, request.headers());
        mount::enter(&mut request, self.from, &self.settings.base_path, &self.settings.proxies);
        let connection = Arc::clone(self.place.connection());
        request.extensions_mut().insert(Client { peer, connection });
        let answering = self.router.clone().oneshot(request.map(Body::new));
        let with_request = |body| AnswerBody { body, _request: in_use };
        Box::pin(async move { Ok(answering.await?.map(with_request)) })
    }
}

impl http_body::Body for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
