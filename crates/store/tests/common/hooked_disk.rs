//! A disk that calls a test before it creates a file of a segment.

use std::io;
use std::sync::Arc;

use platform::disk::{AppendFile, Disk, FileBytes, FileEntry};
use testkit::SimDisk;

/// Clones are the same disk.
#[derive(Clone)]
pub(crate) struct HookedDisk {
    pub(crate) disk: SimDisk,
    before_segment: Arc<dyn Fn() -> io::Result<()> + Send + Sync>,
}

impl HookedDisk {
    /// `before_segment` may block, or make the creation fail.
    pub(crate) fn new(
        disk: SimDisk,
        before_segment: impl Fn() -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self { disk, before_segment: Arc::new(before_segment) }
    }
}

impl Disk for HookedDisk {
    fn list(&self) -> io::Result<Vec<FileEntry>> {
        self.disk.list()
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn AppendFile>> {
        if name.contains(".segment") {
            (self.before_segment)()?;
        }
        self.disk.create(name)
    }

    fn open(&self, name: &str) -> io::Result<FileBytes> {
        self.disk.open(name)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.disk.remove(name)
    }

    fn sync_folder(&self) -> io::Result<()> {
        self.disk.sync_folder()
    }
}
