//! The trusted time under random schedules of a clock that jumps, goes wrong slowly, and is put right.

use std::time::Duration;

use platform::Reading;
use rand::RngExt as _;
use rand::rngs::SmallRng;
use span::Timestamp;
use store::{Now, TrustedTime};
use testkit::each_seed;

const START: i64 = 1_790_000_000_000_000_000;
const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOLD: i64 = 5 * MINUTE;
/// What counts as a jump.
const JUMP_MIN: i64 = 2 * SECOND;

/// A system whose wall clock shows `passed` and is wrong by `error`.
struct System {
    passed: i64,
    error: i64,
    time: TrustedTime,
    last: Now,
}

fn reading(passed: i64, error: i64) -> Reading {
    Reading {
        wall: Timestamp(START + passed + error),
        since_boot: Duration::from_nanos(passed.unsigned_abs()),
    }
}

impl System {
    fn new() -> Self {
        let mut time = TrustedTime::new(reading(0, 0));
        let last = time.read(reading(0, 0));
        Self { passed: 0, error: 0, time, last }
    }

    /// Lets time pass, reads the clocks, and checks what always holds.
    fn pass(&mut self, nanos: i64) -> Now {
        self.passed += nanos;
        let now = self.time.read(reading(self.passed, self.error));
        let wall = Timestamp(START + self.passed + self.error);
        assert!(
            now.time() <= wall.min(now.latest()) && now.latest() >= wall,
            "{now:?}, and the clock shows {wall}"
        );
        if self.time.doubt().is_none() {
            assert_eq!((now.time(), now.latest()), (wall, wall));
        }
        let (before, setting) = (self.last.setting(), now.setting());
        if setting.number == before.number {
            assert_eq!(setting, before);
            assert!(now.time() >= self.last.time().saturating_sub(JUMP_MIN), "{now:?} after {:?}", self.last);
        } else {
            assert_eq!(setting.number, before.number + 1);
        }
        self.last = now;
        now
    }

    fn true_time(&self) -> i64 {
        START + self.passed
    }
}

fn jump(random: &mut SmallRng) -> i64 {
    let size = random.random_range(JUMP_MIN + 1..100 * 60 * MINUTE);
    if random.random() { size } else { -size }
}

#[test]
fn a_jump_that_is_put_right_in_time_leaves_nothing_behind() {
    each_seed(500, |random| {
        let mut system = System::new();
        for _ in 0..random.random_range(1..10) {
            // Sleep is no jump: both clocks go on.
            system.pass(random.random_range(0..10 * 60 * MINUTE));
            assert!(system.time.doubt().is_none());
            let begin = system.passed;
            system.error = jump(random);
            while system.passed - begin < HOLD - MINUTE {
                let now = system.pass(random.random_range(0..MINUTE));
                let doubt = system.time.doubt().expect("it has not held for long");
                assert_eq!(doubt.ahead_nanos, system.error);
                let (early, late) = (system.error.min(0), system.error.max(0));
                assert_eq!(
                    (now.time().0, now.latest().0),
                    (system.true_time() + early, system.true_time() + late)
                );
                if random.random_bool(0.1) {
                    system.error = jump(random);
                    // Each jump is doubted anew.
                    system.pass(0);
                    break;
                }
            }
            system.error = 0;
            let now = system.pass(random.random_range(0..SECOND));
            assert!(system.time.doubt().is_none());
            assert_eq!(now.time().0, system.true_time());
        }
        let moved = system.last.setting().moved_nanos;
        assert!(moved.abs() <= JUMP_MIN, "all jumps were put right, but the time has moved by {moved}");
    });
}

#[test]
fn a_jump_that_holds_is_trusted_and_no_sooner() {
    each_seed(500, |random| {
        let mut system = System::new();
        for _ in 0..random.random_range(1..5) {
            let before = system.error;
            system.error += jump(random);
            system.pass(0);
            let (begin, number) = (system.passed, system.last.setting().number);
            let is_ahead = system.error > before;
            while system.passed - begin < HOLD {
                assert!(system.time.doubt().is_some());
                system.pass(random.random_range(1..MINUTE));
            }
            assert!(system.time.doubt().is_none());
            // Set ahead, the window moves when the time is trusted; set back, it has moved at once.
            assert_eq!(system.last.setting().number, number + u64::from(is_ahead));
        }
    });
}

#[test]
fn a_clock_that_is_corrected_gradually_is_followed() {
    each_seed(200, |random| {
        let mut system = System::new();
        for _ in 0..200 {
            system.error += random.random_range(-JUMP_MIN / 4..JUMP_MIN / 4);
            system.pass(random.random_range(0..MINUTE));
            assert!(system.time.doubt().is_none());
        }
        assert_eq!(system.time.jumps(), 0);
    });
}

#[test]
fn a_reading_that_comes_late_is_not_judged() {
    let mut time = TrustedTime::new(reading(0, 0));
    let late = reading(10 * SECOND, 0);
    // Another thread has read the clocks after the jump, and is faster.
    time.read(reading(11 * SECOND, -60 * MINUTE));
    let doubt = time.doubt();
    let now = time.read(late);
    assert_eq!((time.doubt(), time.jumps()), (doubt, 1));
    assert_eq!(now.time().0, START + 10 * SECOND - 60 * MINUTE);
}
