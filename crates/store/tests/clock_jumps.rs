//! A clock that jumps. What was acknowledged stays as long as it would have without the jump, and new spans are stored at
//! once, by whichever clock their sender has.

use std::sync::Arc;
use std::time::Duration;

use span::{SpanId, Timestamp, TraceId};
use store::{Accepted, Durability, LimitedBy, Now, Settings, Store, TrustedClock};
use testkit::{OwnedAttribute, OwnedSpan, SimClock, SimDisk, with_borrowed};

const START: Timestamp = Timestamp(1_790_000_000_000_000_000);
const SECOND: i64 = 1_000_000_000;
const WINDOW: i64 = 60 * SECOND;
const HOUR: i64 = 3600 * SECOND;
/// How long a clock that has jumped is doubted.
const HOLD: i64 = 300 * SECOND;

fn settings(durability: Durability) -> Settings {
    Settings {
        window: Duration::from_nanos(WINDOW.unsigned_abs()),
        ahead: Duration::from_secs(10),
        durability,
        cores: 1,
        merged_segments: 2,
        ..Settings::default()
    }
}

fn open(settings: &Settings, disk: &SimDisk, now: Timestamp) -> Store {
    Store::open(*settings, Arc::new(disk.clone()), now).expect("the disk can be read")
}

/// A store, and the clock of its system. The true time is what has passed since the start.
struct System {
    settings: Settings,
    disk: SimDisk,
    store: Store,
    clock: Arc<SimClock>,
    trusted: TrustedClock,
    passed: i64,
    sent: u32,
}

/// Returns a root in a trace of its own, with a kilobyte of content that does not compress well.
fn large(number: u32, start: Timestamp) -> OwnedSpan {
    let text = |n: u32| format!("{:08x}", n.wrapping_mul(0x9e37_79b9) ^ (n >> 3));
    let noise: String = (0..128).map(|part| text(number * 128 + part)).collect();
    let mut id = [5; 16];
    id[12..].copy_from_slice(&number.to_be_bytes());
    OwnedSpan {
        trace_id: TraceId::from_bytes(id),
        span_id: SpanId::from_bytes(id),
        attributes: vec![OwnedAttribute::text("noise".to_owned(), noise)],
        ..OwnedSpan::root(0, 0, start)
    }
}

impl System {
    fn new(settings: Settings) -> Self {
        let disk = SimDisk::new();
        let store = match settings.durability {
            Durability::Memory => Store::in_memory(settings, START),
            Durability::Os | Durability::Fsync => open(&settings, &disk, START),
        };
        let clock = Arc::new(SimClock::at(START));
        let trusted = TrustedClock::new(Arc::<SimClock>::clone(&clock));
        Self { settings, disk, store, clock, trusted, passed: 0, sent: 0 }
    }

    fn now(&self) -> Now {
        self.trusted.now()
    }

    fn true_time(&self) -> Timestamp {
        START.saturating_add(self.passed)
    }

    fn pass(&mut self, nanos: i64) {
        self.passed += nanos;
        self.clock.advance(nanos);
        self.store.maintain(self.now());
    }

    fn send(&mut self, start: Timestamp) -> Accepted {
        self.sent += 1;
        let span = large(self.sent, start);
        with_borrowed(&[span], |spans| self.store.accept(spans, self.now())).expect("there is room")
    }

    /// Sends four spans a tenth of a second, as senders with the right time do, and checks that all of them are stored and
    /// are in the answers.
    fn run(&mut self, tenths: u32) {
        for _ in 0..tenths {
            for _ in 0..4 {
                let accepted = self.send(self.true_time());
                assert_eq!((accepted.stored, accepted.total()), (1, 1), "{:?}", self.store.stats(self.now()));
                let id = large(self.sent, START).trace_id;
                assert!(self.store.trace(id, self.now()).is_ok(), "{:?}", self.store.stats(self.now()));
            }
            if self.sent.is_multiple_of(32) {
                self.store.freeze(self.now());
            }
            self.pass(SECOND / 10);
        }
    }

    fn jump(&mut self, nanos: i64) {
        self.clock.jump(nanos);
        self.store.maintain(self.now());
    }
}

/// Settings with a budget that has room for about 20 s of what [`System::run`] sends, and what limits the window then.
fn budgets() -> [(Settings, LimitedBy); 3] {
    [
        (settings(Durability::Os), LimitedBy::Time),
        (
            Settings { disk_bytes_max: 600_000, merged_segments: 4, ..settings(Durability::Os) },
            LimitedBy::Disk,
        ),
        (Settings { memory_bytes_max: 500_000, ..settings(Durability::Memory) }, LimitedBy::Memory),
    ]
}

#[test]
fn a_jump_that_is_put_right_costs_nothing() {
    for (settings, limited_by) in budgets() {
        let mut steady = System::new(settings);
        steady.run(360);
        let expected = steady.store.stats(steady.now());
        for jump in [HOUR, -HOUR, 45 * SECOND, -45 * SECOND] {
            let mut jumped = System::new(settings);
            jumped.run(300);
            assert_eq!(jumped.store.stats(jumped.now()).limited_by, limited_by);
            jumped.jump(jump);
            assert!(jumped.trusted.status().doubt.is_some());
            jumped.run(40);
            jumped.jump(-jump);
            assert!(jumped.trusted.status().doubt.is_none());
            jumped.run(20);
            let stats = jumped.store.stats(jumped.now());
            assert_eq!(stats.limited_by, limited_by, "{stats:?}");
            // When a budget bites, a segment more or less may be there.
            let slack = if limited_by == LimitedBy::Time { 0 } else { 2 * SECOND };
            assert!(
                stats.cutoff <= expected.cutoff.saturating_add(slack),
                "{jump}: {stats:?}, steady: {expected:?}"
            );
            assert!(stats.spans * 10 >= expected.spans * 8, "{jump}: {stats:?}, steady: {expected:?}");
            if limited_by == LimitedBy::Time {
                assert_eq!(stats.effective_window, stats.window);
                assert_eq!((stats.traces, stats.spans), (expected.traces, expected.spans));
            }
            assert_eq!(jumped.store.ledger().evicted_by_time, steady.store.ledger().evicted_by_time);
        }
    }
}

#[test]
fn a_wrong_time_that_was_trusted_does_not_refuse_spans_once_it_is_put_right() {
    for (settings, _) in budgets() {
        let mut system = System::new(settings);
        system.run(100);
        system.jump(HOUR);
        for _ in 0..HOLD / SECOND {
            system.pass(SECOND);
        }
        assert_eq!(system.trusted.status().doubt, None, "it has held");
        // The senders have the same clock.
        for _ in 0..400 {
            let accepted = system.send(system.now().time());
            assert_eq!(accepted.stored, 1);
            system.pass(SECOND / 20);
        }
        system.jump(-HOUR);
        system.run(400);
        let stats = system.store.stats(system.now());
        assert!(stats.effective_window > Duration::from_secs(8), "{stats:?}");
        for number in system.sent - 4 * 80..=system.sent {
            let id = large(number, START).trace_id;
            assert!(system.store.trace(id, system.now()).is_ok(), "{number} of {}: {stats:?}", system.sent);
        }
        if settings.durability != Durability::Memory {
            let store = open(&system.settings, &system.disk.crash(), system.true_time());
            let after = store.stats(system.now());
            assert!(after.cutoff <= stats.cutoff.saturating_add(SECOND), "{after:?} after {stats:?}");
        }
    }
}

#[test]
fn spans_of_either_time_are_stored_while_the_clock_is_doubted() {
    for jump in [HOUR, -HOUR] {
        let mut system = System::new(settings(Durability::Os));
        system.jump(jump);
        for wrong in [0, jump] {
            let start = system.true_time().saturating_add(wrong);
            for (off, is_stored) in [(0, true), (-WINDOW + SECOND, true), (9 * SECOND, true)] {
                let accepted = system.send(start.saturating_add(off));
                assert_eq!(accepted.stored, u64::from(is_stored), "{jump} {wrong} {off}");
                let id = large(system.sent, START).trace_id;
                assert!(system.store.trace(id, system.now()).is_ok());
            }
        }
        let late = system.true_time().max(system.true_time().saturating_add(jump));
        assert_eq!(system.send(late.saturating_add(11 * SECOND)).ahead, 1);
        let early = system.true_time().min(system.true_time().saturating_add(jump));
        assert_eq!(system.send(early.saturating_sub(WINDOW + 1)).stale, 1);
    }
}

/// A computer without a clock of its own starts in 1970 and asks for the time later.
#[test]
fn a_correction_is_trusted_when_it_has_held() {
    let mut system = System::new(settings(Durability::Os));
    let (years, old) = (50 * 365 * 24 * HOUR, system.true_time());
    assert_eq!(system.send(old).stored, 1);
    system.jump(years);
    let new = system.true_time().saturating_add(years);
    assert_eq!(system.send(new).stored, 1, "new spans are stored at once");
    assert_eq!(system.store.stats(system.now()).traces, 2);
    for _ in 0..HOLD / SECOND - 1 {
        system.pass(SECOND);
    }
    assert!(system.trusted.status().doubt.is_some());
    system.pass(SECOND);
    let now = system.now();
    assert_eq!((now.time(), system.trusted.status().doubt), (new.saturating_add(HOLD), None));
    let stats = system.store.stats(now);
    assert_eq!((stats.effective_window, stats.cutoff), (stats.window, now.time().saturating_sub(WINDOW)));
}

#[test]
fn maintenance_that_takes_long_does_not_move_the_window_back() {
    let store = Store::in_memory(settings(Durability::Memory), START);
    let later = START.saturating_add(10 * SECOND);
    let cutoff = store.cutoff(later);
    store.maintain(START);
    assert_eq!(store.cutoff(START), cutoff, "a time that was read before says nothing");
    // A time that was read before the clock was set back does not move the window on.
    let clock = Arc::new(SimClock::at(later));
    let trusted = TrustedClock::new(Arc::<SimClock>::clone(&clock));
    let before = trusted.now();
    clock.jump(-HOUR);
    let cutoff = store.cutoff(trusted.now());
    assert_eq!(cutoff, later.saturating_sub(HOUR + WINDOW));
    store.maintain(before);
    assert_eq!(store.cutoff(before), cutoff);
}
