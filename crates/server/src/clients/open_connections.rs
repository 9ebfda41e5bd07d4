//! All open connections. When there is no place for one more, those close that only wait for a request.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::client::{Connection, Stage};
use super::peer::Peer;

/// Limit: connections that are being closed for others and still have their descriptor. They come on top of
/// `connections_max`, an eighth of that or these few at most; beyond, a new connection is refused.
const CLOSING_MAX: usize = 64;
const CLOSING_FEW: usize = 8;

/// The connections of all listeners.
#[derive(Debug)]
pub(crate) struct OpenConnections {
    max: usize,
    held: Mutex<Held>,
    /// Numbers connections, and orders the moments at which they were in use.
    moments: AtomicU64,
    one_ended: Notify,
    closed_idle: AtomicU64,
}

#[derive(Debug, Default)]
struct Held {
    open: HashMap<u64, Arc<Connection>>,
    closing: HashMap<u64, Arc<Connection>>,
}

/// A place among the open connections, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    connection: Arc<Connection>,
    of: Arc<OpenConnections>,
}

/// A request that is being answered on a connection, until it is dropped.
#[derive(Debug)]
pub(crate) struct RequestOf(Arc<Place>);

impl OpenConnections {
    pub(crate) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self {
            max,
            held: Mutex::default(),
            moments: AtomicU64::new(0),
            one_ended: Notify::new(),
            closed_idle: AtomicU64::new(0),
        })
    }

    pub(crate) fn count(&self) -> usize {
        self.held.lock().open.len()
    }

    pub(crate) fn max(&self) -> usize {
        self.max
    }

    /// Connections that were closed while they waited for a request, because others needed their places.
    pub(crate) fn closed_idle(&self) -> u64 {
        self.closed_idle.load(Ordering::Relaxed)
    }

    /// A place for a new connection, if there is one or can be made.
    pub(crate) fn open(self: &Arc<Self>, peer: Peer) -> Option<Arc<Place>> {
        let connection = Arc::new(Connection::new(self.next_moment(), peer));
        {
            let mut held = self.held.lock();
            if held.open.len() >= self.max {
                self.close_idle_in(&mut held);
            }
            if held.open.len() >= self.max {
                return None;
            }
            held.open.insert(connection.number(), Arc::clone(&connection));
        }
        Some(Arc::new(Place { connection, of: Arc::clone(self) }))
    }

    /// Closes some connections that wait for a request. Their places are free at once.
    pub(crate) fn close_idle(&self) {
        self.close_idle_in(&mut self.held.lock());
    }

    /// Closes several at a time, so that a flood of connections does not look through all of them for each.
    fn close_idle_in(&self, held: &mut Held) {
        let mut of_peer: HashMap<Peer, usize> = HashMap::new();
        let mut idle = Vec::new();
        for connection in held.open.values() {
            *of_peer.entry(connection.peer()).or_default() += 1;
            if connection.is_idle() {
                idle.push(Arc::clone(connection));
            }
        }
        // The peer with the most connections loses first, and the one that was not in use for longest.
        idle.sort_unstable_by_key(|connection| {
            (usize::MAX - of_peer.get(&connection.peer()).copied().unwrap_or(0), connection.used_at())
        });
        let closing_max = (self.max / 8).clamp(CLOSING_FEW, CLOSING_MAX);
        let room = closing_max.saturating_sub(held.closing.len());
        idle.truncate(room.min(self.max.div_ceil(CLOSING_MAX)));
        for connection in idle {
            connection.enter(Stage::Closing);
            held.open.remove(&connection.number());
            held.closing.insert(connection.number(), connection);
            self.closed_idle.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Lets all connections finish what has begun, and waits until they have.
    pub(crate) async fn finish(&self) {
        loop {
            let ended = self.one_ended.notified();
            {
                let held = self.held.lock();
                if held.open.is_empty() && held.closing.is_empty() {
                    return;
                }
                // Every time, because a connection may have come since.
                held.open.values().for_each(|connection| connection.enter(Stage::Finishing));
            }
            ended.await;
        }
    }

    fn next_moment(&self) -> u64 {
        self.moments.fetch_add(1, Ordering::Relaxed)
    }
}

impl Place {
    pub(crate) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }

    pub(crate) fn begin_request(self: &Arc<Self>) -> RequestOf {
        self.connection.begin_request();
        RequestOf(Arc::clone(self))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let number = self.connection.number();
        {
            let mut held = self.of.held.lock();
            held.open.remove(&number);
            held.closing.remove(&number);
        }
        self.of.one_ended.notify_waiters();
    }
}

impl Drop for RequestOf {
    fn drop(&mut self) {
        self.0.connection.end_request(self.0.of.next_moment());
    }
}
