//! The client of a request, which each connection puts into the requests that come on it.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use tokio::sync::watch;

use super::peer::Peer;

/// Who has sent a request.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// Behind a trusted proxy this is not the peer of the connection.
    pub(crate) peer: Peer,
    pub(crate) connection: Arc<Connection>,
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().expect("its connection has put it there").clone())
    }
}

/// What becomes of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    Open,
    /// It waits for a request that it will not get any more: another client needs its place.
    Closing,
    /// It answers the requests that have begun, and takes no more.
    Finishing,
    /// It ends at once.
    Cut,
}

/// An open connection, as those see it who share the place with it.
#[derive(Debug)]
pub(crate) struct Connection {
    number: u64,
    peer: Peer,
    /// Requests that are being answered, until the client has taken the answer.
    requests: AtomicUsize,
    /// When it was last in use, as a position in the order of such moments.
    used_at: AtomicU64,
    stage: watch::Sender<Stage>,
}

impl Connection {
    pub(super) fn new(number: u64, peer: Peer) -> Self {
        Self {
            number,
            peer,
            requests: AtomicUsize::new(0),
            used_at: AtomicU64::new(number),
            stage: watch::Sender::new(Stage::Open),
        }
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Who is at its other end: perhaps a proxy.
    pub(crate) fn peer(&self) -> Peer {
        self.peer
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.requests.load(Ordering::Relaxed) == 0
    }

    pub(super) fn used_at(&self) -> u64 {
        self.used_at.load(Ordering::Relaxed)
    }

    pub(super) fn begin_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn end_request(&self, at: u64) {
        self.used_at.store(at, Ordering::Relaxed);
        self.requests.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn stage(&self) -> Stage {
        *self.stage.borrow()
    }

    /// Brings it to a later stage; it does not go back.
    pub(crate) fn enter(&self, stage: Stage) {
        self.stage.send_if_modified(|held| {
            let is_later = stage as u8 > *held as u8;
            if is_later {
                *held = stage;
            }
            is_later
        });
    }

    /// Waits until its stage changes.
    pub(crate) fn changes(&self) -> watch::Receiver<Stage> {
        self.stage.subscribe()
    }
}
