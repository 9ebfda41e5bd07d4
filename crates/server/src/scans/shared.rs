//! One scan for everybody who asks the same.

use std::collections::HashMap;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::{Shared, WeakShared};
use parking_lot::Mutex;

use super::pace::Pace;
use super::pool::{ScanError, Scans};

type Answer<R> = Pin<Box<dyn Future<Output = Result<R, ScanError>> + Send>>;

/// Scans that wait for a thread, by their question. Whoever asks before a scan begins gets its answer, which therefore
/// has everything that was acknowledged when they asked. Whoever asks later begins another one.
pub(crate) struct SharedScans<K, R: Clone> {
    scans: Arc<Scans>,
    waiting: Arc<Mutex<HashMap<K, WeakShared<Answer<R>>>>>,
}

impl<K, R> SharedScans<K, R>
where
    K: Copy + Eq + Hash + Send + 'static,
    R: Clone + Send + Sync + 'static,
{
    pub(crate) fn new(scans: &Arc<Scans>) -> Self {
        Self { scans: Arc::clone(scans), waiting: Arc::default() }
    }

    /// Returns the answer of the scan that waits for this question, or of a new one.
    pub(crate) async fn ask(
        &self,
        question: K,
        scan: impl FnOnce(&Pace) -> R + Send + 'static,
    ) -> Result<R, ScanError> {
        self.join(question, scan).await
    }

    fn join(&self, question: K, scan: impl FnOnce(&Pace) -> R + Send + 'static) -> Shared<Answer<R>> {
        let mut waiting = self.waiting.lock();
        if let Some(known) = waiting.get(&question).and_then(WeakShared::upgrade) {
            return known;
        }
        // What nobody waits for any more is removed here, so the table has as many entries as there are clients.
        waiting.retain(|_, one| one.upgrade().is_some());
        let (scans, table) = (Arc::clone(&self.scans), Arc::clone(&self.waiting));
        let answer: Answer<R> = Box::pin(async move {
            let run = scans.run(move |pace| {
                // Order: before the scan begins. Whoever asks from here on must not get this answer.
                table.lock().remove(&question);
                scan(pace)
            });
            run.await
        });
        let answer = answer.shared();
        if let Some(weak) = answer.downgrade() {
            waiting.insert(question, weak);
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use super::super::pace::Batches;
    use super::super::pool::Scans;
    use super::SharedScans;

    #[tokio::test]
    async fn those_who_ask_before_a_scan_begins_share_it() {
        let scans = Arc::new(Scans::start(&Batches::default()).unwrap());
        let shared = SharedScans::<u32, usize>::new(&scans);
        let (release, released) = mpsc::channel::<()>();
        let (began, beginning) = tokio::sync::oneshot::channel();
        // All threads but one are occupied by other questions.
        let (mut holds, mut running) = (Vec::new(), Vec::new());
        for _ in 1..scans.max() {
            let (scans, (hold, held)) = (Arc::clone(&scans), mpsc::channel::<()>());
            let wait = move |_: &_| held.recv().unwrap_err();
            holds.push(hold);
            running.push(tokio::spawn(async move { scans.run(wait).await }));
        }
        let runs = Arc::new(AtomicUsize::new(0));
        let count = |runs: &Arc<AtomicUsize>| {
            let runs = Arc::clone(runs);
            move |_: &_| runs.fetch_add(1, Ordering::Relaxed)
        };
        let mut first = Box::pin(shared.ask(1, move |_| {
            began.send(()).expect("the test waits for it");
            released.recv().unwrap_err();
            100
        }));
        assert!(futures_util::poll!(&mut first).is_pending());
        beginning.await.expect("it begins");
        let mut late = vec![Box::pin(shared.ask(1, count(&runs))), Box::pin(shared.ask(1, count(&runs)))];
        let mut other = Box::pin(shared.ask(2, count(&runs)));
        for asked in &mut late {
            assert!(futures_util::poll!(asked).is_pending());
        }
        assert!(futures_util::poll!(&mut other).is_pending());
        drop(release);
        drop(holds);
        assert_eq!(first.await, Ok(100));
        let (one, two) = (late.remove(0).await, late.remove(0).await);
        assert!(one == two && one.is_ok(), "{one:?} {two:?}");
        other.await.unwrap();
        assert_eq!(runs.load(Ordering::Relaxed), 2, "one for each question");
        assert_eq!(shared.waiting.lock().len(), 0);
    }
}
