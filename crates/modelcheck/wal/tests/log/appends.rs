//! Threads append while others append, rotate, sync, or wait for a file that nobody needs.

use checked_wal::{BUFFER_BYTES_MAX, Durability};
use sync::thread::{self, JoinHandle};

use crate::witness::{Held, Witness};
use crate::{explore, explore_some};

const THREADS: u8 = 3;
const FRAMES: u8 = 2;

/// Lets others go on while the frame is held.
fn hold_for_a_moment(held: Option<Held>) {
    thread::yield_now();
    drop(held);
}

fn join_all(threads: impl IntoIterator<Item = JoinHandle<()>>) {
    for thread in threads {
        thread.join().unwrap();
    }
}

/// Lets threads append, each its own payloads in order, beside `other`.
fn append_beside(witness: &Witness, other: impl Fn(&Witness) + Send + 'static) {
    let appends = (0..THREADS).map(|thread| {
        let witness = witness.clone();
        thread::spawn(move || {
            for frame in 0..FRAMES {
                hold_for_a_moment(witness.append(&[thread, frame]));
            }
        })
    });
    let appends: Vec<_> = appends.collect();
    let other = thread::spawn({
        let witness = witness.clone();
        move || other(&witness)
    });
    join_all(appends.into_iter().chain([other]));
    witness.check_all();
}

/// The payloads of each thread are in the log in the order in which it appended them.
fn assert_in_order(witness: &Witness) {
    let found = witness.disk.all_payloads();
    assert!((0..THREADS).all(|thread| found.iter().filter(|payload| payload[0] == thread).is_sorted()));
}

#[test]
fn a_frame_is_in_the_file_before_it_is_acknowledged_and_frames_keep_their_order() {
    for durability in [Durability::Os, Durability::Fsync] {
        explore(move || {
            let witness = Witness::new(durability);
            append_beside(&witness, |_| {});
            assert_in_order(&witness);
        });
    }
}

#[test]
fn a_rotation_parts_what_was_appended_before_from_what_comes_after() {
    explore(|| {
        let witness = Witness::new(Durability::Os);
        append_beside(&witness, |witness| {
            witness.rotate();
            witness.rotate();
        });
        assert_in_order(&witness);
    });
}

#[test]
fn a_write_that_fails_is_told_to_all_who_waited_for_it_and_to_nobody_else() {
    for operations in 0..3 {
        explore(move || {
            let witness = Witness::new(Durability::Os);
            witness.disk.fail_after(operations);
            // That nothing is there which was refused, and all which was not, is checked at the end.
            append_beside(&witness, |_| {});
        });
    }
    explore(|| {
        let witness = Witness::new(Durability::Os);
        witness.disk.fail_after(0);
        append_beside(&witness, |_| {});
        assert!(
            (1..=usize::from(THREADS)).contains(&witness.refused()),
            "one write has a frame of each at most"
        );
    });
}

#[test]
fn what_was_acknowledged_before_a_sync_is_synced_by_it() {
    explore(|| {
        let witness = Witness::new(Durability::Os);
        append_beside(&witness, |witness| {
            let syncs = witness.clone();
            let syncs = thread::spawn(move || syncs.sync());
            witness.rotate();
            witness.sync();
            syncs.join().unwrap();
        });
    });
}

#[test]
fn who_waits_for_a_file_goes_on_when_nobody_holds_a_frame_of_it() {
    explore(|| {
        let witness = Witness::new(Durability::Os);
        append_beside(&witness, |witness| {
            let held = witness.append(b"held").unwrap();
            let waits = (0..2).map(|_| {
                let witness = witness.clone();
                thread::spawn(move || {
                    let number = witness.rotate();
                    witness.wait_until_unused(number);
                })
            });
            let waits: Vec<_> = waits.collect();
            hold_for_a_moment(Some(held));
            join_all(waits);
        });
    });
}

/// Two of these do not fit into the buffer together.
#[test]
fn who_waits_for_room_in_the_buffer_gets_it() {
    explore_some(100, || {
        let witness = Witness::new(Durability::Os);
        let appends = (0..THREADS).map(|thread| {
            let witness = witness.clone();
            thread::spawn(move || drop(witness.append(&vec![thread; BUFFER_BYTES_MAX / 8 * 5])))
        });
        let appends: Vec<_> = appends.collect();
        join_all(appends);
        witness.check_all();
    });
}
