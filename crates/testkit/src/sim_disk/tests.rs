//! Tests that the simulated disk keeps and loses what a real disk would.

use std::collections::BTreeSet;
use std::io::ErrorKind;

use rand::SeedableRng as _;

use super::*;

const REBOOTS: u64 = 200;

fn text(disk: &SimDisk, name: &str) -> Option<Vec<u8>> {
    disk.open(name).ok().map(|bytes| bytes.to_vec())
}

/// Makes a disk with a file `a` that contains `old`, which is synced, and then `new`, which is not.
fn with_tail(old: &[u8], new: &[u8]) -> SimDisk {
    let disk = SimDisk::new();
    let mut file = disk.create("a").unwrap();
    file.append(old).unwrap();
    file.sync().unwrap();
    disk.sync_folder().unwrap();
    file.append(new).unwrap();
    disk
}

/// Returns every content that `a` has after one of `REBOOTS` power cuts; `None` stands for no such file.
fn outcomes(disk: &SimDisk) -> BTreeSet<Option<Vec<u8>>> {
    (0..REBOOTS).map(|seed| text(&disk.reboot(&mut SmallRng::seed_from_u64(seed)), "a")).collect()
}

#[test]
fn synced_bytes_survive_and_the_tail_in_any_state() {
    let outcomes = outcomes(&with_tail(b"old", b"new"));
    assert!(outcomes.iter().flatten().all(|bytes| bytes.starts_with(b"old")));
    for expected in [&b"old"[..], b"oldn", b"oldne", b"oldnew", b"old\0\0\0"] {
        assert!(outcomes.contains(&Some(expected.to_vec())), "{expected:?}");
    }
    assert_eq!(outcomes.len(), 5);
}

#[test]
fn sectors_survive_in_any_order() {
    let outcomes = outcomes(&with_tail(&[1; 500], &[2; 600]));
    let is_reordered = |bytes: &Vec<u8>| bytes.len() == 1100 && bytes[511] == 0 && bytes[512] == 2;
    assert!(outcomes.iter().flatten().any(is_reordered));
    assert!(outcomes.iter().flatten().all(|bytes| bytes[..500] == [1; 500]));
}

#[test]
fn the_strict_reboot_keeps_what_was_synced_and_nothing_else() {
    let disk = with_tail(b"old", b"new");
    disk.create("b").unwrap().sync().unwrap();
    disk.rename("a", "c").unwrap();
    let after = disk.reboot_with_synced_only();
    assert_eq!(text(&after, "a"), Some(b"old".to_vec()));
    assert_eq!(after.list().unwrap().len(), 1);
}

#[test]
fn a_crash_of_the_process_loses_nothing_but_saves_nothing() {
    let after = with_tail(b"old", b"new").crash();
    assert_eq!(text(&after, "a"), Some(b"oldnew".to_vec()));
    assert_eq!(text(&after.reboot_with_synced_only(), "a"), Some(b"old".to_vec()));
}

#[test]
fn changes_of_names_survive_from_the_first_to_some() {
    let disk = SimDisk::new();
    disk.create("a").unwrap();
    disk.rename("a", "b").unwrap();
    disk.create("c").unwrap();
    disk.remove("b").unwrap();
    let reboot = |seed| disk.reboot(&mut SmallRng::seed_from_u64(seed));
    let names = |disk: SimDisk| disk.list().unwrap().into_iter().map(|entry| entry.name).collect::<String>();
    let outcomes: BTreeSet<String> = (0..REBOOTS).map(|seed| names(reboot(seed))).collect();
    assert_eq!(outcomes, ["", "a", "b", "bc", "c"].map(str::to_owned).into());
}

#[test]
fn a_removed_file_comes_back_with_its_bytes_unless_the_folder_is_synced() {
    let disk = with_tail(b"old", b"");
    disk.remove("a").unwrap();
    assert_eq!(text(&disk.reboot_with_synced_only(), "a"), Some(b"old".to_vec()));

    let disk = with_tail(b"old", b"");
    disk.remove("a").unwrap();
    disk.sync_folder().unwrap();
    assert_eq!(outcomes(&disk), [None].into());
}

#[test]
fn a_fault_hits_the_operation_of_its_number_only() {
    let disk = SimDisk::new();
    disk.fail_at(1, Fault::Short(2));
    disk.fail_at(3, Fault::NoSpace);
    let mut file = disk.create("a").unwrap();
    assert_eq!(file.append(b"four").unwrap_err().kind(), ErrorKind::StorageFull);
    file.append(b"+").unwrap();
    assert_eq!(disk.sync_folder().unwrap_err().kind(), ErrorKind::StorageFull);
    assert_eq!(text(&disk, "a"), Some(b"fo+".to_vec()));
    assert_eq!(disk.operations(), 4);
}

#[test]
fn after_a_failed_sync_later_ones_lie() {
    let disk = SimDisk::new();
    let mut file = disk.create("a").unwrap();
    disk.sync_folder().unwrap();
    file.append(b"lost").unwrap();
    disk.fail_at(disk.operations(), Fault::Io);
    file.sync().unwrap_err();
    file.sync().unwrap();
    assert_eq!(text(&disk.reboot_with_synced_only(), "a"), Some(Vec::new()));
}

#[test]
fn a_full_disk_reads_and_removes_and_gets_room_again() {
    let disk = with_tail(b"old", b"");
    disk.fail_while(Some(Fault::NoSpace));
    assert_eq!(disk.create("b").map(drop).unwrap_err().kind(), ErrorKind::StorageFull);
    assert_eq!(text(&disk, "a"), Some(b"old".to_vec()));
    disk.remove("a").unwrap();
    disk.fail_while(None);
    disk.create("b").unwrap();
}

#[test]
fn without_power_nothing_works_but_open_bytes_stay() {
    let disk = with_tail(b"old", b"");
    let bytes = disk.open("a").unwrap();
    disk.fail_at(disk.operations(), Fault::PowerCut);
    disk.rename("a", "b").unwrap_err();
    let before = disk.operations();
    disk.open("a").unwrap_err();
    disk.list().unwrap_err();
    disk.create("c").map(drop).unwrap_err();
    assert_eq!(disk.operations(), before);
    assert_eq!(&*bytes, b"old");
    assert_eq!(text(&disk.crash(), "b"), Some(b"old".to_vec()));
}

#[test]
fn the_history_names_what_was_done_and_a_folder_can_be_made_of_bytes() {
    let disk = SimDisk::holding([("a".to_owned(), b"old".to_vec())]);
    assert_eq!(text(&disk.reboot_with_synced_only(), "a"), Some(b"old".to_vec()));
    let disk = SimDisk::new();
    disk.create("b").unwrap().append(b"new").unwrap();
    disk.rename("b", "c").unwrap();
    disk.sync_folder().unwrap();
    let done = |operation, name: &str| DiskCall { operation, name: name.to_owned() };
    let expected = [
        done(DiskOperation::Create, "b"),
        done(DiskOperation::Append, "b"),
        done(DiskOperation::Rename, "b"),
        done(DiskOperation::SyncFolder, ""),
    ];
    assert_eq!(disk.history(), expected);
}
