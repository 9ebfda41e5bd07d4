//! A segment is quarantined while it is merged with its neighbours.

use std::sync::Arc;

use platform::disk::MemoryDisk;
use segment::Damaged;
use span::{TimeRange, Timestamp};
use sync::Mutex;
use testkit::{OwnedSpan, with_borrowed};

use super::super::maintainer::Maintainer;
use super::super::rewrite::rewrite;
use crate::parts::Parts;
use crate::settings::{Durability, Medium, Settings};
use crate::view::DamagedSegment;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000_000);

/// Makes a store with one segment for each of this many batches. One trace has pieces in all of them.
fn sealed(batches: u8) -> (Parts, Arc<Mutex<Maintainer>>) {
    let settings = Settings { durability: Durability::Memory, cores: 1, ..Settings::default() };
    let parts = Parts::new(settings, Arc::new(MemoryDisk::new()), Medium::Disk, 1, NOW);
    let maintainer = Arc::new(Mutex::new(parts.maintainer(0, None)));
    let ingest = parts.ingest(&maintainer);
    for number in 1..=batches {
        let batch = [OwnedSpan::root(number, 1, NOW), OwnedSpan::child(100, number, 1, NOW)];
        let accepted = with_borrowed(&batch, |spans| ingest.accept(spans, NOW.into())).unwrap();
        assert_eq!(accepted.stored, 2);
        maintainer.lock().freeze(NOW.into());
        assert!(maintainer.lock().seal());
    }
    (parts, maintainer)
}

fn files(parts: &Parts) -> Vec<String> {
    let mut names: Vec<String> = parts.disk.list().unwrap().into_iter().map(|file| file.name).collect();
    names.sort();
    names
}

#[test]
fn a_segment_merged_from_a_quarantined_one_is_discarded() {
    for damaged in 0..3 {
        let (parts, maintainer) = sealed(3);
        let inputs = parts.catalog.views().current().segments().to_vec();
        let rewritten = rewrite(&parts.catalog, &inputs, Timestamp::MIN).unwrap();
        let damage = Damaged { what: "a test says so", at: 1 };
        parts.quarantine.take_out(&DamagedSegment::named(&inputs[damaged])(damage));
        parts.quarantine.finish();
        let before = files(&parts);
        assert!(before.iter().any(|name| name.ends_with(".segment.damaged")), "{before:?}");
        assert!(!maintainer.lock().sealer.replace(&inputs, &rewritten), "input {damaged}");
        assert_eq!(files(&parts), before, "the merged file is removed again");
        let view = parts.catalog.views().current();
        let (directory, views) = (parts.catalog.directory(), parts.catalog.views());
        let rows = rewritten.hashes().iter().flat_map(|&hash| directory.find(hash));
        let leads_nowhere = |number| {
            view.segment(number).is_none() && !directory.has_removed(number) && !views.is_past_segment(number)
        };
        assert!(
            !rows.into_iter().any(|row| leads_nowhere(row.segment)),
            "its rows are removed or about to be"
        );
        assert_eq!(view.segments().len(), 2);
        let snapshot = parts.reader().snapshot(NOW.into());
        let listing = snapshot.list(TimeRange::ALL, 10);
        assert_eq!((listing.total, listing.summaries().len(), listing.left_out), (2, 2, 0));
        assert!(maintainer.lock().sealer.replace(view.segments(), &{
            rewrite(&parts.catalog, view.segments(), Timestamp::MIN).unwrap()
        }));
        assert_eq!(parts.reader().snapshot(NOW.into()).list(TimeRange::ALL, 10).total, 2);
    }
}
