//! The threads that scan.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

use super::pace::{Batches, Pace};

/// Limit: scans that wait for a thread. Those who ask the same question wait for one scan.
const WAITING_MAX: usize = 256;

/// Ends a scan when it is dropped: with the future of somebody who waits.
struct CancelOnDrop(Pace);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum ScanError {
    #[error("{WAITING_MAX} other questions wait to go over the window; try again in a second")]
    Full,
    /// The server stops.
    #[error("the server is stopping; try again in a second")]
    Stopping,
}

struct Job {
    pace: Pace,
    work: Box<dyn FnOnce() + Send>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Job>,
    is_closed: bool,
}

struct Shared {
    queue: Mutex<Queue>,
    has_work: Condvar,
    running: AtomicUsize,
}

/// The threads. They end when this is dropped.
pub(crate) struct Scans {
    shared: Arc<Shared>,
    threads: usize,
    batches: Batches,
}

impl Scans {
    /// Starts one thread for every two cores.
    ///
    /// # Errors
    /// If the system has no thread to give.
    pub(crate) fn start(batches: &Batches) -> io::Result<Self> {
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::with_threads("scan", (cores / 2).max(1), batches)
    }

    /// Starts so many threads with this name.
    ///
    /// # Errors
    /// If the system has no thread to give.
    pub(crate) fn with_threads(name: &str, threads: usize, batches: &Batches) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            has_work: Condvar::new(),
            running: AtomicUsize::new(0),
        });
        let scans = Self { shared, threads, batches: batches.clone() };
        for _ in 0..scans.threads {
            let shared = Arc::clone(&scans.shared);
            thread::Builder::new().name(name.to_owned()).spawn(move || shared.work())?;
        }
        Ok(scans)
    }

    /// How many scans run.
    pub(crate) fn held(&self) -> usize {
        self.shared.running.load(Ordering::Relaxed)
    }

    /// How many scans run at once at most.
    pub(crate) fn max(&self) -> usize {
        self.threads
    }

    /// Runs a scan when a thread is free. It is cancelled when the returned future is dropped.
    pub(crate) async fn run<R: Send + 'static>(
        &self,
        scan: impl FnOnce(&Pace) -> R + Send + 'static,
    ) -> Result<R, ScanError> {
        let (send, receive) = oneshot::channel();
        let pace = Pace::new(&self.batches);
        let _guard = CancelOnDrop(pace.clone());
        let of_scan = pace.clone();
        let work = Box::new(move || {
            // Nobody receives it if it was cancelled in the meantime.
            drop(send.send(scan(&of_scan)));
        });
        self.push(Job { pace, work })?;
        // A panic ends the process, so the sender is dropped only with the queue.
        receive.await.map_err(|_| ScanError::Stopping)
    }

    fn push(&self, job: Job) -> Result<(), ScanError> {
        let mut queue = self.shared.queue.lock();
        if queue.waiting.len() >= WAITING_MAX {
            queue.waiting.retain(|waiting| !waiting.pace.is_cancelled());
        }
        if queue.waiting.len() >= WAITING_MAX {
            return Err(ScanError::Full);
        }
        queue.waiting.push_back(job);
        drop(queue);
        self.shared.has_work.notify_one();
        Ok(())
    }
}

impl fmt::Debug for Scans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scans").field("threads", &self.threads).finish_non_exhaustive()
    }
}

impl Drop for Scans {
    fn drop(&mut self) {
        let mut queue = self.shared.queue.lock();
        queue.is_closed = true;
        queue.waiting.clear();
        drop(queue);
        self.shared.has_work.notify_all();
    }
}

impl Shared {
    fn work(&self) {
        while let Some(job) = self.next() {
            if !job.pace.is_cancelled() {
                self.running.fetch_add(1, Ordering::Relaxed);
                (job.work)();
                self.running.fetch_sub(1, Ordering::Relaxed);
            }
        }
    }

    /// Waits for the next job. `None` when there will be none.
    fn next(&self) -> Option<Job> {
        let mut queue = self.queue.lock();
        loop {
            if queue.is_closed {
                return None;
            }
            if let Some(job) = queue.waiting.pop_front() {
                return Some(job);
            }
            self.has_work.wait(&mut queue);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc;

    use super::super::pace::{Batches, Pace};
    use super::{ScanError, Scans, WAITING_MAX};

    /// Occupies all threads until the senders are dropped.
    async fn occupied(scans: &Arc<Scans>) -> Vec<mpsc::Sender<()>> {
        let mut senders = Vec::new();
        for _ in 0..scans.max() {
            let (release, released) = mpsc::channel::<()>();
            let (began, beginning) = tokio::sync::oneshot::channel();
            let scans = Arc::clone(scans);
            tokio::spawn(async move {
                let scan = move |_: &_| {
                    began.send(()).expect("the test waits for it");
                    // Ends with an error when the sender is dropped.
                    released.recv().unwrap_err();
                };
                scans.run(scan).await.expect("a thread is free");
            });
            beginning.await.expect("it begins");
            senders.push(release);
        }
        senders
    }

    #[tokio::test]
    async fn a_scan_whose_client_has_gone_does_not_run() {
        let scans = Arc::new(Scans::start(&Batches::default()).unwrap());
        let senders = occupied(&scans).await;
        let (ran, has_run) = mpsc::channel();
        let waiting = scans.run(move |_| ran.send(()).expect("the test waits for it"));
        let is_over = tokio::time::timeout(std::time::Duration::ZERO, waiting).await;
        assert!(is_over.is_err(), "it waits, and is dropped here");
        drop(senders);
        assert_eq!(scans.run(|_| 7).await, Ok(7));
        assert!(has_run.recv().is_err(), "its closure is dropped without being called");
    }

    #[tokio::test]
    async fn a_running_scan_sees_that_its_client_has_gone() {
        let scans = Arc::new(Scans::start(&Batches::default()).unwrap());
        let (began, beginning) = tokio::sync::oneshot::channel();
        let (ended, ending) = tokio::sync::oneshot::channel();
        let scan = move |pace: &Pace| {
            began.send(()).expect("the test waits for it");
            while pace.goes_on() {
                std::thread::yield_now();
            }
            ended.send(()).expect("the test waits for it");
        };
        let of_task = Arc::clone(&scans);
        let running = tokio::spawn(async move { of_task.run(scan).await });
        beginning.await.expect("it begins");
        running.abort();
        ending.await.expect("it ends");
    }

    #[tokio::test]
    async fn too_many_waiting_scans_are_refused_but_cancelled_ones_make_room() {
        let scans = Arc::new(Scans::start(&Batches::default()).unwrap());
        let senders = occupied(&scans).await;
        let mut waiting = Vec::new();
        for _ in 0..WAITING_MAX {
            let mut one = Box::pin(scans.run(|_| ()));
            assert!(futures_util::poll!(&mut one).is_pending());
            waiting.push(one);
        }
        assert_eq!(scans.run(|_| ()).await, Err(ScanError::Full));
        waiting.pop();
        let mut one = Box::pin(scans.run(|_| ()));
        assert!(futures_util::poll!(&mut one).is_pending(), "there is room again");
        drop(senders);
        assert_eq!(one.await, Ok(()));
    }
}
