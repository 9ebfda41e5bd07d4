//! Stores spans in a generation, for the tests.

use hot::{Generation, RootChange, RootOrder, Router, Slot};
use record::{Batch, Run, WindowStart, write_batch};
use span::{Timestamp, TraceId};
use testkit::{OwnedSpan, with_borrowed};

/// There is only one shard, so all traces share its tables.
pub(crate) const SHARD: usize = 0;
/// Even no cores give one shard.
pub(crate) const CORES: usize = 0;

pub(crate) fn generation(router: &Router) -> Generation {
    Generation::new(0, router, Timestamp(0), Timestamp(0))
}

pub(crate) fn trace_id(number: u8) -> TraceId {
    TraceId::from_bytes([number; 16])
}

/// Stores a span as the store does: as a record whose operation has a number in the generation.
pub(crate) fn push(
    generation: &Generation,
    (shard, slot): (usize, Slot),
    span: &OwnedSpan,
    older_root: Option<RootOrder>,
) -> RootChange {
    let mut payload = Vec::new();
    with_borrowed(std::slice::from_ref(span), |spans| {
        write_batch(
            &mut payload,
            WindowStart::without_floor(Timestamp(0)),
            &spans.iter().collect::<Vec<_>>(),
        );
    });
    let batch = Batch::parse(&payload).unwrap();
    let operations = generation.intern(&batch);
    let record = batch.runs().iter().flat_map(Run::records).next().unwrap();
    generation.write(shard).push(slot, record, operations[record.operation() as usize], older_root)
}
