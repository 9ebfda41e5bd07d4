//! A start with another window or another clock than before: only what was evicted for space stays away.

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{SECOND, START, accept, difference, open, settings};
use record::{WindowStart, write_batch};
use span::Timestamp;
use store::{Durability, LimitedBy, Settings, Store};
use testkit::{Model, OwnedSpan, SimDisk, with_borrowed};
use wal::Log;

fn at(seconds: i64) -> Timestamp {
    START.saturating_add(seconds * SECOND)
}

fn with_window(seconds: u64) -> Settings {
    Settings { window: Duration::from_secs(seconds), ..settings(Durability::Os) }
}

/// Checks that time alone limits the window, that everything that was sent is there, and that late spans are stored.
fn assert_whole(store: &Store, sent: &[OwnedSpan], now: Timestamp) {
    let stats = store.stats(now);
    assert_eq!((stats.limited_by, stats.effective_window), (LimitedBy::Time, stats.window));
    let mut model = Model::default();
    model.accept(sent, stats.cutoff, Timestamp::MAX);
    assert_eq!(difference(store, &model, now), None);
    let late = OwnedSpan::root(200, 1, stats.cutoff);
    assert_eq!(accept(store, &[late], now).expect("there is room").stored, 1);
}

#[test]
fn a_longer_window_has_what_a_shorter_one_had_passed() {
    let disk = SimDisk::new();
    let sent = [OwnedSpan::root(1, 1, at(-50)), OwnedSpan::root(2, 1, at(29))];
    let store = open(&with_window(60), &disk, START);
    accept(&store, &sent[..1], START).expect("there is room");
    // The first trace has left the window when this arrives.
    accept(&store, &sent[1..], at(30)).expect("there is room");
    assert_eq!((store.stats(at(30)).cutoff, store.stats(at(30)).traces), (at(-30), 1));
    drop(store);
    let store = open(&with_window(600), &disk.crash(), at(31));
    assert_whole(&store, &sent, at(31));
}

#[test]
fn a_clock_that_was_ahead_and_is_right_at_the_next_start_costs_nothing() {
    // A floor ahead of the clock was ignored before, so the clock is ahead by less than the window.
    for ahead in [40, 3600] {
        let disk = SimDisk::new();
        let roots = [(1, -50), (2, -1), (3, ahead)];
        let sent = roots.map(|(trace, second)| OwnedSpan::root(trace, 1, at(second)));
        let store = open(&with_window(60), &disk, START);
        accept(&store, &sent[..2], START).expect("there is room");
        accept(&store, &sent[2..], at(ahead)).expect("there is room");
        drop(store);
        let store = open(&with_window(60), &disk.crash(), at(5));
        assert_whole(&store, &sent, at(5));
    }
}

#[test]
fn a_log_of_an_older_version_is_read_and_forces_no_floor() {
    let disk = SimDisk::new();
    let sent = [OwnedSpan::root(1, 1, at(-50)), OwnedSpan::root(2, 1, at(-1))];
    let log = Log::create(Arc::new(disk.clone()), wal::Durability::Os, 1 << 32).expect("the disk works");
    for (batch, cutoff) in [(&sent[..0], at(-60)), (&sent, at(-60)), (&sent[1..], at(-20))] {
        let mut payload = Vec::new();
        with_borrowed(batch, |spans| {
            let spans: Vec<_> = spans.iter().collect();
            write_batch(&mut payload, WindowStart::without_floor(cutoff), &spans);
        });
        // Kind 1 has no floor.
        payload[0] = 1;
        payload.drain(9..17);
        drop(log.append(&payload).expect("the disk works"));
    }
    drop(log);
    let store = open(&with_window(60), &disk.crash(), START);
    assert_whole(&store, &sent, START);
}
