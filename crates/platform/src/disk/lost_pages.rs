//! Files in memory whose bytes the disk cannot give any more.
//!
//! A mapped file is read when a page of it is touched. If the device cannot read the page, or the file has become shorter,
//! the system sends `SIGBUS`, which ends the process: one bad sector would end every server that reads it, and every start.
//! Here such a page becomes a page of zeros, and is counted. Whoever reads files has checksums, and asks
//! [`lost_pages`] whether what was read before is still what was checked.

use std::io;
use std::ops::Range;
use std::ptr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use nix::libc::{c_int, c_void, siginfo_t};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use parking_lot::Mutex;
use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};

/// Limit: files that are mapped at one time. Linux allows about as many by default (`vm.max_map_count`).
const FILES_MAX: usize = 1 << 16;
/// How many bits of a place are the number of its pages; the others are the number of the first page.
const LENGTH_BITS: u32 = 28;
const FREE: u64 = 0;

/// Where files are mapped. A place is one number, so that the signal handler reads the whole of it or nothing of it.
static PLACES: [AtomicU64; FILES_MAX] = [const { AtomicU64::new(FREE) }; FILES_MAX];
/// Places from this one on were never used.
static PLACES_USED: AtomicUsize = AtomicUsize::new(0);
/// How many pages were replaced.
static LOST: AtomicU64 = AtomicU64::new(0);
/// The size of a page; 0 until the handler is installed.
static PAGE_BYTES: AtomicUsize = AtomicUsize::new(0);

/// The places that are free again, below [`PLACES_USED`].
static FREE_PLACES: Mutex<Vec<usize>> = Mutex::new(Vec::new());

/// Returns how often bytes of mapped files were lost so far. While the number stays the same, what was read is what the
/// files have.
pub fn lost_pages() -> u64 {
    // Acquire: whoever has read a zero of a lost page finds it counted, because the handler counts before it maps.
    LOST.load(Ordering::Acquire)
}

/// The entry of one mapped file, from before it is read until it is unmapped.
#[derive(Debug)]
pub(super) struct Place(usize);

impl Place {
    /// Enters a map into the table.
    pub(super) fn enter(map: &[u8]) -> io::Result<Self> {
        let page_bytes = install()?;
        let pages = page_numbers(map.as_ptr().addr()..map.as_ptr().addr() + map.len(), page_bytes);
        let place = packed(&pages).ok_or_else(|| io::Error::other("the file is too large to be mapped"))?;
        let mut free = FREE_PLACES.lock();
        let number = free.pop().or_else(|| {
            let used = PLACES_USED.load(Ordering::Relaxed);
            (used < FILES_MAX).then(|| PLACES_USED.fetch_add(1, Ordering::Release))
        });
        drop(free);
        let number = number.ok_or_else(|| io::Error::other("too many files are mapped"))?;
        PLACES[number].store(place, Ordering::Release);
        Ok(Self(number))
    }
}

impl Drop for Place {
    /// Order: before the file is unmapped. Afterwards the system may put something else there.
    fn drop(&mut self) {
        PLACES[self.0].store(FREE, Ordering::Release);
        FREE_PLACES.lock().push(self.0);
    }
}

fn page_numbers(addresses: Range<usize>, page_bytes: usize) -> Range<u64> {
    (addresses.start / page_bytes) as u64..addresses.end.div_ceil(page_bytes) as u64
}

fn packed(pages: &Range<u64>) -> Option<u64> {
    let length = pages.end - pages.start;
    let fits = pages.start > 0 && pages.start >> (u64::BITS - LENGTH_BITS) == 0 && length >> LENGTH_BITS == 0;
    fits.then_some(pages.start << LENGTH_BITS | length)
}

fn unpacked(place: u64) -> Range<u64> {
    let start = place >> LENGTH_BITS;
    start..start + (place & ((1 << LENGTH_BITS) - 1))
}

/// Installs the handler, once. Returns the size of a page.
#[expect(unsafe_code, reason = "a signal handler is the only way to survive a page that cannot be read")]
fn install() -> io::Result<usize> {
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = INSTALLING.lock();
    let known = PAGE_BYTES.load(Ordering::Relaxed);
    if known != 0 {
        return Ok(known);
    }
    let page_bytes = rustix::param::page_size();
    PAGE_BYTES.store(page_bytes, Ordering::Release);
    // On the stack for signals, because the handler of a thread that has used up its own would fail.
    let flags = SaFlags::SA_SIGINFO | SaFlags::SA_ONSTACK;
    let action = SigAction::new(SigHandler::SigAction(on_bus_error), flags, SigSet::empty());
    // SAFETY: the handler does only what is allowed in one; see `on_bus_error`. The action that it replaces is the
    // default one, or that of Rust's runtime, which does as the default one does for addresses that are no guard page of
    // a stack. On Linux the guard pages raise another signal.
    let replaced = unsafe { sigaction(Signal::SIGBUS, &action) };
    if let Err(error) = replaced {
        PAGE_BYTES.store(0, Ordering::Release);
        return Err(error.into());
    }
    Ok(page_bytes)
}

/// Replaces the rest of a mapped file by zeros, from the page on that could not be read; other faults end the process, as
/// they would without this handler.
///
/// It runs in the thread that has touched the page, at any instruction, so it may only do what is safe in a signal
/// handler: it takes no lock, allocates nothing, and calls nothing that might. It reads and changes atomics, and makes
/// two system calls that touch no state of this process beside what they are for: `mmap`, which `rustix` calls without
/// the C library on Linux, and `sigaction`, which POSIX names as safe.
#[expect(unsafe_code, reason = "a signal handler gets a pointer, and changes what is mapped")]
extern "C" fn on_bus_error(_signal: c_int, info: *mut siginfo_t, _context: *mut c_void) {
    // SAFETY: with `SA_SIGINFO` the kernel passes a pointer to a value that lives until the handler returns.
    let info = unsafe { &*info };
    // Positive: the kernel says where the fault was. Others are signals that a process has sent.
    if info.si_code > 0 {
        // SAFETY: the field is there for a fault.
        let address = unsafe { info.si_addr() }.addr();
        if replace_rest_of_file(address) {
            return;
        }
    }
    give_up();
}

/// Returns false if no file is mapped at the address, or the system refuses.
#[expect(unsafe_code, reason = "it changes what is mapped")]
fn replace_rest_of_file(address: usize) -> bool {
    let page_bytes = PAGE_BYTES.load(Ordering::Acquire);
    if page_bytes == 0 {
        return false;
    }
    let page = (address / page_bytes) as u64;
    let places = PLACES.iter().take(PLACES_USED.load(Ordering::Acquire));
    // The thread that touches a file keeps it mapped meanwhile, so the entry of that file does not change here. Entries of
    // other files may change; each is read at once, and none of them ever contains this page.
    let mut files = places.map(|place| unpacked(place.load(Ordering::Acquire)));
    let Some(file) = files.find(|file| file.contains(&page)) else { return false };
    // Order: before a zero can be read.
    LOST.fetch_add(1, Ordering::AcqRel);
    let rest = usize::try_from(file.end - page).unwrap_or(1);
    let start = ptr::without_provenance_mut::<c_void>(address / page_bytes * page_bytes);
    // SAFETY: the range is the rest of a file that is mapped read-only and stays so until its owner drops it, and the owner
    // is being read, so it is not dropped meanwhile. Its addresses stay readable; the owner unmaps them later. Readers of
    // the slice find other bytes than before: each load gives the byte of the file or zero, and they use what they have
    // loaded, with checks of every offset. What they make of it is thrown away, because `lost_pages` has changed.
    let mapped = unsafe {
        mmap_anonymous(start, rest * page_bytes, ProtFlags::READ, MapFlags::PRIVATE | MapFlags::FIXED)
    };
    mapped.is_ok()
}

/// Restores the default action. The instruction that has failed runs again, and ends the process.
#[expect(unsafe_code, reason = "it changes the action of a signal")]
fn give_up() {
    let default = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
    // SAFETY: the default action runs no code of this process.
    let _nothing_else_can_be_done = unsafe { sigaction(Signal::SIGBUS, &default) };
    // A fault comes again by itself. A signal that was sent does not; it waits until the handler returns.
    let _it_comes_again_by_itself = nix::sys::signal::raise(Signal::SIGBUS);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_one_number_and_has_nothing_that_is_not_in_it() {
        for pages in [1..2, 0x7_ffff_ffff..0x7_ffff_ffff + 5, 12..12 + (1 << LENGTH_BITS) - 1] {
            assert_eq!(packed(&pages).map(unpacked), Some(pages));
        }
        assert_eq!(packed(&(1..2 + (1 << LENGTH_BITS))), None);
        assert!(unpacked(FREE).is_empty());
    }

    #[test]
    fn every_page_that_a_file_touches_is_in_its_place() {
        assert_eq!(page_numbers(8192..8193, 4096), 2..3);
        assert_eq!(page_numbers(8192..16384, 4096), 2..4);
    }
}
