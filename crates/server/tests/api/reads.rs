//! Questions that wait for the disk hold up nobody else.

use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use parking_lot::{Condvar, Mutex};
use platform::{Clock, Reading};
use server::Limits;
use testkit::SimClock;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::support::{Answer, SECOND, TestServer, id, root};

/// A clock that stops the thread that asks it. A question asks it first of all, so a stopped one stands for a question
/// that waits for a page of a segment.
struct GateClock {
    clock: Arc<SimClock>,
    gate: Arc<Gate>,
}

struct Gate {
    /// How many callers are still to be stopped.
    to_stop: Mutex<usize>,
    is_open: Mutex<bool>,
    opened: Condvar,
    /// Has a permit for each caller that was stopped.
    stopped: Semaphore,
}

impl Gate {
    fn pass(&self) {
        {
            let mut to_stop = self.to_stop.lock();
            if *to_stop == 0 {
                return;
            }
            *to_stop -= 1;
        }
        self.stopped.add_permits(1);
        let mut is_open = self.is_open.lock();
        self.opened.wait_while(&mut is_open, |is_open| !*is_open);
    }

    fn open(&self) {
        *self.is_open.lock() = true;
        self.opened.notify_all();
    }
}

impl Clock for GateClock {
    fn read(&self) -> Reading {
        // The store's own thread asks, too; only those of the runtime are meant.
        if std::thread::current().name().is_some_and(|name| name.starts_with("tokio")) {
            self.gate.pass();
        }
        self.clock.read()
    }
}

/// A server with `paths.len()` questions that stand still.
struct Stalled {
    server: Arc<TestServer>,
    gate: Arc<Gate>,
    questions: Vec<JoinHandle<Answer>>,
}

impl Stalled {
    async fn at(paths: &[String], limits: Limits) -> Self {
        let gate = Arc::new(Gate {
            to_stop: Mutex::new(0),
            is_open: Mutex::new(false),
            opened: Condvar::new(),
            stopped: Semaphore::new(0),
        });
        let for_clock = Arc::clone(&gate);
        let wrap = |clock| Arc::new(GateClock { clock, gate: for_clock }) as Arc<dyn Clock>;
        let server = Arc::new(TestServer::with_clock(limits, wrap).await);
        server.accept(&[root(1, 1, SECOND)]).await;
        *gate.to_stop.lock() = paths.len();
        let questions = paths.iter().map(|path| {
            let (server, path) = (Arc::clone(&server), path.clone());
            tokio::spawn(async move { server.get(&path).await })
        });
        let questions = questions.collect();
        let count = u32::try_from(paths.len()).expect("a few");
        gate.stopped.acquire_many(count).await.expect("it stays open").forget();
        Self { server, gate, questions }
    }

    /// Lets the questions go on, which are then answered.
    async fn release(mut self) {
        self.gate.open();
        for question in std::mem::take(&mut self.questions) {
            assert_eq!(question.await.expect("it ends").status, StatusCode::OK);
        }
    }
}

impl Drop for Stalled {
    /// The runtime of a test that fails would wait for the stopped threads for ever.
    fn drop(&mut self) {
        self.gate.open();
    }
}

/// Two for each thread of the runtime.
fn questions() -> [String; 4] {
    let trace = id(1);
    [
        "/traces".to_owned(),
        format!("/traces/{trace}"),
        format!("/api/v1/traces/{trace}"),
        format!("/api/v1/traces/{trace}/tree"),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spans_are_accepted_while_questions_wait_for_the_disk() {
    let stalled = Stalled::at(&questions(), Limits::default()).await;
    stalled.server.accept(&[root(2, 1, SECOND)]).await;
    assert_eq!(stalled.server.list("").await.1, 2, "other questions are answered, too");
    assert_eq!(stalled.server.metric("traced_reads_in_flight").await, 4);
    stalled.release().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_too_many_is_refused_and_spans_are_not() {
    let limits = Limits { reads_max: 4, read_wait: Duration::ZERO, ..Limits::default() };
    let stalled = Stalled::at(&questions(), limits).await;
    let refused = stalled.server.get("/traces").await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.error(), "the server already answers 4 reads (--reads-max); try again in a second");
    assert_eq!(refused.header("retry-after"), "1");
    stalled.server.accept(&[root(2, 1, SECOND)]).await;
    for path in ["/health", "/metrics"] {
        assert_eq!(stalled.server.get(path).await.status, StatusCode::OK, "{path}");
    }
    stalled.release().await;
}

#[tokio::test]
async fn a_runtime_of_one_thread_accepts_spans_while_a_question_waits() {
    let stalled = Stalled::at(&questions(), Limits::default()).await;
    stalled.server.accept(&[root(2, 1, SECOND)]).await;
    stalled.release().await;
}
