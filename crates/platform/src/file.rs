//! Small files that are read and written as a whole.

use std::fs::{File, rename};
use std::io::{self, Read, Write};
use std::path::Path;

/// Reads a whole file. Fails with `FileTooLarge` if it has more than `bytes_max` bytes; it then reads only one byte
/// more than the limit.
#[expect(clippy::disallowed_methods, reason = "the one place that reads whole files")]
pub fn read_whole(path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > bytes_max {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("the file is larger than {bytes_max} bytes"),
        ));
    }
    Ok(bytes)
}

/// Writes `bytes` to `path` atomically: a reader sees the old file or the complete new one, also after a crash.
#[expect(clippy::disallowed_methods, reason = "the one place that writes whole files")]
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".tmp");
    let mut file = File::create(&draft)?;
    file.write_all(bytes)?;
    // Order: the bytes are synced before the rename. Otherwise a power cut could leave an empty file under the name.
    file.sync_all()?;
    rename(&draft, path)
}
