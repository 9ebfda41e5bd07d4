//! How much time `platform::prefetch` saves when a batch goes into a shard: `docs/decisions/0013-prefetch.md`.
//!
//! Batches with and without it alternate, so that other load on the machine affects both.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use hot::{Before, Generation, Hash, NumberedOperation, Router, Shard};
use platform::prefetch;
use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use record::{Batch, Run, WindowStart, write_batch};
use span::{Timestamp, TraceId};
use testkit::{OwnedSpan, with_borrowed};

/// Traces in the shard.
const TRACES: [usize; 3] = [1_000, 30_000, 1_000_000];
/// Traces in a batch.
const LOOKUPS: usize = 100;
/// Spans of each trace in a batch.
const SPANS: u8 = 4;
const BATCHES: usize = 2_000;
/// More memory than the caches of one core hold: it stands for what parsing and logging read between two batches.
const OTHER_BYTES: usize = 4 << 20;
const CACHE_LINE_BYTES: usize = 64;

type Lookups = Vec<(Hash, TraceId)>;

fn main() {
    println!("median of a trace, in batches of {LOOKUPS} traces with {SPANS} spans each");
    let spans: Vec<OwnedSpan> =
        (0..SPANS).map(|id| OwnedSpan::child(0, id, SPANS, Timestamp(id.into()))).collect();
    let mut payload = Vec::new();
    with_borrowed(&spans, |spans| {
        write_batch(
            &mut payload,
            WindowStart::without_floor(Timestamp(0)),
            &spans.iter().collect::<Vec<_>>(),
        );
    });
    let parsed = Batch::parse(&payload).expect("it was just written");
    let run = parsed.runs()[0];
    for traces in TRACES {
        let router = Router::new(1);
        let generation = Generation::new(0, &router, Timestamp(0), Timestamp(0));
        let operations = generation.intern(&parsed);
        let batch = (&run, &*operations);
        let batches = fill(&mut generation.write(0), &router, traces);
        for other_bytes in [0, OTHER_BYTES] {
            let other = vec![1; other_bytes];
            let [without, with] = measure(&mut generation.write(0), &batches, batch, &other);
            let ratio = without.as_secs_f64() / with.as_secs_f64();
            let cache = if other.is_empty() { "used by nothing else" } else { "used by others in between" };
            println!("{traces} traces, cache {cache}: {without:?} without, {with:?} with, ratio {ratio:.2}");
        }
    }
}

/// Begins this many traces, and picks random ones for each batch.
fn fill(shard: &mut Shard, router: &Router, traces: usize) -> Vec<Lookups> {
    let mut rng = SmallRng::seed_from_u64(1);
    let mut begun = Vec::with_capacity(traces);
    for _ in 0..traces {
        let id = TraceId::from_bytes(rng.random());
        let hash = router.hash(id);
        shard.begin(hash, id, Before::Nothing);
        begun.push((hash, id));
    }
    (0..BATCHES).map(|_| (0..LOOKUPS).map(|_| begun[rng.random_range(0..traces)]).collect()).collect()
}

/// Returns the medians without and with prefetching.
fn measure(
    shard: &mut Shard,
    batches: &[Lookups],
    spans: (&Run<'_>, &[NumberedOperation]),
    other: &[u8],
) -> [Duration; 2] {
    let mut times = [Vec::new(), Vec::new()];
    for (number, batch) in batches.iter().enumerate() {
        black_box(other.iter().step_by(CACHE_LINE_BYTES).fold(0, |combined, byte| combined ^ byte));
        let is_prefetched = number % 2 == 1;
        times[usize::from(is_prefetched)].push(time(|| {
            if is_prefetched {
                prefetch(batch, |&(hash, id)| shard.touch(hash, id));
            }
            insert(shard, batch, spans);
        }));
    }
    times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2] / u32::try_from(LOOKUPS).expect("a small number")
    })
}

/// Does what the store does with a batch: compares the spans of each trace with the stored ones, or stores them.
fn insert(shard: &mut Shard, batch: &Lookups, (run, operations): (&Run<'_>, &[NumberedOperation])) {
    for &(hash, id) in batch {
        let slot = shard.find(hash, id).expect("it was begun");
        for record in run.records() {
            let operation = operations[record.operation() as usize];
            if !shard.contains(slot, (record.span_id(), operation.reporter), Timestamp(0)) {
                shard.push(slot, record, operation, None);
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures the time that really passes")]
fn time(work: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}
