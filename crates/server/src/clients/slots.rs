//! Slots for what waits for clients: bodies that arrive, and answers that clients take.
//!
//! A slow client would hold its slot for long. So while slots are left, everyone may be slow; when the last one is
//! taken, a newcomer gets the slot of somebody else: of the peer that holds the most, there of the connection that
//! holds the most, and there of the slowest. Among equals only those lose that are slow beyond doubt.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::client::{Client, Stage};
use super::peer::Peer;
use super::shares::{PEER_TIMES_LEFT_MAX, take_one};

/// Limit: a client gets so long before it can count as slow. It is the time that a lost packet takes to come again, several
/// times.
const GRACE: Duration = Duration::from_secs(1);
/// Limit: a client that moves fewer bytes a second is slow. Any link that carries traces is faster.
const SLOW_BYTES_PER_SECOND: u64 = 16 * 1024;
/// Limit: how much of the past counts for how fast a client is; what it was before that counts half and less.
const RECENT: Duration = Duration::from_secs(2);
/// One in so many slots is made free at a time, so that a flood of clients does not look through all of them for each.
const PARTS: usize = 64;
/// For so long nobody is looked for again for a peer for which nobody was found.
const FRUITLESS: Duration = Duration::from_millis(10);

/// What a client that loses its slot loses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Losing {
    /// The request: whoever holds the slot waits for [`Slot::is_lost`].
    Request,
    /// The connection: an answer that has begun cannot end in any other way.
    Connection,
}

#[derive(Debug)]
pub(crate) struct Slots {
    max: usize,
    losing: Losing,
    held: Mutex<Held>,
    lost: AtomicU64,
}

#[derive(Debug, Default)]
struct Held {
    next: u64,
    holders: HashMap<u64, Arc<Holder>>,
    of_peers: HashMap<Peer, usize>,
    of_connections: HashMap<u64, usize>,
    /// The peer for which nobody was found that loses a slot, and when.
    fruitless: Option<(Peer, Instant)>,
}

#[derive(Debug)]
struct Holder {
    number: u64,
    client: Client,
    pace: Mutex<Pace>,
    lost: Notify,
}

/// How fast a client moves its bytes while it is its turn, of late.
#[derive(Debug)]
struct Pace {
    /// Bytes, and the time that they took. Both are halved when that is long, so that the past counts less and less.
    bytes: u64,
    took: Duration,
    /// Since when it is the client's turn, as far as that is not in `took`.
    turn_since: Option<Instant>,
    /// All bytes so far.
    total: u64,
}

/// A slot, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    of: Arc<Slots>,
    holder: Arc<Holder>,
}

impl Slots {
    pub(crate) fn new(max: usize, losing: Losing) -> Arc<Self> {
        Arc::new(Self { max, losing, held: Mutex::default(), lost: AtomicU64::new(0) })
    }

    pub(crate) fn count(&self) -> usize {
        self.held.lock().holders.len()
    }

    pub(crate) fn max(&self) -> usize {
        self.max
    }

    /// Slots that clients have lost to others.
    pub(crate) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// A slot, if one is left or somebody has to give one up.
    pub(crate) fn try_take(self: &Arc<Self>, client: &Client) -> Option<Slot> {
        let mut held = self.held.lock();
        if !self.has_room(&held, client) {
            self.make_room(&mut held, client);
        }
        if !self.has_room(&held, client) {
            return None;
        }
        let holder = Arc::new(Holder::new(held.next, client.clone()));
        held.next += 1;
        held.holders.insert(holder.number, Arc::clone(&holder));
        *held.of_peers.entry(client.peer).or_default() += 1;
        *held.of_connections.entry(client.connection.number()).or_default() += 1;
        Some(Slot { of: Arc::clone(self), holder })
    }

    fn has_room(&self, held: &Held, client: &Client) -> bool {
        let left = self.max.saturating_sub(held.holders.len());
        left > 0 && held.of_peer(client.peer) <= PEER_TIMES_LEFT_MAX.saturating_mul(left)
    }

    fn make_room(&self, held: &mut Held, client: &Client) {
        let now = Instant::now();
        let is_too_soon =
            |&(peer, at): &(Peer, Instant)| peer == client.peer && now.duration_since(at) < FRUITLESS;
        if held.fruitless.as_ref().is_some_and(is_too_soon) {
            return;
        }
        let losers = held.losers(client, now, self.max.div_ceil(PARTS));
        held.fruitless = losers.is_empty().then_some((client.peer, now));
        for holder in &losers {
            self.take_from(held, holder);
        }
    }

    /// Takes the slot of a slow client, because something else that its request holds has run out: memory. It is the
    /// slow one that has moved the most.
    pub(crate) fn cut_slow(&self) {
        let now = Instant::now();
        let mut held = self.held.lock();
        let slow = held.holders.values().filter_map(|holder| {
            let mut pace = holder.pace.lock();
            (pace.turn_since.is_some() && pace.is_slow(now)).then_some((pace.total, holder))
        });
        let largest = slow.max_by_key(|&(total, _)| total).map(|(_, holder)| Arc::clone(holder));
        if let Some(holder) = largest {
            self.take_from(&mut held, &holder);
        }
    }

    fn take_from(&self, held: &mut Held, holder: &Holder) {
        held.remove(holder);
        match self.losing {
            Losing::Request => holder.lost.notify_one(),
            Losing::Connection => holder.client.connection.enter(Stage::Cut),
        }
        self.lost.fetch_add(1, Ordering::Relaxed);
    }
}

impl Held {
    fn of_peer(&self, peer: Peer) -> usize {
        self.of_peers.get(&peer).copied().unwrap_or(0)
    }

    fn of_connection(&self, number: u64) -> usize {
        self.of_connections.get(&number).copied().unwrap_or(0)
    }

    /// Those that lose their slots to a client, at most so many.
    fn losers(&self, newcomer: &Client, now: Instant, max: usize) -> Vec<Arc<Holder>> {
        let of_newcomer = (self.of_peer(newcomer.peer), self.of_connection(newcomer.connection.number()));
        let mut losers: Vec<_> = self
            .holders
            .values()
            .filter_map(|holder| {
                let (peer, connection) = (holder.client.peer, holder.client.connection.number());
                let held = (self.of_peer(peer), self.of_connection(connection));
                let mut pace = holder.pace.lock();
                // More by two: to take from those that would then hold less goes round for ever.
                let has_more =
                    held.0 > of_newcomer.0 + 1 || (peer == newcomer.peer && held.1 > of_newcomer.1 + 1);
                let is_its_turn = pace.turn_since.is_some();
                let loses = is_its_turn && (has_more || pace.is_slow(now));
                loses.then(|| ((held, !pace.bytes_per_second(now)), Arc::clone(holder)))
            })
            .collect();
        losers.sort_unstable_by(|(one, _), (other, _)| other.cmp(one));
        losers.into_iter().take(max).map(|(_, holder)| holder).collect()
    }

    fn remove(&mut self, holder: &Holder) {
        // Whoever has lost its slot does not have it to give back.
        if self.holders.remove(&holder.number).is_some() {
            take_one(&mut self.of_peers, holder.client.peer);
            take_one(&mut self.of_connections, holder.client.connection.number());
        }
    }
}

impl Holder {
    fn new(number: u64, client: Client) -> Self {
        let pace = Pace { bytes: 0, took: Duration::ZERO, turn_since: None, total: 0 };
        Self { number, client, pace: Mutex::new(pace), lost: Notify::new() }
    }
}

impl Pace {
    /// Counts the time until now.
    fn go_on(&mut self, now: Instant) {
        let Some(since) = self.turn_since.replace(now) else {
            self.turn_since = None;
            return;
        };
        let mut elapsed = now.duration_since(since);
        if elapsed > RECENT * 32 {
            (self.bytes, self.took, elapsed) = (0, RECENT, Duration::ZERO);
        }
        while self.took + elapsed > RECENT {
            elapsed = elapsed.saturating_sub(RECENT.saturating_sub(self.took));
            self.took = RECENT / 2;
            self.bytes /= 2;
        }
        self.took += elapsed;
    }

    fn bytes_per_second(&mut self, now: Instant) -> u64 {
        self.go_on(now);
        let millis = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX);
        self.bytes.saturating_mul(1000) / millis.max(1)
    }

    fn is_slow(&mut self, now: Instant) -> bool {
        self.bytes_per_second(now) < SLOW_BYTES_PER_SECOND && self.took >= GRACE
    }
}

impl Slot {
    /// From now on the server waits for the client.
    pub(crate) fn begin_turn(&self) {
        self.holder.pace.lock().turn_since = Some(Instant::now());
    }

    /// The client has moved so many bytes; its turn goes on.
    pub(crate) fn moved(&self, bytes: usize) {
        let mut pace = self.holder.pace.lock();
        pace.go_on(Instant::now());
        pace.bytes += bytes as u64;
        pace.total += bytes as u64;
    }

    /// The server goes on.
    pub(crate) fn end_turn(&self) {
        let mut pace = self.holder.pace.lock();
        pace.go_on(Instant::now());
        pace.turn_since = None;
    }

    /// Ends when another client has got the slot.
    pub(crate) async fn is_lost(&self) {
        self.holder.lost.notified().await;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.of.held.lock().remove(&self.holder);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::time::advance;

    use super::{GRACE, Losing, Slot, Slots};
    use crate::clients::client::{Client, Connection, Stage};
    use crate::clients::peer::Peer;

    fn client(peer: u8, connection: u64) -> Client {
        let peer = Peer::of([192, 0, 2, peer].into());
        Client { peer, connection: Arc::new(Connection::new(connection, peer)) }
    }

    fn take(slots: &Arc<Slots>, client: &Client) -> Option<Slot> {
        let slot = slots.try_take(client)?;
        slot.begin_turn();
        Some(slot)
    }

    fn has_lost(slot: &Slot) -> bool {
        futures_util::FutureExt::now_or_never(slot.is_lost()).is_some()
    }

    #[tokio::test(start_paused = true)]
    async fn the_peer_that_holds_the_most_loses_its_slowest() {
        let slots = Slots::new(4, Losing::Request);
        let greedy = client(1, 1);
        let held: Vec<_> = (0..3).filter_map(|_| take(&slots, &greedy)).collect();
        let modest = take(&slots, &client(2, 2)).expect("one is left");
        advance(Duration::from_millis(1)).await;
        held[0].moved(10);
        held[2].moved(10);
        let newcomer = take(&slots, &client(3, 3)).expect("somebody has to go");
        assert_eq!(held.iter().map(has_lost).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!((has_lost(&modest), has_lost(&newcomer), slots.lost()), (false, false, 1));
        let fourth = take(&slots, &client(4, 4)).expect("one of the two that are left to the greedy one");
        assert!(
            take(&slots, &client(5, 5)).is_none(),
            "everyone has one: to take it would go round for ever"
        );
        drop((held, modest, newcomer, fourth));
        assert_eq!(slots.count(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_connections_of_a_peer_share_what_it_has() {
        let slots = Slots::new(4, Losing::Connection);
        let [greedy, modest] = [client(1, 1), client(1, 2)];
        let _held: Vec<_> = (0..4).filter_map(|_| take(&slots, &greedy)).collect();
        assert!(take(&slots, &greedy).is_none(), "nobody takes from itself what is not slow");
        advance(super::FRUITLESS).await;
        assert!(take(&slots, &modest).is_some());
        assert_eq!((greedy.connection.stage(), modest.connection.stage()), (Stage::Cut, Stage::Open));
    }

    #[tokio::test(start_paused = true)]
    async fn among_equals_those_lose_that_are_slow() {
        let slots = Slots::new(3, Losing::Request);
        let [slow, was_fast, waiting] = [(); 3].map(|()| take(&slots, &client(1, 1)).expect("it is left"));
        waiting.end_turn();
        was_fast.moved(1 << 20);
        for _ in 0..10 {
            advance(GRACE).await;
            slow.moved(1000);
        }
        let third = take(&slots, &client(1, 1)).expect("one is slow");
        assert!(has_lost(&slow) && !has_lost(&waiting), "it is the server's turn there");
        assert!(!has_lost(&was_fast), "one at a time");
        third.moved(1 << 20);
        let fourth = take(&slots, &client(1, 1)).expect("what was fast has become slow");
        assert!(has_lost(&was_fast));
        assert!(take(&slots, &client(1, 1)).is_none());
        drop((third, fourth));
    }
}
