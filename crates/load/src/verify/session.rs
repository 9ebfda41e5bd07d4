//! Questions to the server, each with the edges of the window while it was answered.

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
use crate::findings::{Difference, Kind};
use crate::options::{TargetArgs, WindowMinutes};
use crate::oracle::{Ages, PageQuery};
use crate::retry;

/// Limit: how long a server that has just been started may take until it is ready.
const READY_WAIT_MAX: Duration = Duration::from_secs(10);
const READY_POLL: Duration = Duration::from_millis(100);
/// `Date` tells whole seconds: clocks that seem this near to each other count as the same.
const SKEW_NANOS_MIN: i64 = 2_000_000_000;
/// Limit: how much of a wrong answer is shown.
const EXCERPT_CHARS_MAX: usize = 200;

/// Waits until the server says that it is ready, or says why it is of no use.
pub(crate) async fn await_health(client: &Client) -> Result<(), LoadError> {
    let give_up = Instant::now() + READY_WAIT_MAX;
    loop {
        let reason = match client.get("/health").await {
            Ok(answer) if answer.status == StatusCode::OK => return Ok(()),
            Ok(answer) => format!("GET /health was answered {}", answer.status),
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
    /// What to add to our clock to have the server's.
    skew_nanos: i64,
}

/// A wrong answer, as a difference to report; or none at all, which ends the work.
pub(crate) enum Wrong {
    Answer(Difference),
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

    /// The server's time, as far as we know it.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now().saturating_add(self.skew_nanos)
    }

    /// The edges of the window for an answer that was asked for at `asked` and is here now.
    pub(crate) fn ages_since(&self, asked: Timestamp) -> Ages {
        Ages::new(self.window.nanos(), asked, self.now())
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

    pub(crate) async fn list(&self, query: PageQuery) -> Result<(TraceList, Ages), Wrong> {
        let asked = self.now();
        let path = query.to_string();
        let answer = self.get(&path).await.map_err(Wrong::Lost)?;
        let ages = self.ages_since(asked);
        if answer.status != StatusCode::OK {
            return Err(Wrong::Answer(wrong_answer(&path, "200", &answer)));
        }
        Ok((parse(&path, &answer)?, ages))
    }

    /// The spans of a trace; none for 404.
    pub(crate) async fn detail(&self, id: &str) -> Result<(Option<Detail>, Ages), Wrong> {
        let asked = self.now();
        let path = format!("/traces/{id}");
        let answer = self.get(&path).await.map_err(Wrong::Lost)?;
        let ages = self.ages_since(asked);
        match answer.status {
            StatusCode::OK => Ok((Some(parse(&path, &answer)?), ages)),
            StatusCode::NOT_FOUND => Ok((None, ages)),
            _ => Err(Wrong::Answer(wrong_answer(&path, "200 or 404", &answer))),
        }
    }
}

impl Wrong {
    /// Keeps a difference among the findings; the loss of the server goes on to the caller.
    pub(crate) fn report(self, findings: &mut crate::findings::Findings) -> Result<(), LoadError> {
        match self {
            Self::Answer(difference) => {
                findings.add(difference);
                Ok(())
            }
            Self::Lost(error) => Err(error),
        }
    }
}

pub(crate) fn wrong_answer(path: &str, expected: &str, answer: &Answer) -> Difference {
    let got = format!("{}: {}", answer.status.as_u16(), excerpt(&answer.body));
    Difference::new(Kind::Rule, path, "answer", (expected, got))
}

pub(crate) fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(EXCERPT_CHARS_MAX).collect()
}

fn parse<T: DeserializeOwned>(path: &str, answer: &Answer) -> Result<T, Wrong> {
    serde_json::from_slice(&answer.body).map_err(|error| {
        let got = format!("{error}: {}", excerpt(&answer.body));
        Wrong::Answer(Difference::new(Kind::Rule, path, "body", ("the fields of the contract", got)))
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
    // The server cut its time to the second, so the middle of that second is the best guess.
    let skew = server.saturating_add(HALF_A_SECOND).saturating_sub(now.0);
    if skew.saturating_abs() < SKEW_NANOS_MIN { 0 } else { skew }
}
