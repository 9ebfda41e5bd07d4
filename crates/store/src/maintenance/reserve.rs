//! Space on the disk that is kept for giving space back: a full disk takes no segment, and without one nothing could be
//! evicted.

use std::io;
use std::sync::Arc;

use platform::disk::{Disk, FileEntry};

use crate::disk_space::{DiskSpace, OtherFiles};

/// The name of the file.
pub(crate) const RESERVE: &str = "space.reserve";

/// The first bytes of the file. A file of that name without them is not ours.
const MARK: [u8; 8] = *b"TRCDRSV\0";
/// Limit: bytes that are written at once.
const PART_BYTES: u64 = 256 * 1024;
/// Limit: the reserve is made when this many times its size is left on the volume, so that making it fills nothing.
const ROOM_TIMES: u64 = 3;

/// Limit: the reserve is made when the store has at least this part of its size. Less is not worth a reserve.
const CONTENT_PARTS: u64 = 16;

/// A file that is removed when something cannot be written for lack of space, and made again when there is room. It is
/// kept only on a disk that tells how much room it has.
pub(crate) struct Reserve {
    disk: Arc<dyn Disk>,
    space: Arc<DiskSpace>,
    state: State,
}

#[derive(PartialEq, Eq)]
enum State {
    Absent,
    Held {
        bytes: u64,
    },
    /// Somebody else's file has the name.
    Foreign,
}

impl Reserve {
    /// Takes over the file that an earlier process has left.
    pub(crate) fn new(disk: &Arc<dyn Disk>, space: &Arc<DiskSpace>, found: Option<&FileEntry>) -> Self {
        let is_ours = |bytes: &[u8]| bytes.is_empty() || bytes.starts_with(&MARK);
        let state = match found {
            None => State::Absent,
            Some(entry) if disk.open(RESERVE).is_ok_and(|bytes| is_ours(&bytes)) => {
                State::Held { bytes: entry.bytes }
            }
            Some(_) => State::Foreign,
        };
        let reserve = Self { disk: Arc::clone(disk), space: Arc::clone(space), state };
        space.add(OtherFiles::Reserve, reserve.bytes());
        reserve
    }

    fn bytes(&self) -> u64 {
        if let State::Held { bytes } = self.state { bytes } else { 0 }
    }

    /// Notes how much room the disk has.
    pub(super) fn measure(&self) {
        self.space.note_available(self.disk.available_bytes());
    }

    /// Makes the reserve if it is absent or too small, and there is room. Returns true if it was made now: then the disk
    /// can be written.
    pub(super) fn keep(&mut self) -> bool {
        let available = self.disk.available_bytes();
        let wanted = self.space.reserve_bytes();
        let has_room = available.is_some_and(|available| available / ROOM_TIMES >= wanted)
            && self.space.bytes() >= wanted / CONTENT_PARTS;
        if !has_room || self.state == State::Foreign || self.bytes() >= wanted / 2 {
            return false;
        }
        self.give_up();
        let filled = self.fill(wanted);
        match &filled {
            Ok(()) => self.hold(wanted),
            // It will be tried again when the disk has room, or can be written.
            Err(_) => drop(self.disk.remove(RESERVE)),
        }
        filled.is_ok()
    }

    /// Gives the space to others. Returns false if there is none.
    pub(super) fn give_up(&mut self) -> bool {
        let State::Held { bytes } = self.state else { return false };
        if self.disk.remove(RESERVE).is_err() {
            return false;
        }
        self.space.remove(OtherFiles::Reserve, bytes);
        self.state = State::Absent;
        true
    }

    fn hold(&mut self, bytes: u64) {
        self.space.add(OtherFiles::Reserve, bytes);
        self.state = State::Held { bytes };
    }

    /// The bytes are such that a file system that compresses files gives them as much space as others.
    fn fill(&self, bytes: u64) -> io::Result<()> {
        let mut file = self.disk.create(RESERVE)?;
        file.append(&MARK)?;
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut left = bytes - MARK.len() as u64;
        while left > 0 {
            let part = left.min(PART_BYTES);
            let words = (0..part.div_ceil(8)).flat_map(|_| {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                random.to_le_bytes()
            });
            let words: Vec<u8> = words.collect();
            file.append(&words[..usize::try_from(part).expect("a part is small")])?;
            left -= part;
        }
        file.sync()
    }
}
