//! A request's body: read within its limits, then decompressed within the same limits.

use std::pin::pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use budget::{Permit, Shortage};
use bytes::{Buf as _, Bytes, BytesMut};
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use crate::budgets::Bodies;
use crate::clients::client::Client;
use crate::clients::slots::Slot;
use crate::http::content_coding::ContentCoding;
use crate::http::media_type;
use crate::http::refusal::Refusal;
use crate::limits::Limits;

/// Limit: memory that is reserved for a body is so many times what has come of it, and no more than `content-length` says.
/// A client that only announces a large body gets no memory for it.
const TRUSTED_GROWTH: usize = 4;
/// Limit: a body that takes longer than this needs a slot.
const EARLY: Duration = Duration::from_millis(100);

/// A body that has come but was not read.
pub(crate) struct UnreadBody<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: Body,
    /// Grows with the bytes that are read.
    pub(crate) permit: Permit,
    pub(crate) limits: &'a Limits,
    pub(crate) arrival: Arrival<'a>,
}

/// A body on its way.
pub(crate) struct Arrival<'a> {
    client: &'a Client,
    bodies: &'a Bodies,
    received: AtomicUsize,
    /// Not yet there while the body is early.
    slot: OnceLock<Slot>,
}

/// A body in memory, and its part of the budget for queued bytes, which it holds as long as it lives.
pub(crate) struct QueuedBody {
    pub(crate) bytes: Bytes,
    permit: Permit,
}

/// Refuses a body that says that it is not JSON. Plain clients do not say anything, and are believed.
pub(crate) fn check_is_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let is_json = media_type::of_body(headers).is_none_or(|media_type| media_type == "application/json");
    if is_json { Ok(()) } else { Err(Refusal::media_type("application/json")) }
}

impl UnreadBody<'_> {
    /// Reads all of the body and decompresses it.
    pub(crate) async fn read(self) -> Result<QueuedBody, Refusal> {
        let coding = ContentCoding::of(self.headers)?;
        let limits = self.limits;
        let body = self.read_compressed().await?;
        // No bytes are no valid gzip, but some clients name a coding for an empty body.
        if body.bytes.is_empty() { Ok(body) } else { body.decompress(coding, limits).await }
    }

    /// Reads all of the body as it was sent.
    pub(crate) async fn read_compressed(self) -> Result<QueuedBody, Refusal> {
        let Self { headers, body, permit, limits, arrival } = self;
        let unread =
            Unread { announced: announced_bytes(headers), body, permit, bytes_max: limits.body_bytes_max };
        arrival.wait(unread.collect(&arrival), limits.body_timeout).await
    }
}

/// What is read of a body.
struct Unread {
    /// How long the body will be, if the request says so.
    announced: Option<usize>,
    body: Body,
    permit: Permit,
    bytes_max: usize,
}

impl Unread {
    async fn collect(mut self, arrival: &Arrival<'_>) -> Result<QueuedBody, Refusal> {
        let Self { announced, bytes_max, .. } = self;
        if announced.is_some_and(|bytes| bytes > bytes_max) {
            return Err(Refusal::body_too_large(bytes_max));
        }
        // Most bodies come as one frame, whose bytes are used as they are. Only a second frame makes copies necessary.
        let mut first = Bytes::new();
        let mut whole = BytesMut::new();
        while let Some(frame) = self.body.frame().await {
            let frame = frame.map_err(|error| {
                Refusal::bad_request(format!("the body ended early: {error}; send the request again"))
            })?;
            let Ok(data) = frame.into_data() else { continue };
            arrival.moved(data.len());
            if first.len() + whole.len() + data.len() > bytes_max {
                return Err(Refusal::body_too_large(bytes_max));
            }
            self.permit.grow(data.len()).map_err(|shortage| arrival.no_memory(shortage))?;
            if first.is_empty() && whole.is_empty() {
                first = data;
                continue;
            }
            if whole.is_empty() {
                whole.extend_from_slice(&std::mem::take(&mut first));
            }
            if whole.capacity() - whole.len() < data.len() {
                let needed = whole.len() + data.len();
                let trusted = announced.unwrap_or(usize::MAX).min(needed * TRUSTED_GROWTH);
                whole.reserve(trusted.max(needed) - whole.len());
            }
            whole.extend_from_slice(&data);
        }
        let bytes = if whole.is_empty() { first } else { whole.freeze() };
        Ok(QueuedBody { bytes, permit: self.permit })
    }
}

impl<'a> Arrival<'a> {
    pub(crate) fn new(client: &'a Client, bodies: &'a Bodies) -> Self {
        Self { client, bodies, received: AtomicUsize::new(0), slot: OnceLock::new() }
    }

    fn moved(&self, bytes: usize) {
        self.received.fetch_add(bytes, Ordering::Relaxed);
        if let Some(slot) = self.slot.get() {
            slot.moved(bytes);
        }
    }

    /// A body that comes slowly gives its memory to those that come when this one is sent again.
    fn no_memory(&self, shortage: Shortage) -> Refusal {
        self.bodies.slots.cut_slow();
        Refusal::no_body_memory(shortage)
    }

    fn slot(&self) -> Result<&Slot, Refusal> {
        let slot = self.bodies.slots.try_take(self.client).ok_or_else(Refusal::too_many_bodies)?;
        slot.begin_turn();
        slot.moved(self.received.load(Ordering::Relaxed));
        Ok(self.slot.get_or_init(|| slot))
    }

    /// Waits until the body has been read, or has to give its place to another one.
    async fn wait<R>(
        &self,
        reading: impl Future<Output = Result<R, Refusal>>,
        time: Duration,
    ) -> Result<R, Refusal> {
        let mut reading = pin!(reading);
        let mut left = time;
        // Most bodies arrive with the head of their request, and cost no more than this.
        if let Some(_early) = self.bodies.early.try_one() {
            let early = EARLY.min(time);
            if let Ok(read) = timeout(early, &mut reading).await {
                return read;
            }
            left = time.saturating_sub(early);
        }
        let slot = self.slot()?;
        tokio::select! {
            biased;
            read = timeout(left, &mut reading) => read.unwrap_or_else(|_| Err(Refusal::late_body(time))),
            () = slot.is_lost() => Err(Refusal::slower_than_others()),
        }
    }
}

fn announced_bytes(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

impl QueuedBody {
    /// Drops the first `count` bytes.
    pub(crate) fn skip(mut self, count: usize) -> Self {
        self.bytes.advance(count);
        self
    }

    pub(crate) async fn decompress(self, coding: ContentCoding, limits: &Limits) -> Result<Self, Refusal> {
        let Self { bytes, permit } = self;
        let bytes = coding.decompress(bytes, &permit, limits).await?;
        permit.shrink_to(bytes.len());
        Ok(Self { bytes, permit })
    }

    /// The memory that the body holds. It grows with what is decoded from the body.
    pub(crate) fn memory(&self) -> &Permit {
        &self.permit
    }
}
