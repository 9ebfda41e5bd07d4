//! A folder of the file system, used by one process at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use thiserror::Error;

use super::{AppendFile, Disk, FileBytes, FileEntry, check_name};

/// The file whose lock shows that a process uses the folder. When the process ends, the system releases the lock, but
/// the file stays.
const LOCK: &str = "lock";
/// Limit: bytes to read of the lock file, which contains a process id in decimal digits.
const PID_BYTES_MAX: u64 = 16;

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

/// A folder of the file system. No other process can use it while this value lives.
#[derive(Debug)]
pub struct RealDisk {
    folder: PathBuf,
    /// Kept open, so that a sync of the names needs no free file descriptor.
    handle: File,
    _lock: File,
}

impl RealDisk {
    /// Locks the folder for this process, and creates it if it does not exist. Fails with [`OpenError::InUse`] if
    /// another process has locked it.
    #[expect(clippy::disallowed_methods, reason = "the one place that opens the store's folder")]
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let at = |source| OpenError::Folder { folder: folder.to_owned(), source };
        create_folder(folder).map_err(at)?;
        let lock = lock(folder)?;
        let handle = File::open(folder).map_err(at)?;
        Ok(Self { folder: folder.to_owned(), handle, _lock: lock })
    }

    fn path(&self, name: &str) -> io::Result<PathBuf> {
        check_name(name)?;
        if name == LOCK {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the name \"lock\" is reserved for the folder's lock file",
            ));
        }
        Ok(self.folder.join(name))
    }
}

/// Creates the folder and its parents, so that their names survive a power cut.
#[expect(clippy::disallowed_methods, reason = "the one place that makes the store's folder")]
fn create_folder(folder: &Path) -> io::Result<()> {
    let folder = std::path::absolute(folder)?;
    let missing: Vec<&Path> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
    fs::create_dir_all(&folder)?;
    for parent in missing.iter().filter_map(|folder| folder.parent()) {
        File::open(parent)?.sync_all()?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the one place that locks the store's folder")]
fn lock(folder: &Path) -> Result<File, OpenError> {
    let at = |source| OpenError::Lock { folder: folder.to_owned(), source };
    let mut options = OpenOptions::new();
    // Not truncated: until this process has the lock, the id in the file is that of another process.
    let options = options.read(true).write(true).create(true).truncate(false);
    let mut lock = options.open(folder.join(LOCK)).map_err(at)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(OpenError::InUse { folder: folder.to_owned(), pid: pid_in(&lock) });
        }
        Err(TryLockError::Error(error)) => return Err(at(error)),
    }
    lock.set_len(0).map_err(at)?;
    writeln!(lock, "{}", std::process::id()).map_err(at)?;
    Ok(lock)
}

fn pid_in(lock: &File) -> Option<u32> {
    let mut text = String::new();
    lock.take(PID_BYTES_MAX).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

impl Disk for RealDisk {
    #[expect(clippy::disallowed_methods, reason = "the one place that lists the store's folder")]
    fn list(&self) -> io::Result<Vec<FileEntry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            match entry.metadata() {
                Ok(_) if name == LOCK => {}
                Ok(metadata) => entries.push(FileEntry { name, bytes: metadata.len() }),
                // The file was removed after its name was read.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        entries.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that creates the store's files")]
    fn create(&self, name: &str) -> io::Result<Box<dyn AppendFile>> {
        let file = OpenOptions::new().append(true).create_new(true).open(self.path(name)?)?;
        Ok(Box::new(RealFile(file)))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that opens the store's files")]
    fn open(&self, name: &str) -> io::Result<FileBytes> {
        let file = File::open(self.path(name)?)?;
        if file.metadata()?.len() == 0 {
            // The system cannot map an empty file.
            return Ok(Vec::new().into());
        }
        Ok(FileBytes::mapped(map(&file)?))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that renames the store's files")]
    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path(from)?, self.path(to)?)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that removes the store's files")]
    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path(name)?)
    }

    fn sync_folder(&self) -> io::Result<()> {
        self.handle.sync_all()
    }
}

#[expect(unsafe_code, reason = "a map is a promise about the file, which the lock and this module keep")]
fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the bytes of a map must not change or disappear while it lives. Files of a `Disk` only grow at their
    // end: `create` never replaces a file, `AppendFile` only appends, nothing truncates, and the bytes of a removed
    // file stay until the map is dropped. The lock on the folder keeps other processes out.
    unsafe { Mmap::map(file) }
}

struct RealFile(File);

impl AppendFile for RealFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }
}
