//! A disk that lets other threads run during its operations.

use std::io;

use platform::disk::{AppendFile, Disk, FileBytes, FileEntry};
use shuttle::rand::{RngCore as _, thread_rng};
use shuttle::sync::atomic::{AtomicBool, Ordering};
use shuttle::thread::yield_now;

/// Another disk, during whose operations other threads go on.
#[derive(Clone, Default)]
pub struct SlowDisk<D>(pub D);

struct SlowFile(Box<dyn AppendFile>);

/// Lets others go on, or only lets the scheduler choose who does. A yield takes the thread's priority away, so with
/// yields alone a thread with an operation of the disk in the middle never overtakes another one as a whole.
fn pause() {
    if thread_rng().next_u64().is_multiple_of(2) {
        yield_now();
    } else {
        AtomicBool::new(false).load(Ordering::SeqCst);
    }
}

/// Does `work` between two pauses.
fn slowly<T>(work: impl FnOnce() -> T) -> T {
    pause();
    let result = work();
    pause();
    result
}

impl<D: Disk> Disk for SlowDisk<D> {
    fn list(&self) -> io::Result<Vec<FileEntry>> {
        slowly(|| self.0.list())
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn AppendFile>> {
        let file = slowly(|| self.0.create(name))?;
        Ok(Box::new(SlowFile(file)))
    }

    fn open(&self, name: &str) -> io::Result<FileBytes> {
        slowly(|| self.0.open(name))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        slowly(|| self.0.rename(from, to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        slowly(|| self.0.remove(name))
    }

    fn sync_folder(&self) -> io::Result<()> {
        slowly(|| self.0.sync_folder())
    }

    fn available_bytes(&self) -> Option<u64> {
        self.0.available_bytes()
    }
}

impl AppendFile for SlowFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        slowly(|| self.0.append(bytes))
    }

    fn sync(&mut self) -> io::Result<()> {
        slowly(|| self.0.sync())
    }
}
