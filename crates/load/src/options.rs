//! Options that several commands share, and the parsers of their values.

use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use crate::client::TargetUrl;

/// Limit: spans of a batch, set by the contract (`POST /spans`).
pub(crate) const BATCH_SPANS_MAX: i64 = 500;
const DURATION_MAX: Duration = Duration::from_hours(24);
const WINDOW_MINUTES_MAX: f64 = 7.0 * 24.0 * 60.0;
const RATE_MAX: f64 = 1_000_000.0;
const NANOS_PER_MINUTE: f64 = 60e9;

#[derive(Args, Clone, Debug)]
pub struct TargetArgs {
    /// Where the server is, as `http://host:port`.
    #[arg(long, visible_alias = "target", env = "TARGET_URL", default_value = "http://localhost:8080")]
    pub target_url: TargetUrl,
    /// The server's window: minutes, such as 30 or 0.5, or a time with its unit, such as `90s`.
    #[arg(long, visible_alias = "window", env = "WINDOW_MINUTES", default_value = "30")]
    pub window_minutes: WindowMinutes,
}

#[derive(Args, Clone, Debug)]
pub struct CheckArgs {
    /// How many traces, spread over the whole run, to compare span by span: a number, or `all`.
    #[arg(long, env = "DETAILS", default_value = "2000")]
    pub details: Details,
    /// Accept traces that other clients send at the same time: unknown traces are ignored, and totals may be larger.
    #[arg(long, env = "ALLOW_OTHERS")]
    pub allow_others: bool,
}

/// The length of the window. Invariant: greater than 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WindowMinutes(f64);

impl WindowMinutes {
    #[expect(clippy::cast_possible_truncation, reason = "at most a week of nanoseconds")]
    pub const fn nanos(self) -> i64 {
        (self.0 * NANOS_PER_MINUTE) as i64
    }
}

impl FromStr for WindowMinutes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let with_unit = || humantime::parse_duration(text).ok().map(|window| window.as_secs_f64() / 60.0);
        match text.parse().ok().or_else(with_unit) {
            Some(minutes) if minutes > 0.0 && minutes <= WINDOW_MINUTES_MAX => Ok(Self(minutes)),
            _ => Err(format!(
                "give minutes above 0 and up to {WINDOW_MINUTES_MAX}, for example 30 or 0.5, or a time with its unit, for \
                 example 90s"
            )),
        }
    }
}

/// How many traces are compared span by span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Details {
    All,
    UpTo(usize),
}

impl FromStr for Details {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        let count = text.parse().map_err(|_| "give a number of traces, for example 2000, or all")?;
        Ok(Self::UpTo(count))
    }
}

pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if !duration.is_zero() && duration <= DURATION_MAX => Ok(duration),
        _ => Err("give a time with its unit, above 0 and up to 24h, for example 90s or 2m".to_owned()),
    }
}

pub(crate) fn parse_probability(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(probability) if (0.0..=1.0).contains(&probability) => Ok(probability),
        _ => Err("give a probability from 0 to 1, for example 0.3".to_owned()),
    }
}

pub(crate) fn parse_rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if rate > 0.0 && rate <= RATE_MAX => Ok(rate),
        _ => Err(format!("give a number per second, above 0 and up to {RATE_MAX}, for example 5")),
    }
}
