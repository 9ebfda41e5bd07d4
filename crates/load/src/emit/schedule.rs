//! When a worker sends: Poisson arrivals with surges.
//!
//! Most of the time a worker is calm. Now and then, for about two seconds, it sends three times the rate that was
//! asked for. The calm rate is a little lower, so that the mean over both is right. Calm and surge have exponential
//! lengths, so the mean does not depend on where a run begins.

use std::time::Duration;

use crate::random::Random;

const SURGE_FACTOR: f64 = 3.0;
/// Which share of the time a worker spends in surges.
const SURGE_SHARE: f64 = 0.05;
const SURGE_SECS_MEAN: f64 = 2.0;
const CALM_SECS_MEAN: f64 = SURGE_SECS_MEAN * (1.0 - SURGE_SHARE) / SURGE_SHARE;
const CALM_FACTOR: f64 = (1.0 - SURGE_SHARE * SURGE_FACTOR) / (1.0 - SURGE_SHARE);
const _: () = assert!(CALM_FACTOR > 0.0, "surges alone must stay below the mean rate");

#[derive(Clone, Copy)]
enum Phase {
    Calm,
    Surge,
}

/// The times at which one worker sends, counted from the start of the run. They ascend and do not end.
pub(crate) struct Schedule {
    random: Random,
    rate: f64,
    phase: Phase,
    phase_until_secs: f64,
    now_secs: f64,
}

impl Schedule {
    pub(crate) fn new(mut random: Random, rate: f64) -> Self {
        let phase = if random.chance(SURGE_SHARE) { Phase::Surge } else { Phase::Calm };
        let phase_until_secs = phase.draw_secs(&mut random);
        Self { random, rate, phase, phase_until_secs, now_secs: 0.0 }
    }

    pub(crate) fn next_arrival(&mut self) -> Duration {
        loop {
            let arrival_secs = self.now_secs + self.random.wait_secs(self.rate * self.phase.factor());
            if arrival_secs < self.phase_until_secs {
                self.now_secs = arrival_secs;
                return Duration::from_secs_f64(arrival_secs);
            }
            // A Poisson process has no memory, so an arrival beyond the end of the phase is drawn again.
            self.now_secs = self.phase_until_secs;
            self.phase = self.phase.other();
            self.phase_until_secs += self.phase.draw_secs(&mut self.random);
        }
    }
}

impl Phase {
    const fn factor(self) -> f64 {
        match self {
            Self::Calm => CALM_FACTOR,
            Self::Surge => SURGE_FACTOR,
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Calm => Self::Surge,
            Self::Surge => Self::Calm,
        }
    }

    fn draw_secs(self, random: &mut Random) -> f64 {
        let mean = match self {
            Self::Calm => CALM_SECS_MEAN,
            Self::Surge => SURGE_SECS_MEAN,
        };
        random.wait_secs(1.0 / mean)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Schedule;
    use crate::random::Random;

    fn arrivals(rate: f64, seconds: u64) -> Vec<Duration> {
        let mut schedule = Schedule::new(Random::new(1, 2), rate);
        let end = Duration::from_secs(seconds);
        std::iter::repeat_with(|| schedule.next_arrival()).take_while(|&at| at < end).collect()
    }

    #[test]
    fn the_mean_over_a_long_run_is_the_asked_rate() {
        let count = arrivals(10.0, 100_000).len();
        assert!((970_000..1_030_000).contains(&count), "{count}");
    }

    #[test]
    fn arrivals_ascend_and_sometimes_surge() {
        let arrivals = arrivals(100.0, 1_000);
        assert!(arrivals.is_sorted());
        let mut per_second = [0u32; 1_000];
        for at in &arrivals {
            per_second[usize::try_from(at.as_secs()).unwrap()] += 1;
        }
        let surges = per_second.iter().filter(|&&count| count > 200).count();
        assert!((10..120).contains(&surges), "{surges} seconds of surge in 1000");
    }
}
