//! Measures what a process uses: processor, memory, disk.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use nix::time::{ClockId, clock_gettime};

const QUIET_FOR: Duration = Duration::from_millis(500);
/// The processor time that an idle process may use: threads of the allocator, and the measurement.
const QUIET_MICROS_MAX: f64 = 5_000.0;

/// Microseconds of all threads since the start, in user and kernel mode.
pub(crate) fn cpu_micros() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_SELF).expect("the kernel counts");
    to_f64(usage.user_time().num_microseconds() + usage.system_time().num_microseconds())
}

/// Microseconds of this thread alone.
pub(crate) fn thread_cpu_micros() -> f64 {
    let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("the kernel counts");
    to_f64(time.num_nanoseconds()) / 1e3
}

pub(crate) fn peak_resident_bytes() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_SELF).expect("the kernel counts");
    to_f64(usage.max_rss()) * 1024.0
}

/// Bytes that the files of a folder take on the disk, holes left out.
pub(crate) fn disk_bytes(folder: &Path) -> f64 {
    let entries = fs::read_dir(folder).expect("the folder is there");
    entries
        .map(|entry| {
            let entry = entry.expect("the folder can be read");
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            // The store may remove a file at this moment.
            let bytes = |file: fs::Metadata| file.blocks() * 512;
            if is_folder { disk_bytes(&entry.path()) } else { entry.metadata().map_or(0, bytes) as f64 }
        })
        .sum()
}

/// Waits until the threads in the background are idle.
pub(crate) fn wait_until_quiet() {
    loop {
        let before = cpu_micros();
        std::thread::sleep(QUIET_FOR);
        if cpu_micros() - before < QUIET_MICROS_MAX {
            return;
        }
    }
}

/// The value that this share of the sorted values does not exceed.
pub(crate) fn percentile(sorted: &[f64], part: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * part) as usize]
}

fn to_f64(count: i64) -> f64 {
    count as f64
}
