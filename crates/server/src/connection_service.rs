//! What answers the requests of one connection: the routes, which learn from whom a request is.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header::{EXPECT, HOST};
use axum::http::{Request, Response, StatusCode, Version};
use axum::response::IntoResponse as _;
use futures_util::future::BoxFuture;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::service::Service;
use tower::ServiceExt as _;

use crate::clients::client::Client;
use crate::clients::open_connections::{Place, RequestOf};
use crate::clients::trusted_proxies::TrustedProxies;
use crate::http::lingering_body::{Expects, Lingering, LingeringBody};
use crate::http::refusal::Refusal;
use crate::http_settings::HEAD_BYTES_MAX;
use crate::last_words::Refuse;
use crate::mount::{self, BasePath};

/// What a server knows of the proxies in front of it.
#[derive(Clone, Debug)]
pub(crate) struct ProxySettings {
    pub(crate) base_path: BasePath,
    pub(crate) proxies: TrustedProxies,
}

/// What all connections of a listener have in common.
pub(crate) struct Site {
    pub(crate) router: Router,
    /// How the routes write a refusal.
    pub(crate) refuse: Refuse,
    pub(crate) proxies: Arc<ProxySettings>,
    pub(crate) lingering: Lingering,
}

pub(crate) struct ConnectionService {
    site: Arc<Site>,
    from: IpAddr,
    place: Arc<Place>,
}

/// The body of an answer. Its connection is in use until the client has taken it.
pub(crate) struct AnswerBody {
    body: Body,
    _request: RequestOf,
}

impl ConnectionService {
    pub(crate) fn new(site: Arc<Site>, from: IpAddr, place: &Arc<Place>) -> Self {
        Self { site, from, place: Arc::clone(place) }
    }

    pub(crate) fn refuse(&self) -> Refuse {
        self.site.refuse
    }

    /// Tells a client that speaks HTTP/1 at an address of gRPC what is spoken there.
    pub(crate) fn not_grpc(self) -> Self {
        let router = Router::new().fallback(|| async { Refusal::not_grpc() });
        let Site { proxies, lingering, .. } = &*self.site;
        let (proxies, lingering) = (Arc::clone(proxies), lingering.clone());
        let site = Site { router, refuse: Refusal::into_response, proxies, lingering };
        Self { site: Arc::new(site), ..self }
    }
}

impl Service<Request<Incoming>> for ConnectionService {
    type Response = Response<AnswerBody>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<AnswerBody>, Infallible>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let in_use = self.place.begin_request();
        let with_request = |body| AnswerBody { body, _request: in_use };
        let Site { router, refuse, proxies, lingering } = &*self.site;
        let (router, refuse) = (router.clone(), *refuse);
        let checked = check_head(&request);
        let peer = proxies.proxies.peer(self.from, request.headers());
        mount::enter(&mut request, self.from, &proxies.base_path, &proxies.proxies);
        let connection = Arc::clone(self.place.connection());
        request.extensions_mut().insert(Client { peer, connection });
        let waits_for_word =
            if request.headers().contains_key(EXPECT) { Expects::Continue } else { Expects::Nothing };
        let request = request.map(|body| Body::new(LingeringBody::new(body, lingering, waits_for_word)));
        Box::pin(async move {
            let response = match checked {
                Ok(()) => router.oneshot(request).await?,
                Err(refusal) => refuse(refusal),
            };
            Ok(response.map(with_request))
        })
    }
}

/// Refuses what no route can see: a request of HTTP/1.1 names its host once (RFC 9112, section 3.2), and a head has its
/// limit, which hyper holds for HTTP/1 alone in a form that clients can read.
fn check_head<B>(request: &Request<B>) -> Result<(), Refusal> {
    let hosts = request.headers().get_all(HOST).iter().count();
    let is_wrong = match request.version() {
        Version::HTTP_11 => hosts != 1,
        Version::HTTP_2 => {
            let fields = request
                .headers()
                .iter()
                .map(|(name, value)| name.as_str().len() + value.len())
                .sum::<usize>();
            if fields + request.uri().path().len() > HEAD_BYTES_MAX {
                let sentence =
                    format!("the metadata are larger than {HEAD_BYTES_MAX} bytes; send less of them");
                return Err(Refusal::head_too_large(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, sentence));
            }
            hosts > 1
        }
        _ => hosts > 1,
    };
    if is_wrong {
        return Err(Refusal::bad_request(format!(
            "Host: a request names its host once; this one has {hosts} such headers"
        )));
    }
    Ok(())
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
