//! The resources that this process uses.

use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

/// Returns the processor time that all threads of this process have used since it started, in user and kernel mode.
pub fn cpu_time() -> Duration {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else { return Duration::ZERO };
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

/// Returns the resident memory in bytes, if the system reports it (Linux).
#[expect(clippy::disallowed_methods, reason = "the kernel's own files, not the store's")]
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read("/proc/self/status").ok()?;
    let status = String::from_utf8(status).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Asks the kernel not to use huge pages for this process. With huge pages, memory that is returned and used again is
/// cleared two megabytes at a time. By a measurement, that took half of the kernel's time for a batch.
pub fn keep_pages_small() {
    #[cfg(target_os = "linux")]
    {
        // An old kernel refuses this. The process then works as well, only slower.
        let _unsupported = nix::sys::prctl::set_thp_disable(true);
    }
}
