//! Seeds: every random test prints the one to run it again with.

use std::env;

use rand::SeedableRng as _;
use rand::rngs::SmallRng;

/// How many schedules a test runs: `MODEL_SCHEDULES`, or `default`.
pub fn schedules(default: u64) -> u64 {
    env::var("MODEL_SCHEDULES").ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Runs `schedule` with `count` seeds in a row, the first of them random. With `MODEL_SEED` in the environment it runs
/// that seed alone.
pub fn each_seed(count: u64, mut schedule: impl FnMut(&mut SmallRng)) {
    let fixed: Option<u64> = env::var("MODEL_SEED").ok().and_then(|text| text.parse().ok());
    let first = fixed.unwrap_or_else(|| rand::random::<u64>() >> 16);
    let count = if fixed.is_some() { 1 } else { count };
    println!("{count} schedules from MODEL_SEED={first}");
    for seed in first..first + count {
        let guard = NameOnPanic(seed);
        schedule(&mut SmallRng::seed_from_u64(seed));
        drop(guard);
    }
}

/// Prints the seed of a schedule that fails.
struct NameOnPanic(u64);

impl Drop for NameOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("failed with MODEL_SEED={}", self.0);
        }
    }
}
