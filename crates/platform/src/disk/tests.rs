//! Tests of what both disks must do, then of what only the real one does.

use std::io::ErrorKind;
use std::path::Path;

use tempfile::TempDir;

use super::*;

fn entry(name: &str, bytes: u64) -> FileEntry {
    FileEntry { name: name.to_owned(), bytes, is_file: true }
}

fn on_both(check: impl Fn(&dyn Disk)) {
    let folder = TempDir::new().unwrap();
    check(&RealDisk::open(folder.path()).unwrap());
    check(&MemoryDisk::new());
}

fn put(disk: &dyn Disk, name: &str, bytes: &[u8]) {
    disk.create(name).unwrap().append(bytes).unwrap();
}

fn kind<T>(result: io::Result<T>) -> ErrorKind {
    result.map(drop).unwrap_err().kind()
}

#[test]
fn appended_bytes_are_read() {
    on_both(|disk| {
        let mut file = disk.create("a").unwrap();
        file.append(b"one").unwrap();
        file.append(b" two").unwrap();
        file.sync().unwrap();
        disk.sync_folder().unwrap();
        assert_eq!(&*disk.open("a").unwrap(), b"one two");
        assert_eq!(disk.list().unwrap(), [entry("a", 7)]);
    });
}

#[test]
fn an_empty_file_can_be_opened() {
    on_both(|disk| {
        put(disk, "empty", b"");
        assert!(disk.open("empty").unwrap().is_empty());
    });
}

#[test]
fn a_name_that_exists_is_not_created_again() {
    on_both(|disk| {
        put(disk, "a", b"first");
        assert_eq!(kind(disk.create("a")), ErrorKind::AlreadyExists);
        assert_eq!(&*disk.open("a").unwrap(), b"first");
    });
}

#[test]
fn a_missing_file_is_not_found() {
    on_both(|disk| {
        assert_eq!(kind(disk.open("a")), ErrorKind::NotFound);
        assert_eq!(kind(disk.remove("a")), ErrorKind::NotFound);
        assert_eq!(kind(disk.rename("a", "b")), ErrorKind::NotFound);
    });
}

#[test]
fn a_rename_replaces_the_file_that_has_the_name() {
    on_both(|disk| {
        put(disk, "new", b"new");
        put(disk, "old", b"older");
        disk.rename("new", "old").unwrap();
        assert_eq!(disk.list().unwrap(), [entry("old", 3)]);
        assert_eq!(&*disk.open("old").unwrap(), b"new");
    });
}

#[test]
fn open_bytes_stay_when_the_file_grows_or_is_removed() {
    on_both(|disk| {
        let mut file = disk.create("a").unwrap();
        file.append(b"before").unwrap();
        let bytes = disk.open("a").unwrap();
        file.append(b" after").unwrap();
        disk.remove("a").unwrap();
        let again = bytes.clone();
        drop(bytes);
        assert_eq!(&*again, b"before");
        assert!(disk.list().unwrap().is_empty());
    });
}

#[test]
fn a_name_cannot_leave_the_folder() {
    on_both(|disk| {
        for name in ["", ".", "..", "../a", "a/b", "/a", "a\0"] {
            assert_eq!(kind(disk.create(name)), ErrorKind::InvalidInput, "{name:?}");
        }
    });
}

#[test]
fn a_disk_in_memory_counts_its_bytes() {
    let disk = MemoryDisk::new();
    put(&disk, "a", &[7; 10]);
    put(&disk, "b", &[7; 5]);
    assert_eq!(disk.bytes(), 15);
    disk.remove("a").unwrap();
    assert_eq!(disk.bytes(), 5);
}

#[test]
fn a_folder_is_created_with_its_parents() {
    let folder = TempDir::new().unwrap();
    let disk = RealDisk::open(&folder.path().join("some/where")).unwrap();
    put(&disk, "a", b"x");
    assert_eq!(std::fs::metadata(folder.path().join("some/where/a")).unwrap().len(), 1);
}

#[test]
fn a_second_user_is_told_which_process_has_the_folder() {
    let folder = TempDir::new().unwrap();
    let disk = RealDisk::open(folder.path()).unwrap();
    let text = RealDisk::open(folder.path()).unwrap_err().to_string();
    let (path, pid) = (folder.path().display(), std::process::id());
    assert_eq!(text, format!("the folder {path} is in use by another process (process id {pid})"));
    drop(disk);
    RealDisk::open(folder.path()).unwrap();
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test damages the folder behind the disk's back")]
fn the_content_of_the_lock_file_may_be_damaged() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("lock"), "no number, and a long text at that").unwrap();
    let disk = RealDisk::open(folder.path()).unwrap();
    std::fs::write(folder.path().join("lock"), [0xff; 40]).unwrap();
    let error = RealDisk::open(folder.path()).unwrap_err();
    assert!(matches!(error, OpenError::InUse { pid: None, .. }), "{error}");
    drop(disk);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test puts strange things into the folder")]
fn unknown_files_are_listed_and_the_lock_is_not() {
    let folder = TempDir::new().unwrap();
    let disk = RealDisk::open(folder.path()).unwrap();
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    std::fs::write(folder.path().join("note"), "note").unwrap();
    let names: Vec<String> = disk.list().unwrap().into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["folder", "note"]);
    assert_eq!(kind(disk.remove("lock")), ErrorKind::InvalidInput);
    assert!(disk.open("folder").is_err());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test puts a file where the folder should be")]
fn a_file_where_the_folder_should_be_gives_a_clear_error() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, "").unwrap();
    let text = RealDisk::open(Path::new(&path)).unwrap_err().to_string();
    assert!(text.starts_with(&format!("cannot use the folder {}: ", path.display())), "{text}");
}

#[test]
fn nobody_else_may_read_the_folder_or_its_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("new");
    let disk = RealDisk::open(&path).unwrap();
    put(&disk, "a", b"private");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    assert_eq!(mode(&path.join("a")), 0o600);
    assert_eq!(mode(&path.join("lock")), 0o600);
}

#[test]
#[cfg(target_os = "linux")]
fn a_pipe_is_no_file_and_opening_it_does_not_wait() {
    let folder = TempDir::new().unwrap();
    let disk = RealDisk::open(folder.path()).unwrap();
    let mode = rustix::fs::Mode::RUSR;
    rustix::fs::mknodat(rustix::fs::CWD, folder.path().join("pipe"), rustix::fs::FileType::Fifo, mode, 0)
        .unwrap();
    assert!(disk.list().unwrap().iter().all(|entry| entry.name == "pipe" && !entry.is_file));
    assert_eq!(kind(disk.open("pipe")), ErrorKind::InvalidInput);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test deletes the folder behind the disk's back")]
fn a_folder_that_was_deleted_and_made_again_belongs_to_who_opens_it_then() {
    let parent = TempDir::new().unwrap();
    let path = parent.path().join("data");
    let first = RealDisk::open(&path).unwrap();
    let mut file = first.create("a").unwrap();
    file.append(b"kept").unwrap();
    std::fs::remove_dir_all(&path).unwrap();
    let error = file.append(b"lost").unwrap_err().to_string();
    assert!(error.contains("somebody deleted the file"), "{error}");
    let error = first.create("b").err().unwrap().to_string();
    assert!(error.contains("was deleted, moved or replaced while this process used it"), "{error}");
    let second = RealDisk::open(&path).unwrap();
    put(&second, "c", b"of the second");
    assert!(first.create("d").is_err());
    assert_eq!(kind(first.remove("c")), ErrorKind::NotFound, "the first reaches no file of the second");
    assert_eq!(second.list().unwrap(), [entry("c", 13)]);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test takes the permissions away")]
fn a_folder_that_cannot_be_written_can_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    put(&RealDisk::open(folder.path()).unwrap(), "a", b"kept");
    let allow =
        |mode| std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    allow(0o500);
    let disk = RealDisk::open(folder.path()).unwrap();
    assert_eq!(&*disk.open("a").unwrap(), b"kept");
    assert!(matches!(RealDisk::open(folder.path()), Err(OpenError::InUse { .. })));
    allow(0o700);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test cuts a file behind the disk's back")]
fn what_is_cut_off_a_file_that_is_read_becomes_zeros_and_is_counted() {
    let folder = TempDir::new().unwrap();
    let disk = RealDisk::open(folder.path()).unwrap();
    for (kept, name) in [(0, "a"), (5000, "b")] {
        put(&disk, name, &vec![7; 100_000]);
        let bytes = disk.open(name).unwrap();
        assert_eq!(bytes[99_999], 7);
        let before = lost_pages();
        let file = std::fs::OpenOptions::new().write(true).open(folder.path().join(name)).unwrap();
        file.set_len(kept).unwrap();
        assert_eq!(bytes[99_999], 0);
        assert_eq!(bytes[50_000], 0, "an earlier page fails by itself");
        assert!(bytes[..usize::try_from(kept).unwrap()].iter().all(|&byte| byte == 7));
        // Pages of the other tests may be lost meanwhile.
        assert!(lost_pages() >= before + 2);
        assert!(bytes[usize::try_from(kept).unwrap()..].iter().all(|&byte| byte == 0));
    }
}

const CHILD: &str = "TRACED_TEST_BUS_ERROR";

#[test]
fn a_bus_error_elsewhere_ends_the_process_as_ever() {
    use std::os::unix::process::ExitStatusExt as _;
    if std::env::var_os(CHILD).is_some() {
        let folder = TempDir::new().unwrap();
        let disk = RealDisk::open(folder.path()).unwrap();
        put(&disk, "a", b"installs the handler");
        drop(disk.open("a").unwrap());
        nix::sys::signal::raise(nix::sys::signal::Signal::SIGBUS).unwrap();
        return;
    }
    let test = "disk::tests::a_bus_error_elsewhere_ends_the_process_as_ever";
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    let status = child.args(["--exact", test]).env(CHILD, "1").output().unwrap().status;
    assert_eq!(status.signal(), Some(nix::sys::signal::Signal::SIGBUS as i32), "{status}");
}
