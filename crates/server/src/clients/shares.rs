//! A number of units of which nobody can take the last ones from all others.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use super::client::Client;
use super::peer::Peer;

/// Limit: a peer may hold so many times what is left. Alone it gets eight of nine units, two peers get eight of 17
/// each; a newcomer always finds some.
pub(super) const PEER_TIMES_LEFT_MAX: usize = 8;
/// Limit: the same for a connection, so that one connection of a proxy leaves something for the proxy's others.
const CONNECTION_TIMES_LEFT_MAX: usize = 4;

/// What all clients share.
#[derive(Debug)]
pub(crate) struct Shares {
    max: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    units: usize,
    of_peers: HashMap<Peer, usize>,
    of_connections: HashMap<u64, usize>,
}

/// One unit, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    of: Arc<Shares>,
    peer: Peer,
    connection: u64,
}

impl Shares {
    pub(crate) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self { max, held: Mutex::default() })
    }

    pub(crate) fn held(&self) -> usize {
        self.held.lock().units
    }

    pub(crate) fn max(&self) -> usize {
        self.max
    }

    /// A unit, if one is left for this client.
    pub(crate) fn try_take(self: &Arc<Self>, client: &Client) -> Option<Share> {
        let (peer, connection) = (client.peer, client.connection.number());
        let mut held = self.held.lock();
        let left = self.max.saturating_sub(held.units);
        let of_peer = held.of_peers.get(&peer).copied().unwrap_or(0);
        let of_connection = held.of_connections.get(&connection).copied().unwrap_or(0);
        // Strictly more, so that a limit of one or two can be reached at all.
        let is_refused = left == 0
            || of_peer > PEER_TIMES_LEFT_MAX.saturating_mul(left)
            || of_connection > CONNECTION_TIMES_LEFT_MAX.saturating_mul(left);
        if is_refused {
            return None;
        }
        held.units += 1;
        *held.of_peers.entry(peer).or_default() += 1;
        *held.of_connections.entry(connection).or_default() += 1;
        Some(Share { of: Arc::clone(self), peer, connection })
    }
}

/// Takes one from a count, and forgets a count of zero.
pub(super) fn take_one<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, usize>, key: K) {
    let count = counts.entry(key);
    if let std::collections::hash_map::Entry::Occupied(mut count) = count {
        *count.get_mut() -= 1;
        if *count.get() == 0 {
            count.remove();
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = self.of.held.lock();
        held.units -= 1;
        take_one(&mut held.of_peers, self.peer);
        take_one(&mut held.of_connections, self.connection);
    }
}
