//! The resources that this process uses.

use std::time::Duration;

use nix::sys::resource::{RLIM_INFINITY, Resource, UsageWho, getrlimit, getrusage, setrlimit};
use nix::sys::time::TimeValLike as _;

/// Limit: open files, where the system names none.
const OPEN_FILES_WITHOUT_LIMIT: u64 = 10_240;

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

/// Raises the soft limit of open files to the hard one, and returns what it is then. The soft limit is low for the sake of
/// programs that use `select`, which cannot take more than 1024.
pub fn raise_open_files_max() -> Option<u64> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).ok()?;
    // Where there is no hard limit, macOS refuses more than this.
    let wanted = if hard == RLIM_INFINITY { OPEN_FILES_WITHOUT_LIMIT.max(soft) } else { hard };
    match setrlimit(Resource::RLIMIT_NOFILE, wanted, hard) {
        Ok(()) => Some(wanted),
        Err(_) => Some(soft),
    }
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
