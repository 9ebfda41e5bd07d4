//! Seeds: every random test prints its seed, with which it can be repeated.

use std::env;

use rand::SeedableRng as _;
use rand::rngs::SmallRng;

/// Returns how many schedules a test runs: the environment variable `MODEL_SCHEDULES`, or `default`.
pub fn schedules(default: u64) -> u64 {
    env::var("MODEL_SCHEDULES").ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Calls `schedule` once for each of `count` consecutive seeds; the first is random. If the environment has
/// `MODEL_SEED`, it runs that seed alone.
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

/// Prints its seed if it is dropped by a panic.
struct NameOnPanic(u64);

impl Drop for NameOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("failed with MODEL_SEED={}", self.0);
        }
    }
}
