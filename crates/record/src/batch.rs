//! The spans of a batch: the payload of a frame of the log.
//!
//! Format: kind u8, 1 · the edge of the window they were judged by, i64 · count of origins, each behind its
//! length · count of spans, each as trace id (16 bytes) · record. Counts are varints.

use bumpalo::Bump;
use span::{Origin, Span, Timestamp, TraceId};

use crate::origin::{put_origin, take_origin};
use crate::reader::{Malformed, Reader, put_bytes};
use crate::span::{Record, write_span};
use crate::varint;

const KIND_SPANS: u8 = 1;

/// Writes the spans as one payload, over what `out` held. Spans that point to the same origin share it.
pub fn write_batch<'a>(
    out: &mut Vec<u8>,
    cutoff: Timestamp,
    spans: impl Iterator<Item = &'a Span<'a>> + Clone,
) {
    out.clear();
    out.push(KIND_SPANS);
    out.extend_from_slice(&cutoff.0.to_le_bytes());
    let origins = distinct_origins(spans.clone());
    varint::put(out, origins.len() as u64);
    let mut bytes = Vec::new();
    for origin in &origins {
        bytes.clear();
        put_origin(&mut bytes, origin);
        put_bytes(out, &bytes);
    }
    varint::put(out, spans.clone().count() as u64);
    let mut last = 0;
    for span in spans {
        out.extend_from_slice(&span.trace_id.to_bytes());
        let number = span.origin.map(|origin| number_of(&origins, origin, &mut last));
        write_span(out, span, number);
    }
}

/// Told apart by address: senders share one for many spans.
fn distinct_origins<'a>(spans: impl Iterator<Item = &'a Span<'a>>) -> Vec<&'a Origin<'a>> {
    let mut origins: Vec<&Origin<'_>> = Vec::new();
    for origin in spans.filter_map(|span| span.origin) {
        let is_last = origins.last().is_some_and(|last| std::ptr::eq(*last, origin));
        if !is_last && !origins.iter().any(|known| std::ptr::eq(*known, origin)) {
            origins.push(origin);
        }
    }
    origins
}

fn number_of(origins: &[&Origin<'_>], origin: &Origin<'_>, last: &mut usize) -> u32 {
    let is_it = |known: &&Origin<'_>| std::ptr::eq(*known, origin);
    if !origins.get(*last).is_some_and(is_it) {
        *last = origins.iter().position(is_it).expect("every origin was listed");
    }
    u32::try_from(*last).expect("a batch has less than 2^32 spans")
}

/// One span of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub trace_id: TraceId,
    pub record: Record<'a>,
}

/// A payload, cut into its parts. Invariant: every record has its header; [`Batch::check`] says more.
#[derive(Clone, Debug)]
pub struct Batch<'a> {
    pub cutoff: Timestamp,
    /// The origins, each as [`put_origin`] wrote it.
    pub origins: Vec<&'a [u8]>,
    count: usize,
    entries: Reader<'a>,
}

impl<'a> Batch<'a> {
    /// Cuts a payload into its parts and looks at each of the lengths.
    pub fn parse(payload: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(payload);
        if reader.take_u8()? != KIND_SPANS {
            return Err(Malformed("a payload has an unknown kind"));
        }
        let cutoff = Timestamp(reader.take_i64()?);
        let origins = (0..reader.take_count()?).map(|_| reader.take_bytes()).collect::<Result<_, _>>()?;
        let count = reader.take_count()?;
        let batch = Self { cutoff, origins, count, entries: reader };
        let mut rest = reader;
        for _ in 0..count {
            take_entry(&mut rest)?;
        }
        if rest.is_empty() { Ok(batch) } else { Err(Malformed("something stands behind the last span")) }
    }

    /// How many spans there are.
    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub fn entries(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let mut rest = self.entries;
        std::iter::from_fn(move || take_entry(&mut rest).ok())
    }

    /// Reads everything once, so that no reader behind it meets a surprise.
    pub fn check(&self) -> Result<(), Malformed> {
        let mut arena = Bump::new();
        for &bytes in &self.origins {
            let mut reader = Reader::new(bytes);
            take_origin(&mut reader, &arena)?;
            if !reader.is_empty() {
                return Err(Malformed("something stands behind an origin"));
            }
        }
        let origin = Origin::default();
        for entry in self.entries() {
            arena.reset();
            let known = |number: u32| ((number as usize) < self.origins.len()).then_some(&origin);
            entry.record.decode(entry.trace_id, &arena, known)?;
        }
        Ok(())
    }
}

fn take_entry<'a>(reader: &mut Reader<'a>) -> Result<Entry<'a>, Malformed> {
    let trace_id = TraceId::from_bytes(reader.take_array()?);
    Ok(Entry { trace_id, record: Record::take(reader)? })
}
