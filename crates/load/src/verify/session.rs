//! A session with the server: each answer comes with the edges of the window while it was made.

use std::sync::Arc;
use std::time::Duration;

use http::{StatusCode, header};
use platform::Clock;
use serde::de::DeserializeOwned;
use span::Timestamp;
use tokio::time::{Instant, sleep};

use crate::answer::{Detail, TraceList};
use crate::client::{Answer, Client};
use crate::error::LoadError;
use crate::findings::{Difference, DifferenceKind};
use crate::options::{TargetArgs, WindowMinutes};
use crate::oracle::{PageQuery, WindowEdges};
use crate::retry;

/// Limit: how long to wait for a server that was just started to become ready.
const READY_WAIT_MAX: Duration = Duration::from_secs(10);
const READY_POLL: Duration = Duration::from_millis(100);
/// Clocks that differ by less than this count as equal, because the header `Date` has whole seconds.
const SKEW_NANOS_MIN: i64 = 2_000_000_000;
/// Limit: characters of a wrong answer that are printed.
const EXCERPT_CHARS_MAX: usize = 200;

/// Waits until the server is ready. The error says why it is not.
pub(crate) async fn await_health(client: &Client) -> Result<(), LoadError> {
    let give_up = Instant::now() + READY_WAIT_MAX;
    loop {
        let reason = match client.get("/health").await {
            Ok(answer) if answer.status == StatusCode::OK => return Ok(()),
            Ok(answer) => format!("the status of GET /health is {}", answer.status),
            Err(error) => error.to_string(),
        };
        if Instant::now() >= give_up {
            return Err(LoadError::Unreachable { target: client.target().clone(), reason });
        }
        sleep(READY_POLL).await;
    }
}

pub(crate) struct Session {
    client: Client,
    clock: Arc<dyn Clock>,
    window: WindowMinutes,
    /// The server's clock minus ours.
    skew_nanos: i64,
}

/// A wrong answer, which becomes a finding, or no answer, which ends the command.
pub(crate) enum AnswerError {
    Wrong(Difference),
    Lost(LoadError),
}

impl Session {
    pub(crate) async fn new(target: &TargetArgs, clock: Arc<dyn Clock>) -> Result<Self, LoadError> {
        let client = Client::new(&target.target_url);
        let mut session = Self { client, clock, window: target.window_minutes, skew_nanos: 0 };
        let answer = session.get("/health").await?;
        session.skew_nanos = skew_nanos(&answer, session.clock.now());
        Ok(session)
    }

    /// Returns the current time by the server's clock, as far as its answers show it.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now().saturating_add(self.skew_nanos)
    }

    /// Returns the edges of the window for an answer that has just arrived; its request was sent at `asked`.
    pub(crate) fn edges_since(&self, asked: Timestamp) -> WindowEdges {
        WindowEdges::new(self.window.nanos(), asked, self.now())
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Answer, LoadError> {
        retry::get(&self.client, path).await.map_err(|error| self.lost(path, error.to_string()))
    }

    pub(crate) fn lost(&self, path: &str, reason: String) -> LoadError {
        LoadError::Lost { target: self.client.target().clone(), path: path.to_owned(), reason }
    }

    pub(crate) async fn list(&self, query: PageQuery) -> Result<(TraceList, WindowEdges), AnswerError> {
        let asked = self.now();
        let path = query.to_string();
        let answer = self.get(&path).await.map_err(AnswerError::Lost)?;
        let edges = self.edges_since(asked);
        if answer.status != StatusCode::OK {
            return Err(AnswerError::Wrong(wrong_answer(&path, "200", &answer)));
        }
        Ok((parse(&path, &answer)?, edges))
    }

    /// Requests a trace. Returns `None` for 404.
    pub(crate) async fn detail(&self, id: &str) -> Result<(Option<Detail>, WindowEdges), AnswerError> {
        let asked = self.now();
        let path = format!("/traces/{id}");
        let answer = self.get(&path).await.map_err(AnswerError::Lost)?;
        let edges = self.edges_since(asked);
        match answer.status {
            StatusCode::OK => Ok((Some(parse(&path, &answer)?), edges)),
            StatusCode::NOT_FOUND => Ok((None, edges)),
            _ => Err(AnswerError::Wrong(wrong_answer(&path, "200 or 404", &answer))),
        }
    }
}

impl AnswerError {
    /// Adds a wrong answer to the findings. If there was no answer, returns the error.
    pub(crate) fn report(self, findings: &mut crate::findings::Findings) -> Result<(), LoadError> {
        match self {
            Self::Wrong(difference) => {
                findings.add(difference);
                Ok(())
            }
            Self::Lost(error) => Err(error),
        }
    }
}

pub(crate) fn wrong_answer(path: &str, expected: &str, answer: &Answer) -> Difference {
    let got = format!("{}: {}", answer.status.as_u16(), excerpt(&answer.body));
    Difference::new(DifferenceKind::Rule, path, "answer", (expected, got))
}

pub(crate) fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(EXCERPT_CHARS_MAX).collect()
}

fn parse<T: DeserializeOwned>(path: &str, answer: &Answer) -> Result<T, AnswerError> {
    serde_json::from_slice(&answer.body).map_err(|error| {
        let got = format!("{error}: {}", excerpt(&answer.body));
        AnswerError::Wrong(Difference::new(
            DifferenceKind::Rule,
            path,
            "body",
            ("JSON with the fields of the contract", got),
        ))
    })
}

fn skew_nanos(answer: &Answer, now: Timestamp) -> i64 {
    const HALF_A_SECOND: i64 = 500_000_000;
    let date = answer.headers.get(header::DATE).and_then(|date| date.to_str().ok());
    let since_epoch = date
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .and_then(|date| date.duration_since(std::time::UNIX_EPOCH).ok());
    let Some(server) = since_epoch.and_then(|time| i64::try_from(time.as_nanos()).ok()) else {
        return 0;
    };
    // The server cuts its time to the second; the middle of that second is the best guess.
    let skew = server.saturating_add(HALF_A_SECOND).saturating_sub(now.0);
    if skew.saturating_abs() < SKEW_NANOS_MIN { 0 } else { skew }
}
