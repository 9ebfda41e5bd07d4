//! Runs a check under many interleavings.

use rand::RngExt as _;
use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use shuttle::{Config, FailurePersistence, MaxSteps, Runner};
use testkit::{each_seed, schedules};

/// Interleavings of one seed, by each of the two schedulers.
const INTERLEAVINGS: usize = 20;

/// Limit: steps of one interleaving. A check that takes more turns in a circle.
const STEPS_MAX: usize = 100_000;
/// Limit: of a coroutine. A build without optimisation needs more than the model checker's own choice.
const STACK_BYTES: usize = 1 << 20;
/// How often a run by priorities lets a thread that waits overtake: most errors need no more.
const PRIORITY_CHANGES: usize = 3;

/// Runs `check` under the interleavings of so many seeds, or of `MODEL_SCHEDULES`. A check that takes long runs with
/// one seed where others have `share` of them.
pub fn explore(seeds: u64, share: u64, check: impl Fn() + Send + Sync + Clone + 'static) {
    let seeds = schedules(seeds).div_ceil(share);
    each_seed(seeds, |random| explore_seed(random.random(), check.clone()));
}

/// Runs `check` under interleavings that follow from the seed, and panics where one fails.
///
/// Half of them choose by chance at every step. The others give each thread a priority that seldom changes, so that
/// one of them is held back for long: what needs a thread to sleep through the work of others is found by these.
///
/// `check` must do the same whenever the interleaving is the same: what it draws, it draws from the seed.
fn explore_seed(seed: u64, check: impl Fn() + Send + Sync + Clone + 'static) {
    run(RandomScheduler::new_from_seed(seed, INTERLEAVINGS), check.clone());
    run(PctScheduler::new_from_seed(seed, PRIORITY_CHANGES, INTERLEAVINGS), check);
}

fn run(scheduler: impl Scheduler + 'static, check: impl Fn() + Send + Sync + 'static) {
    let mut config = Config::new();
    config.stack_size = STACK_BYTES;
    config.max_steps = MaxSteps::FailAfter(STEPS_MAX);
    // The seed says it all, in one number.
    config.failure_persistence = FailurePersistence::None;
    config.silence_warnings = true;
    Runner::new(scheduler, config).run(check);
}
