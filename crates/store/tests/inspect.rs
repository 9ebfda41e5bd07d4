//! What `traced inspect` prints is safe for a terminal, whatever texts the spans have.

use std::sync::Arc;

use platform::disk::Disk as _;
use span::Timestamp;
use store::{Settings, Store, inspect};
use testkit::{OwnedAttribute, OwnedSpan, SimDisk, with_borrowed};

const NOW: Timestamp = Timestamp(1_790_000_000_000_000_000);

/// Clears the screen, begins another line, rings, sets the title, and turns the direction of the text.
const HOSTILE: &str = "\u{1b}[2J\r\n\u{7}\u{9b}\u{1b}]0;title\u{202e}";

#[test]
fn texts_of_spans_are_escaped() {
    let disk = SimDisk::new();
    let store = Store::open(Settings::default(), Arc::new(disk.clone()), NOW).unwrap();
    for number in 1..=2 {
        let mut span = OwnedSpan::root(number, 1, NOW);
        HOSTILE.clone_into(&mut span.service);
        HOSTILE.clone_into(&mut span.name);
        span.attributes = vec![OwnedAttribute::text(HOSTILE.to_owned(), HOSTILE.to_owned())];
        with_borrowed(&[span], |spans| store.accept(spans, NOW)).expect("there is room");
        if number == 1 {
            store.freeze(NOW);
            assert!(store.seal());
        }
    }
    let names: Vec<_> = disk.list().unwrap().into_iter().map(|file| file.name).collect();
    let segments = names.iter().filter(|name| segment::generations_of(name).is_some());
    let logs = names.iter().filter(|name| wal::number_of(name).is_some());
    let mut spans = 0;
    for name in segments.chain(logs) {
        let mut text = String::new();
        inspect(&disk.open(name).unwrap(), usize::MAX, &mut text).unwrap();
        let raw = text.chars().find(|&char| char != '\n' && (char.is_control() || char == '\u{202e}'));
        assert_eq!(raw, None, "{name}: {text:?}");
        spans += text.lines().filter(|line| line.contains("]0;title\\u{202e}=")).count();
    }
    assert_eq!(spans, 2, "the span in the segment and that in the log are printed, with their keys");
}
