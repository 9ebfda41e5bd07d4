//! Keeps other processes out of a folder.
//!
//! The folder itself is locked, not only a file in it: who deletes the folder and makes it again gets another one, with
//! a lock of its own, and the process that has the old one cannot reach it (`real.rs`).

use std::fs::{DirBuilder, File};
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, Mode, OFlags, flock, openat};
use thiserror::Error;

/// The file that has the id of the process that uses the folder. It stays when the process ends. It is locked as well,
/// because earlier versions lock only this file.
pub(super) const LOCK: &str = "lock";
/// Limit: bytes to read of the lock file, which contains a process id in decimal digits.
const PID_BYTES_MAX: u64 = 16;

/// Spans are private: nobody else may read the files, or see their names.
pub(super) const FILE_MODE: Mode = Mode::RUSR.union(Mode::WUSR);
const FOLDER_MODE: u32 = 0o700;

/// Why a folder cannot be used.
#[derive(Debug, Error)]
pub enum OpenError {
    #[error("cannot use the folder {}: {source}", folder.display())]
    Folder { folder: PathBuf, source: io::Error },
    #[error("cannot lock the folder {}: {source}", folder.display())]
    Lock { folder: PathBuf, source: io::Error },
    #[error("the folder {} is in use by another process{}", folder.display(), id_of(*pid))]
    InUse { folder: PathBuf, pid: Option<u32> },
}

fn id_of(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" (process id {pid})"))
}

/// The open folder. The system releases its locks when the process ends.
#[derive(Debug)]
pub(super) struct LockedFolder {
    pub(super) handle: File,
    _lock: Option<File>,
}

impl LockedFolder {
    /// Opens and locks the folder, and creates it if it does not exist.
    #[expect(clippy::disallowed_methods, reason = "the one place that opens the store's folder")]
    pub(super) fn open(folder: &Path) -> Result<Self, OpenError> {
        let at = |source| OpenError::Folder { folder: folder.to_owned(), source };
        create(folder).map_err(at)?;
        let handle = File::open(folder).map_err(at)?;
        let in_use = |pid| OpenError::InUse { folder: folder.to_owned(), pid };
        let has_handle = try_lock(&handle).map_err(|error| match error {
            None => in_use(pid_of_user(&handle)),
            Some(source) => OpenError::Lock { folder: folder.to_owned(), source },
        });
        let lock = match lock_file(&handle) {
            Ok(lock) => Some(lock),
            Err(LockFileError::InUse(pid)) => return Err(in_use(pid)),
            // A folder without room, or one that nobody may write to, can still be read.
            Err(LockFileError::Unusable(_)) if has_handle.is_ok() => None,
            Err(LockFileError::Unusable(source)) => {
                return Err(OpenError::Lock { folder: folder.to_owned(), source });
            }
        };
        // Some network file systems lock files, but no folders.
        if let Err(error @ OpenError::InUse { .. }) = has_handle {
            return Err(error);
        }
        let opened = Self { handle, _lock: lock };
        if !opened.is_at(folder) {
            return Err(at(io::Error::other("it was replaced while it was being opened; try again")));
        }
        Ok(opened)
    }

    /// Whether this path still leads to the folder.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        let (Ok(here), Ok(there)) = (self.handle.metadata(), std::fs::metadata(path)) else { return false };
        (here.dev(), here.ino()) == (there.dev(), there.ino())
    }
}

/// Creates the folder and its parents, so that their names survive a power cut.
#[expect(clippy::disallowed_methods, reason = "the one place that makes the store's folder")]
fn create(folder: &Path) -> io::Result<()> {
    let folder = std::path::absolute(folder)?;
    let missing: Vec<&Path> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
    if missing.is_empty() {
        return if folder.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotADirectory.into()) };
    }
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent)?;
    }
    match DirBuilder::new().mode(FOLDER_MODE).create(&folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
        created => created?,
    }
    for parent in missing.iter().filter_map(|folder| folder.parent()) {
        File::open(parent)?.sync_all()?;
    }
    Ok(())
}

/// Fails with `None` if another process has the lock.
fn try_lock(file: &File) -> Result<(), Option<io::Error>> {
    flock(file, FlockOperation::NonBlockingLockExclusive).map_err(|error| {
        let error = io::Error::from(error);
        (error.kind() != io::ErrorKind::WouldBlock).then_some(error)
    })
}

enum LockFileError {
    InUse(Option<u32>),
    /// It cannot be made, written or locked.
    Unusable(io::Error),
}

fn lock_file(folder: &File) -> Result<File, LockFileError> {
    let open = |flags| openat(folder, LOCK, flags | OFlags::CLOEXEC | OFlags::NONBLOCK, FILE_MODE);
    // Not truncated: until this process has the lock, the id in the file is that of another process.
    let opened = open(OFlags::RDWR | OFlags::CREATE).or_else(|_| open(OFlags::RDONLY));
    let lock = File::from(opened.map_err(|error| LockFileError::Unusable(error.into()))?);
    match try_lock(&lock) {
        Ok(()) => {
            note_pid(&lock);
            Ok(lock)
        }
        Err(None) => Err(LockFileError::InUse(pid_in(lock))),
        Err(Some(error)) => Err(LockFileError::Unusable(error)),
    }
}

/// Writes the id of this process into the file. It is only for people, so a full disk is no reason to fail.
#[expect(clippy::disallowed_methods, reason = "the lock file is no file of the store: it changes in place")]
fn note_pid(lock: &File) {
    let line = format!("{}\n", std::process::id());
    // In this order, because a file that is made empty first needs new space.
    let _for_people = lock.write_all_at(line.as_bytes(), 0).and_then(|()| lock.set_len(line.len() as u64));
}

fn pid_of_user(folder: &File) -> Option<u32> {
    let lock = openat(folder, LOCK, OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK, Mode::empty());
    pid_in(File::from(lock.ok()?))
}

fn pid_in(lock: File) -> Option<u32> {
    let mut text = String::new();
    lock.take(PID_BYTES_MAX).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
