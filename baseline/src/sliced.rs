//! The layout in ordered key-value stores: each time slice of the window has its own tables, so that expiry drops tables
//! instead of deleting rows.
//!
//! A slice has `traces` (trace id -> its spans in this slice) and `roots` (start | trace id -> nothing). A span is in the
//! slice of its start, so that one look-up finds a duplicate; reading a trace asks all slices.

use span::{Span, TraceId};

use crate::batch::{Counts, Names, SECOND_NANOS, by_trace, summarize};
use crate::codec::{self, EncodedTrace};
use crate::contract::{Listing, SpanStore, StoredSpan};
use crate::generate::WINDOW_NANOS;

/// How long after its end a slice is kept: children start soon after their root.
const GRACE_NANOS: i64 = SECOND_NANOS;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Table {
    /// Names and counts, for all slices.
    Meta,
    Traces(i64),
    Roots(i64),
}

impl Table {
    pub(crate) fn name(self) -> String {
        match self {
            Self::Meta => "meta".to_owned(),
            Self::Traces(slice) => format!("traces-{slice}"),
            Self::Roots(slice) => format!("roots-{slice}"),
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name.split_once('-') {
            None => (name == "meta").then_some(Self::Meta),
            Some(("traces", slice)) => slice.parse().ok().map(Self::Traces),
            Some(("roots", slice)) => slice.parse().ok().map(Self::Roots),
            Some(_) => None,
        }
    }
}

/// An ordered key-value store with tables. Errors panic, because this is a benchmark.
pub(crate) trait Kv {
    /// The tables that exist.
    fn tables(&self) -> Vec<Table>;
    /// Runs a change atomically. When it returns, the kernel has the change.
    fn update(&mut self, change: &mut dyn FnMut(&mut dyn Change));
    fn get(&self, table: Table, key: &[u8]) -> Option<Vec<u8>>;
    /// Visits the keys from `from` on, or without `from` all keys backwards, until `visit` returns false.
    fn scan(&self, table: Table, from: Option<&[u8]>, visit: &mut dyn FnMut(&[u8], &[u8]) -> bool);
    fn drop_tables(&mut self, tables: &[Table]);
    fn settle(&mut self);
}

pub(crate) trait Change {
    /// The value before the change.
    fn get(&mut self, table: Table, key: &[u8]) -> Option<Vec<u8>>;
    fn put(&mut self, table: Table, key: &[u8], value: &[u8]);
    fn remove(&mut self, table: Table, key: &[u8]);
}

pub(crate) struct Sliced<K> {
    kv: K,
    slice_nanos: i64,
    /// Ascending.
    slices: Vec<i64>,
    names: Names,
    counts: Counts,
}

impl<K: Kv> Sliced<K> {
    pub(crate) fn open(kv: K, slices: i64) -> Self {
        let (mut names, mut counts) = (Names::default(), Counts::default());
        let mut there = Vec::new();
        for table in kv.tables() {
            match table {
                Table::Traces(slice) => there.push(slice),
                Table::Roots(_) => (),
                Table::Meta => kv.scan(table, Some(b""), &mut |key, value| {
                    restore(&mut names, &mut counts, key, value);
                    true
                }),
            }
        }
        there.sort_unstable();
        // Whole seconds, so that the roots of one second lie in one slice.
        let slice_nanos = WINDOW_NANOS / SECOND_NANOS / slices * SECOND_NANOS;
        Self { kv, slice_nanos, slices: there, names, counts }
    }

    fn slice_of(&self, start: i64) -> i64 {
        start.div_euclid(self.slice_nanos)
    }

    fn find(&self, id: TraceId) -> Vec<StoredSpan> {
        let key = id.to_bytes();
        let mut spans: Vec<StoredSpan> = Vec::new();
        for value in self.slices.iter().filter_map(|slice| self.kv.get(Table::Traces(*slice), &key)) {
            let known = spans.len();
            let is_new = |span: &StoredSpan| spans[..known].iter().all(|one| one.span_id != span.span_id);
            let new: Vec<StoredSpan> = codec::decode(&value).into_iter().filter(is_new).collect();
            spans.extend(new);
        }
        spans
    }

    /// The keys of the latest roots.
    fn latest(&self, cutoff: i64, limit: usize) -> Vec<[u8; 24]> {
        let mut keys = Vec::with_capacity(limit);
        for slice in self.slices.iter().rev() {
            if keys.len() == limit {
                break;
            }
            self.kv.scan(Table::Roots(*slice), None, &mut |key, _| {
                let inside = start_in(key) >= cutoff;
                if inside {
                    keys.push(key.try_into().expect("a root key has 24 bytes"));
                }
                inside && keys.len() < limit
            });
        }
        keys
    }
}

impl<K: Kv> SpanStore for Sliced<K> {
    fn accept(&mut self, batch: &[Span<'static>]) {
        let spans = by_trace(batch);
        let slice_nanos = self.slice_nanos;
        let Self { kv, slices, names, counts, .. } = self;
        kv.update(&mut |change| {
            let place = |span: &Span<'_>| (span.trace_id, span.start.0.div_euclid(slice_nanos));
            for group in spans.chunk_by(|a, b| place(a) == place(b)) {
                let (_, slice) = place(&group[0]);
                if let Err(place) = slices.binary_search(&slice) {
                    slices.insert(place, slice);
                }
                put_trace(change, slice, group, names, counts);
            }
            for (second, roots) in counts.unsaved() {
                change.put(Table::Meta, &meta_key(b'c', second), &roots.to_le_bytes());
            }
            for (number, text) in names.unsaved() {
                change.put(Table::Meta, &meta_key(b'n', number as i64), text.as_bytes());
            }
        });
    }

    fn list(&mut self, cutoff: i64, limit: usize) -> Listing {
        let (mut total, next) = self.counts.after(cutoff);
        let edge = Table::Roots(self.slice_of(cutoff));
        if self.slices.contains(&self.slice_of(cutoff)) {
            self.kv.scan(edge, Some(&cutoff.to_be_bytes()), &mut |key, _| {
                let inside = start_in(key) < next;
                total += usize::from(inside);
                inside
            });
        }
        let keys = self.latest(cutoff, limit);
        let rows = keys.iter().map(|key| {
            let id = TraceId::from_bytes(key[8..].try_into().expect("sixteen bytes"));
            summarize(id, &self.find(id), &self.names)
        });
        Listing { total, rows: rows.collect() }
    }

    fn trace(&mut self, id: TraceId) -> Vec<StoredSpan> {
        self.find(id)
    }

    fn expire(&mut self, cutoff: i64) {
        let oldest = self.slice_of(cutoff - GRACE_NANOS);
        let kept = self.slices.partition_point(|slice| *slice < oldest);
        let gone: Vec<i64> = self.slices.drain(..kept).collect();
        let tables: Vec<Table> =
            gone.iter().flat_map(|slice| [Table::Traces(*slice), Table::Roots(*slice)]).collect();
        self.kv.drop_tables(&tables);
        let seconds = self.counts.expire(oldest * self.slice_nanos);
        self.kv.update(&mut |change| {
            for second in &seconds {
                change.remove(Table::Meta, &meta_key(b'c', *second));
            }
        });
    }

    fn settle(&mut self) {
        self.kv.settle();
    }
}

/// Adds spans of one trace to one slice, and their root if there is one.
fn put_trace(
    change: &mut dyn Change,
    slice: i64,
    group: &[Span<'static>],
    names: &mut Names,
    counts: &mut Counts,
) {
    let key = group[0].trace_id.to_bytes();
    let mut trace =
        change.get(Table::Traces(slice), &key).map_or_else(EncodedTrace::default, EncodedTrace::of);
    let mut grown = false;
    for span in group {
        if trace.append(span, names.number(span.service, span.name)) {
            grown = true;
            if span.is_root() {
                counts.add_root(span.start.0);
                change.put(Table::Roots(slice), &root_key(span.start.0, span.trace_id), b"");
            }
        }
    }
    if grown {
        change.put(Table::Traces(slice), &key, &trace.value);
    }
}

fn restore(names: &mut Names, counts: &mut Counts, key: &[u8], value: &[u8]) {
    let number = i64::from_be_bytes(key[1..].try_into().expect("eight bytes"));
    match key[0] {
        b'c' => counts.restore(number, u32::from_le_bytes(value.try_into().expect("four bytes"))),
        _ => names.restore(str::from_utf8(value).expect("written as text")),
    }
}

/// Times are after 1970, so their bytes sort as they do.
fn root_key(start: i64, id: TraceId) -> [u8; 24] {
    let mut key = [0; 24];
    key[..8].copy_from_slice(&start.to_be_bytes());
    key[8..].copy_from_slice(&id.to_bytes());
    key
}

fn start_in(key: &[u8]) -> i64 {
    i64::from_be_bytes(key[..8].try_into().expect("eight bytes"))
}

fn meta_key(kind: u8, number: i64) -> [u8; 9] {
    let mut key = [kind; 9];
    key[1..].copy_from_slice(&number.to_be_bytes());
    key
}
