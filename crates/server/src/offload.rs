//! Runs work that reads segments, or takes long, away from the runtime's threads.
//!
//! The rule: **every question to the store goes through [`Reads`]**, or is a scan (`crate::scans`). A question may touch pages of a segment that are
//! not in memory, and then its thread blocks until the disk has answered. The runtime has one thread for each
//! core; a few such questions on them would stall every connection, writes included.
//!
//! Why `spawn_blocking`, and not `block_in_place`, although it costs more (6 to 8 µs against 2 to 3 µs on two cores):
//!
//! * A limit is possible. Beside 600 reads of 200 ms each, started at once, `block_in_place` took a thread for each
//!   until the runtime had none left (512); then its workers stood still, and another task waited for 201 ms. With
//!   [`Reads`] in front, at most `reads_max` threads are taken, the other questions are futures that wait, and the
//!   other task waited for 0.5 to 22 ms on a machine that was busy with other work.
//! * It moves the question alone. `block_in_place` stops the whole task, the timers of its connection included.
//! * It works in a runtime of one thread, where `block_in_place` panics.
//!
//! **Batches are the exception** ([`run_in_place`]): a body of up to [`INLINE_BYTES_MAX`] is parsed and stored on the
//! thread that has read it, because tens of microseconds are less than it takes to wake another one. Storing it may
//! read a segment, where a trace is split: its earlier pieces are looked up. That is rare, and a few rows.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tokio::task::JoinError;

/// Limit: a body of up to so many bytes is worked through on the thread that has read it (tens of microseconds).
pub(crate) const INLINE_BYTES_MAX: usize = 256 * 1024;

/// How long a read keeps its turn. Reads have as many turns as there are cores: most are over in less time than this, and
/// more of them at once would only take the cores away from batches. A read that takes longer mostly waits for the
/// disk, and then another one may begin.
const TURN_MAX: Duration = Duration::from_millis(20);

/// The questions that read the store at once.
#[derive(Debug)]
pub(crate) struct Reads {
    permits: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    max: usize,
    wait_max: Duration,
}

/// No permit to read the store was free for as long as a question waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the server already answers {max} reads (--reads-max); try again in a second")]
pub(crate) struct ReadsFull {
    max: usize,
}

impl Reads {
    pub(crate) fn new(max: usize, wait_max: Duration) -> Arc<Self> {
        // More than a semaphore can count is as good as no limit.
        let max = max.min(Semaphore::MAX_PERMITS);
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let turns = Arc::new(Semaphore::new(cores));
        Arc::new(Self { permits: Arc::new(Semaphore::new(max)), turns, max, wait_max })
    }

    pub(crate) fn held(&self) -> usize {
        self.max - self.permits.available_permits()
    }

    pub(crate) fn max(&self) -> usize {
        self.max
    }

    /// Runs a question on a thread that may wait for the disk.
    pub(crate) async fn run<R: Send + 'static>(
        &self,
        question: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, ReadsFull> {
        match tokio::time::timeout(self.wait_max, self.permit()).await {
            Ok(permit) => Ok(self.run_with(permit, question).await),
            Err(_) => Err(ReadsFull { max: self.max }),
        }
    }

    /// Goes on with an answer that has begun. Its status has left, so it cannot be refused any more: it waits for a
    /// permit as long as that takes. Permits are given in the order in which they were asked for.
    pub(crate) async fn resume<R: Send + 'static>(&self, rest: impl FnOnce() -> R + Send + 'static) -> R {
        self.run_with(self.permit().await, rest).await
    }

    async fn permit(&self) -> OwnedSemaphorePermit {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        permit.expect("nothing closes this semaphore")
    }
}

impl Reads {
    /// The permit goes with the work: a client that hangs up does not end a read that has begun.
    async fn run_with<R: Send + 'static>(
        &self,
        permit: OwnedSemaphorePermit,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> R {
        let turn = self.turns.acquire().await.expect("nothing closes this semaphore");
        let mut working = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        if let Ok(ended) = tokio::time::timeout(TURN_MAX, &mut working).await {
            return unwrap_or_panic(ended).await;
        }
        drop(turn);
        unwrap_or_panic(working.await).await
    }
}

/// Hands a panic of the work on.
async fn unwrap_or_panic<R>(ended: Result<R, JoinError>) -> R {
    match ended {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime is being dropped, and this task with it.
            Err(_) => std::future::pending().await,
        },
    }
}

/// Limit: large bodies that are decompressed or decoded at once in this process. More of them would only take turns on
/// the processors, and each holds its memory while it waits for its turn there.
static LARGE_BODIES: Semaphore = Semaphore::const_new(LARGE_BODIES_MAX);
const LARGE_BODIES_MAX: usize = 8;

/// Waits until fewer than [`LARGE_BODIES_MAX`] large bodies are being worked through.
pub(crate) async fn large_body_turn() -> SemaphorePermit<'static> {
    LARGE_BODIES.acquire().await.expect("nothing closes this semaphore")
}

/// Works through a body of so many bytes on this thread; a large one moves the other tasks of the thread first.
pub(crate) fn run_in_place<R>(bytes: usize, work: impl FnOnce() -> R) -> R {
    if bytes > INLINE_BYTES_MAX { move_others_and_run(work) } else { work() }
}

/// Moves the other tasks of this thread to another one, and runs work that takes long or waits for the disk. Unlike
/// [`Reads`] this lets the work borrow, as parsed spans do from their body.
pub(crate) fn move_others_and_run<R>(work: impl FnOnce() -> R) -> R {
    // A runtime of one thread has no other to move its tasks to.
    let has_threads = Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread;
    if has_threads { tokio::task::block_in_place(work) } else { work() }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::{Reads, ReadsFull};

    /// Starts a read that does not end before its sender is dropped. Returns when it runs.
    async fn blocked_read(reads: &std::sync::Arc<Reads>) -> (mpsc::Sender<()>, tokio::task::JoinHandle<()>) {
        let (release, released) = mpsc::channel::<()>();
        let (began, beginning) = tokio::sync::oneshot::channel();
        let reads = std::sync::Arc::clone(reads);
        let running = tokio::spawn(async move {
            let question = move || {
                began.send(()).expect("the test waits for it");
                // Ends with an error when the sender is dropped.
                released.recv().unwrap_err();
            };
            reads.run(question).await.expect("a permit is free");
        });
        beginning.await.expect("it begins");
        (release, running)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn blocked_reads_leave_the_runtime_its_threads() {
        let reads = Reads::new(16, Duration::ZERO);
        let mut blocked = Vec::new();
        for _ in 0..16 {
            blocked.push(blocked_read(&reads).await);
        }
        // With more blocked reads than threads, tasks still run: this one does, and the one that it starts.
        tokio::spawn(async {}).await.expect("it ends");
        assert_eq!((reads.held(), reads.run(|| ()).await), (16, Err(ReadsFull { max: 16 })));
        for (release, running) in blocked {
            drop(release);
            running.await.expect("it ends");
        }
        assert_eq!(reads.run(|| 7).await, Ok(7));
        assert_eq!(reads.held(), 0);
    }

    #[tokio::test]
    async fn a_read_that_waits_runs_when_a_permit_comes_back() {
        let reads = Reads::new(1, Duration::from_mins(1));
        let (release, running) = blocked_read(&reads).await;
        let mut waiting = Box::pin(reads.run(|| 7));
        let first =
            futures_util::future::poll_fn(|context| std::task::Poll::Ready(waiting.as_mut().poll(context)));
        assert!(first.await.is_pending());
        drop(release);
        assert_eq!(waiting.await, Ok(7));
        running.await.expect("it ends");
    }

    #[tokio::test]
    async fn a_client_that_hangs_up_gives_no_permit_back_before_its_read_ends() {
        let reads = Reads::new(1, Duration::ZERO);
        let (release, running) = blocked_read(&reads).await;
        running.abort();
        assert!(running.await.expect_err("it was aborted").is_cancelled());
        assert_eq!(reads.run(|| ()).await, Err(ReadsFull { max: 1 }));
        drop(release);
        assert_eq!(reads.resume(|| 7).await, 7);
    }
}
