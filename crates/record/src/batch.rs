//! The spans of a batch: the payload of a frame of the log.
//!
//! Format: kind u8, which is 2 · the cutoff that the spans were checked against, i64 · the floor, i64 · count of resource
//! scopes, each length-prefixed · count of operations, then the operations · count of spans · runs of spans of the same
//! trace, each as trace id (16 bytes) · count · records. Counts are varints. Kind 1, which is still read, has no floor.

use bumpalo::Bump;
use span::{Reporter, ResourceScope, Span, Timestamp, TraceId};

use crate::operation::{
    Distinct, NamedOperation, Operation, put_operation, read_resource_scopes, take_operation,
};
use crate::reader::{Malformed, Reader, put_bytes};
use crate::resource_scope::{put_resource_scope, take_resource_scope};
use crate::span::{Record, write_span};
use crate::varint;

const KIND_WITHOUT_FLOOR: u8 = 1;
const KIND_SPANS: u8 = 2;
/// Limit: runs for which memory is reserved before they are read.
const RUNS_RESERVED_MAX: usize = 512;

/// Where the window began when a batch arrived.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WindowStart {
    /// The cutoff that the spans were checked against.
    pub cutoff: Timestamp,
    /// The floor: all spans that start before it were evicted for space. It is at most the cutoff.
    pub floor: Timestamp,
}

impl WindowStart {
    /// Where a window begins that time alone limits.
    pub fn without_floor(cutoff: Timestamp) -> Self {
        Self { cutoff, floor: Timestamp::MIN }
    }

    /// Where the window begins once space forces it to `floor`.
    #[must_use]
    pub fn with_floor(self, floor: Timestamp) -> Self {
        Self { cutoff: self.cutoff.max(floor), floor: self.floor.max(floor) }
    }
}

/// Encodes the spans as the payload of one log frame and replaces the content of `out`.
///
/// `start` is the one that the spans were checked against. Consecutive spans of one trace become one run, so the
/// caller groups the spans by trace. A resource scope is written once for all spans that refer to the same object in
/// memory.
pub fn write_batch(out: &mut Vec<u8>, start: WindowStart, spans: &[&Span<'_>]) {
    let is_whole = write_batch_within(usize::MAX, out, start, spans);
    assert!(is_whole, "the payload has no limit here");
}

/// Encodes the spans as [`write_batch`] does. Returns false as soon as the payload is longer than `bytes_max`; then
/// `out` contains only a part of it.
///
/// A payload can become much longer than the request that it came from: a request may have one large resource with
/// thousands of scopes, and the payload repeats the resource for each of them.
#[must_use]
pub fn write_batch_within(
    bytes_max: usize,
    out: &mut Vec<u8>,
    start: WindowStart,
    spans: &[&Span<'_>],
) -> bool {
    let mut distinct = Distinct::default();
    let numbers: Vec<u32> = spans.iter().map(|span| distinct.number_of(span)).collect();
    out.clear();
    out.push(KIND_SPANS);
    out.extend_from_slice(&start.cutoff.0.to_le_bytes());
    out.extend_from_slice(&start.floor.0.to_le_bytes());
    if !put_tables(bytes_max, out, &distinct) {
        return false;
    }
    varint::put(out, spans.len() as u64);
    let mut numbers = numbers.iter();
    for run in spans.chunk_by(|one, other| one.trace_id == other.trace_id) {
        let Some(first) = run.first() else { continue };
        out.extend_from_slice(&first.trace_id.to_bytes());
        varint::put(out, run.len() as u64);
        for (span, &number) in run.iter().zip(numbers.by_ref()) {
            write_span(out, span, number);
            if out.len() > bytes_max {
                return false;
            }
        }
    }
    true
}

fn put_tables(bytes_max: usize, out: &mut Vec<u8>, distinct: &Distinct<'_>) -> bool {
    varint::put(out, distinct.resource_scopes.len() as u64);
    let mut bytes = Vec::new();
    for resource_scope in &distinct.resource_scopes {
        bytes.clear();
        put_resource_scope(&mut bytes, resource_scope);
        put_bytes(out, &bytes);
        if out.len() > bytes_max {
            return false;
        }
    }
    varint::put(out, distinct.operations.len() as u64);
    for operation in &distinct.operations {
        put_operation(out, operation);
    }
    out.len() <= bytes_max
}

/// A parsed payload. Invariant: all runs and records are complete, and every number of an operation or a resource
/// scope is an index of its table. The content of resource scopes and attributes may still be damaged;
/// [`Batch::check`] checks it.
#[derive(Clone, Debug)]
pub struct Batch<'a> {
    pub start: WindowStart,
    /// The resource scopes, each as [`put_resource_scope`] writes it.
    pub resource_scopes: Vec<&'a [u8]>,
    pub operations: Vec<Operation<'a>>,
    len: usize,
    runs: Vec<Run<'a>>,
}

/// Consecutive spans of one trace, as they were passed to [`write_batch`].
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    pub trace_id: TraceId,
    count: usize,
    records: Reader<'a>,
}

impl<'a> Run<'a> {
    pub fn records(&self) -> impl Iterator<Item = Record<'a>> + use<'a> {
        let mut rest = self.records;
        (0..self.count).map_while(move |_| Record::take(&mut rest).ok())
    }
}

impl<'a> Batch<'a> {
    /// Parses a payload. Fails if it breaks the invariant of [`Batch`].
    pub fn parse(payload: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(payload);
        let has_floor = match reader.take_u8()? {
            KIND_WITHOUT_FLOOR => false,
            KIND_SPANS => true,
            _ => return Err(Malformed("the payload has an unknown kind")),
        };
        let cutoff = Timestamp(reader.take_i64()?);
        let floor = if has_floor { Timestamp(reader.take_i64()?) } else { Timestamp::MIN };
        let start = WindowStart { cutoff, floor };
        let resource_scopes: Vec<&[u8]> =
            (0..reader.take_count()?).map(|_| reader.take_bytes()).collect::<Result<_, _>>()?;
        let count = reader.take_count()?;
        let mut operations: Vec<Operation<'_>> = Vec::with_capacity(count.min(RUNS_RESERVED_MAX));
        for _ in 0..count {
            operations.push(take_operation(&mut reader)?);
        }
        let is_known = |operation: &Operation<'_>| {
            operation.resource_scope.is_none_or(|number| (number as usize) < resource_scopes.len())
        };
        if !operations.iter().all(is_known) {
            return Err(Malformed("an operation has an unknown resource scope"));
        }
        let len = reader.take_count()?;
        let runs = take_runs(&mut reader, len, operations.len())?;
        Ok(Self { start, resource_scopes, operations, len, runs })
    }

    /// Returns the number of spans.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn runs(&self) -> &[Run<'a>] {
        &self.runs
    }

    /// Returns who reported the spans of each operation.
    pub fn reporters(&self) -> Result<Vec<Reporter>, Malformed> {
        let arena = Bump::new();
        let resource_scopes = read_resource_scopes(self.resource_scopes.iter().copied(), &arena)?;
        // Once for each resource scope, because thousands of operations may share a large one.
        let instances: Vec<&str> = resource_scopes.iter().map(ResourceScope::instance).collect();
        let reporter = |operation: &Operation<'_>| {
            let instance = operation.resource_scope.and_then(|number| instances.get(number as usize));
            Reporter::of(operation.kind, operation.service, instance.copied())
        };
        Ok(self.operations.iter().map(reporter).collect())
    }

    /// Decodes all resource scopes and records once and discards them, so that later readers cannot fail.
    pub fn check(&self) -> Result<(), Malformed> {
        let mut arena = Bump::new();
        for &bytes in &self.resource_scopes {
            let mut reader = Reader::new(bytes);
            take_resource_scope(&mut reader, &arena)?;
            if !reader.is_empty() {
                return Err(Malformed("bytes follow a resource scope"));
            }
        }
        let nameless = NamedOperation {
            service: "",
            name: "",
            kind: span::Kind::UNSPECIFIED,
            flags: 0,
            resource_scope: None,
        };
        for run in &self.runs {
            for record in run.records() {
                arena.reset();
                record.decode(run.trace_id, &arena, &nameless)?;
            }
        }
        Ok(())
    }
}

fn take_runs<'a>(reader: &mut Reader<'a>, len: usize, operations: usize) -> Result<Vec<Run<'a>>, Malformed> {
    let mut runs = Vec::with_capacity(len.min(RUNS_RESERVED_MAX));
    let mut left = len;
    while left > 0 {
        let trace_id = TraceId::from_bytes(reader.take_array()?);
        let count = reader.take_count()?;
        left = left
            .checked_sub(count)
            .filter(|_| count > 0)
            .ok_or(Malformed("a run of spans has a wrong count"))?;
        runs.push(Run { trace_id, count, records: *reader });
        for _ in 0..count {
            if Record::take(reader)?.operation() as usize >= operations {
                return Err(Malformed("a span has an unknown operation"));
            }
        }
    }
    if reader.is_empty() { Ok(runs) } else { Err(Malformed("bytes follow the last span")) }
}
