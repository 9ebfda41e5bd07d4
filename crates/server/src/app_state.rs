//! What all handlers share, and the only way to the store.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use axum::body::Body;
use axum::http::HeaderMap;
use budget::Permit;
use span::Span;
use store::{Accepted, ClockStatus, Ledger, Now, Refused, Selection, Snapshot, Store, TrustedClock};

use crate::budgets::Budgets;
use crate::clients::client::Client;
use crate::clients::shares::Share;
use crate::clients::slots::Slot;
use crate::http::refusal::Refusal;
use crate::http::request_body::{Arrival, UnreadBody};
use crate::limits::Limits;
use crate::metrics::{Metrics, Sources};
use crate::offload::{Reads, ReadsFull};
use crate::recent_totals::RecentTotals;
use crate::scans::{Batches, Pace, ScanError, Scans};

pub(crate) struct AppState {
    /// Private, so that a handler can read it by [`AppState::read`] only.
    store: Arc<Store>,
    clock: Arc<TrustedClock>,
    pub(crate) limits: Limits,
    pub(crate) budgets: Budgets,
    pub(crate) reads: Arc<Reads>,
    pub(crate) scans: Arc<Scans>,
    /// One thread for the events of all streams, so that these do not wait for a scan.
    stream_events: Scans,
    batches: Batches,
    /// How many rootless traces the selections include.
    rootless_totals: Arc<RecentTotals>,
    /// Permits of its own for `/health`: a server whose reads all wait for the disk still says that it lives.
    health_reads: Arc<Reads>,
    pub(crate) metrics: Arc<Metrics>,
    /// Batches that the store has refused and that their senders are to send again.
    refused_batches: AtomicU64,
    /// True while requests are taken: from the first connection until the stop.
    is_ready: AtomicBool,
}

/// Limit: reads for `/health` at once; it is asked by one probe, or a few.
const HEALTH_READS_MAX: usize = 2;

impl AppState {
    /// # Errors
    /// If the system has no threads to give for scans.
    pub(crate) fn new(store: Arc<Store>, clock: Arc<TrustedClock>, limits: Limits) -> io::Result<Self> {
        let budgets = Budgets::new(&limits);
        let reads = Reads::new(limits.reads_max, limits.read_wait);
        let batches = Batches::default();
        let scans = Arc::new(Scans::start(&batches)?);
        let rootless_totals = Arc::default();
        let sources = Sources {
            store: &store,
            rootless_totals: &rootless_totals,
            clock: &clock,
            budgets: &budgets,
            reads: &reads,
            scans: &scans,
            limits: &limits,
        };
        let metrics = Arc::new(Metrics::new(&sources));
        Ok(Self {
            scans,
            stream_events: Scans::with_threads("stream", 1, &batches)?,
            batches,
            rootless_totals,
            store,
            clock,
            budgets,
            reads,
            health_reads: Reads::new(HEALTH_READS_MAX, limits.read_wait),
            metrics,
            limits,
            refused_batches: AtomicU64::new(0),
            is_ready: AtomicBool::new(false),
        })
    }

    pub(crate) fn now(&self) -> Now {
        self.clock.now()
    }

    pub(crate) fn clock_status(&self) -> ClockStatus {
        self.clock.status()
    }

    /// Asks the store something, away from the runtime's threads, at the instant at which that begins.
    pub(crate) async fn read<R: Send + 'static>(
        &self,
        question: impl FnOnce(&Store, Now) -> R + Send + 'static,
    ) -> Result<R, ReadsFull> {
        self.reads.run(self.prepared(question)).await
    }

    /// Asks for an event of streams, on the thread for that.
    pub(crate) async fn stream_event<R: Send + 'static>(
        &self,
        question: impl FnOnce(&Store, Now, &Pace) -> R + Send + 'static,
    ) -> Result<R, ScanError> {
        self.stream_events.run(self.prepared_scan(question)).await
    }

    /// Asks something that goes over the whole window, on the threads for that. It ends early when the client goes.
    pub(crate) async fn scan<R: Send + 'static>(
        &self,
        question: impl FnOnce(&Store, Now, &Pace) -> R + Send + 'static,
    ) -> Result<R, ScanError> {
        self.scans.run(self.prepared_scan(question)).await
    }

    pub(crate) fn prepared_scan<R>(
        &self,
        question: impl FnOnce(&Store, Now, &Pace) -> R + Send + 'static,
    ) -> impl FnOnce(&Pace) -> R + Send + 'static {
        let (store, clock) = (Arc::clone(&self.store), Arc::clone(&self.clock));
        move |pace| question(&store, clock.now(), pace)
    }

    /// Returns how many rootless traces the selection includes, or included a moment ago.
    pub(crate) fn rootless(&self, snapshot: &Snapshot, selection: Selection) -> u64 {
        self.rootless_totals.get(selection, || snapshot.count_rootless(selection) as u64)
    }

    /// A position in the change feed, which is in memory.
    pub(crate) fn subscribe(&self) -> u64 {
        self.store.subscribe(self.now())
    }

    /// Asks for `/health`, which has permits of its own.
    pub(crate) async fn read_health<R: Send + 'static>(
        &self,
        question: impl FnOnce(&Store, Now) -> R + Send + 'static,
    ) -> Result<R, ReadsFull> {
        self.health_reads.run(self.prepared(question)).await
    }

    fn prepared<R>(
        &self,
        question: impl FnOnce(&Store, Now) -> R + Send + 'static,
    ) -> impl FnOnce() -> R + Send + 'static {
        let (store, clock) = (Arc::clone(&self.store), Arc::clone(&self.clock));
        move || question(&store, clock.now())
    }

    /// Memory for an answer: none yet.
    pub(crate) fn answer_memory(&self) -> Permit {
        self.budgets.answer_bytes.empty_permit()
    }

    /// A request's body, to be read within the limits of the server.
    pub(crate) fn unread_body<'a>(
        &'a self,
        client: &'a Client,
        headers: &'a HeaderMap,
        body: Body,
    ) -> UnreadBody<'a> {
        let permit = self.budgets.queued_bytes.empty_permit();
        let arrival = Arrival::new(client, &self.budgets.bodies);
        UnreadBody { headers, body, permit, limits: &self.limits, arrival }
    }

    /// Hands spans to the store, on this thread.
    pub(crate) fn accept(&self, spans: &[Span<'_>]) -> Result<Accepted, Refused> {
        self.batches.note();
        let accepted = self.store.accept(spans, self.now());
        if accepted.is_err() {
            self.refused_batches.fetch_add(1, Ordering::Relaxed);
        }
        accepted
    }

    /// Whether [`AppState::accept`] may wait: for the disk to have the spans, or for room in the memory.
    pub(crate) fn accept_may_wait(&self) -> bool {
        self.store.may_wait()
    }

    /// Whether batches are taken, as far as the store knows.
    pub(crate) fn takes_writes(&self) -> bool {
        self.store.takes_writes()
    }

    /// What became of all spans so far: counters, which are in memory.
    pub(crate) fn ledger(&self) -> Ledger {
        self.store.ledger()
    }

    pub(crate) fn refused_batches(&self) -> u64 {
        self.refused_batches.load(Ordering::Relaxed)
    }

    /// Requests are taken from here on.
    pub(crate) fn begin(&self) {
        self.is_ready.store(true, Ordering::Relaxed);
    }

    /// New requests are refused from here on.
    pub(crate) fn stop(&self) {
        self.is_ready.store(false, Ordering::Relaxed);
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.is_ready.load(Ordering::Relaxed)
    }

    /// Refuses a request while the server starts or stops.
    pub(crate) fn check_is_ready(&self) -> Result<(), Refusal> {
        if self.is_ready() { Ok(()) } else { Err(Refusal::starting_or_stopping()) }
    }

    /// A share of the batches that are being stored. The body has arrived by then, so a slow client holds none.
    pub(crate) fn batch_share(&self, client: &Client) -> Result<Share, Refusal> {
        let sentence = "too many batches are being stored (--requests-max); try again in a second";
        self.budgets.batches.try_take(client).ok_or_else(|| Refusal::overload(sentence))
    }

    /// A slot for a query and its answer.
    pub(crate) fn query_slot(&self, client: &Client) -> Result<Slot, Refusal> {
        self.check_is_ready()?;
        let sentence = "too many queries are being answered (--requests-max); try again in a second";
        self.budgets.queries.try_take(client).ok_or_else(|| Refusal::overload(sentence))
    }
}
