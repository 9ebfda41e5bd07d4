//! The content of a file.

use std::fmt;
use std::io;
use std::ops::Deref;
use std::sync::Arc;

use memmap2::Mmap;

use super::lost_pages::Place;

/// The content of a file: cheap to clone, and read as a slice.
#[derive(Clone)]
pub struct FileBytes(Content);

#[derive(Clone)]
enum Content {
    Mapped(Arc<MappedFile>),
    /// A vector and not a slice, so that a disk in memory shares its content instead of copying it.
    Held(Arc<Vec<u8>>),
}

struct MappedFile {
    // Fields are dropped in their order: the entry goes before the map.
    _place: Place,
    map: Mmap,
}

impl FileBytes {
    /// Fails if too many files are mapped.
    pub(super) fn mapped(map: Mmap) -> io::Result<Self> {
        Ok(Self(Content::Mapped(Arc::new(MappedFile { _place: Place::enter(&map)?, map }))))
    }
}

impl From<Arc<Vec<u8>>> for FileBytes {
    fn from(bytes: Arc<Vec<u8>>) -> Self {
        Self(Content::Held(bytes))
    }
}

impl From<Vec<u8>> for FileBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(Arc::new(bytes))
    }
}

impl Deref for FileBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Content::Mapped(file) => &file.map,
            Content::Held(bytes) => bytes,
        }
    }
}

impl AsRef<[u8]> for FileBytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Debug for FileBytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "FileBytes({} bytes)", self.len())
    }
}
